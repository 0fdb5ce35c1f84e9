"""The schema registry that records in Avro and Protobuf name their schemas in."""

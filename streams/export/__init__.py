"""Alerts for systems that do not read Kafka: as a signed webhook or as lines, in our form, OCSF or ECS."""

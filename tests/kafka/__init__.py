"""A real Apache Kafka for the tests, from Maven artifacts and without containers."""

"""Kafka, Faust, HTTP: everything with a wire or a clock."""

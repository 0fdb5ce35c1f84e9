"""The records of each topic, as JSON."""

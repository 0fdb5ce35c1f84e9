"""What stands on each topic, as JSON."""

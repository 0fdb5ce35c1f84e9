"""ISO 20022 messages, as XML and as JSON."""

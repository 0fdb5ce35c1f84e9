"""Everything that speaks to a broker: topics, connection, reading, provisioning, the embedded broker."""

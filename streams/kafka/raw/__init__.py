"""Topics as their batches: read without a client that unpacks whatever it is sent."""

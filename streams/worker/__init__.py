"""One Faust worker: its services, the desk, delivery, health and metrics."""

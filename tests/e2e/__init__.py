"""The whole pipeline on a real Kafka: workers as processes, known answers, every id reconciled."""

"""Lists, payments and policies from files, without Kafka."""

"""The one place that knows private names of Faust and aiokafka."""

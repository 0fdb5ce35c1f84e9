"""The customer book under screening: a service beside the workers, with a consumer group of its own."""

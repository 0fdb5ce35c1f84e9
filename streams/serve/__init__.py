"""Screening over HTTP: `interdict serve`, for systems that do not speak Kafka.

The list, its proof and the screening are a worker's own; only the payment comes in a request and the decision
goes back in the response.
"""

"""One call in place of topics: `interdict serve`, for those without Kafka on their side.

The list, its proof and the screening are a worker's own; only the payment comes by HTTP and the decision goes
back as the answer.
"""

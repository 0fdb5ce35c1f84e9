"""A histogram that is told of a whole batch shows what one shows that is told of each value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from streams.metrics import MetricsIn

EDGES = (0.001, 0.01, 0.1, 1.0)
AMOUNTS = st.lists(st.one_of(st.sampled_from(EDGES), st.floats(0, 5)), max_size=50)


@given(AMOUNTS)
def test_a_batch_is_counted_as_its_values_are_one_by_one(amounts: list[float]) -> None:
    registry = CollectorRegistry()
    new = MetricsIn(registry)
    batched, single = new.batched("batched", "", EDGES), new.histogram("single", "", EDGES)

    batched.observe_all(amounts)
    for amount in amounts:
        single.observe(amount)

    edges = [*map(str, EDGES), "+Inf"]
    for edge in edges:
        of_batch = registry.get_sample_value("interdict_batched_bucket", {"le": edge})
        assert of_batch == registry.get_sample_value("interdict_single_bucket", {"le": edge})
    total = registry.get_sample_value("interdict_batched_sum")
    assert total == pytest.approx(registry.get_sample_value("interdict_single_sum"))

"""The model and a real Kafka, told the same stories. More of them: `python -m tests.simulation.contract`."""

import pytest

from tests.simulation.contract import KINDS, difference, impatient, on_kafka, on_model, script


@pytest.mark.kafka
@pytest.mark.parametrize("seed", [2])
def test_the_model_says_of_a_story_what_kafka_says(kafka: str, seed: int) -> None:
    """Overtaken and broken publications, records without a claim, deleted records: every offset agrees."""
    with impatient():
        assert difference(seed, on_model(seed), on_kafka(kafka, seed)) == ""


def test_a_script_has_every_kind_of_step_somewhere() -> None:
    assert {step.what for seed in range(50) for step in script(seed)} == set(KINDS)

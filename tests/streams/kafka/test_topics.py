"""What the topics promise, in numbers that stand here by themselves: days, bytes, partitions."""

import pytest

from streams.kafka import topics as specs
from streams.kafka.topics import ALL, USUAL, Topics, TopicSpec, wanted

HOUR, DAY = 3_600_000, 86_400_000
LOG = {
    "cleanup.policy": "delete",
    "retention.ms": 35 * DAY,
    "retention.bytes": -1,
    "max.message.bytes": 8_388_608,
}
"""35 days: a lookback over 30 finds every payment, and a policy's longest window reaches no further. A limit
in bytes would end them sooner."""
TABLE = {
    "cleanup.policy": "compact",
    "max.message.bytes": 8_388_608,
    "min.cleanable.dirty.ratio": 0.1,
    "segment.ms": HOUR,
    "max.compaction.lag.ms": DAY,
    "delete.retention.ms": 7 * DAY,
}
DEAD = {**LOG, "max.message.bytes": 16_777_216}
PROMISED = {
    "payments": (LOG, None),
    "designations": (
        {**TABLE, "message.timestamp.type": "LogAppendTime", "min.compaction.lag.ms": 12 * HOUR},
        1,
    ),
    "designations.history": (
        {
            "cleanup.policy": "delete",
            "retention.ms": 3660 * DAY,
            "retention.bytes": -1,
            "compression.type": "zstd",
            "max.message.bytes": 8_388_608,
        },
        1,
    ),
    "screening.alerts": (LOG, None),
    "screening.decisions": (LOG, None),
    "screening.dead-letters": (DEAD, None),
    "screening.dispositions": ({**TABLE, "min.compaction.lag.ms": 12 * HOUR}, 1),
    "screening.shadow": ({**LOG, "retention.ms": 1830 * DAY}, 1),
    "screening.audit": (LOG, 1),
    "customers": (TABLE, None),
    "screening.customer-alerts": (TABLE, None),
    "screening.customer-proofs": (TABLE, 1),
    "payments.released": (DEAD, None),
    "payments.stopped": (DEAD, None),
    "screening.answers": (LOG, None),
    "screening.suggestions": (LOG, None),
    "screening.stops": (TABLE, 1),
}


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_a_topic_keeps_what_it_promises_for_as_long_as_it_promises(spec: TopicSpec) -> None:
    config, partitions = PROMISED[spec.name]

    assert spec.config == {key: str(value) for key, value in config.items()}
    assert spec.partitions == partitions


def test_every_topic_has_its_place_under_the_prefix() -> None:
    topics = Topics("t.")
    others = {"prefix", "partitions"}
    named = {getattr(topics, name) for name in vars(Topics).keys() - others if not name.startswith("_")}

    assert named == {f"t.{spec.name}" for spec in ALL} == {f"t.{name}" for name in PROMISED}


def test_partitions_are_those_of_payments_where_a_topic_needs_none_of_its_own() -> None:
    assert dict(Topics("t.").partitions(6, ALL)) == {
        f"t.{name}": own or 6 for name, (_, own) in PROMISED.items()
    }
    assert {name for name, _ in Topics().partitions(6)} == {spec.name for spec in USUAL}


def test_the_topics_of_answers_are_there_only_where_they_are_switched_on() -> None:
    off, on = ({spec.name for spec in wanted(answers=answers)} for answers in (False, True))

    assert on - off == {"payments.released", "payments.stopped", "screening.answers", "screening.stops"}
    assert not off - on


def test_each_topic_is_kept_as_it_was() -> None:
    """Brokers have them so: who changes one says how those that are there are altered."""
    made = {spec.name: dict(spec.config) | _alone(spec.partitions) for spec in specs.ALL}

    assert made == KEPT


def _alone(partitions: int | None) -> dict[str, int]:
    return {"partitions": partitions} if partitions else {}


COMPACTED = {
    "cleanup.policy": "compact",
    "max.message.bytes": "8388608",
    "min.cleanable.dirty.ratio": "0.1",
    "segment.ms": "3600000",
    "max.compaction.lag.ms": "86400000",
    "delete.retention.ms": "604800000",
}
KEPT: dict[str, dict[str, str | int]] = {
    "payments": {
        "cleanup.policy": "delete",
        "retention.ms": "3024000000",
        "retention.bytes": "-1",
        "max.message.bytes": "8388608",
    },
    "designations": {
        **COMPACTED,
        "message.timestamp.type": "LogAppendTime",
        "min.compaction.lag.ms": "43200000",
        "partitions": 1,
    },
    "designations.history": {
        "cleanup.policy": "delete",
        "retention.ms": "316224000000",
        "retention.bytes": "-1",
        "compression.type": "zstd",
        "max.message.bytes": "8388608",
        "partitions": 1,
    },
    "screening.alerts": {
        "cleanup.policy": "delete",
        "retention.ms": "3024000000",
        "retention.bytes": "-1",
        "max.message.bytes": "8388608",
    },
    "screening.decisions": {
        "cleanup.policy": "delete",
        "retention.ms": "3024000000",
        "retention.bytes": "-1",
        "max.message.bytes": "8388608",
    },
    "screening.dead-letters": {
        "cleanup.policy": "delete",
        "retention.ms": "3024000000",
        "retention.bytes": "-1",
        "max.message.bytes": "16777216",
    },
    "screening.dispositions": {
        **COMPACTED,
        "min.compaction.lag.ms": "43200000",
        "partitions": 1,
    },
    "screening.shadow": {
        "cleanup.policy": "delete",
        "retention.ms": "158112000000",
        "retention.bytes": "-1",
        "max.message.bytes": "8388608",
        "partitions": 1,
    },
    "screening.audit": {
        "cleanup.policy": "delete",
        "retention.ms": "3024000000",
        "retention.bytes": "-1",
        "max.message.bytes": "8388608",
        "partitions": 1,
    },
    "customers": {**COMPACTED},
    "screening.customer-alerts": {**COMPACTED},
    "screening.customer-proofs": {**COMPACTED, "partitions": 1},
    "screening.suggestions": {
        "cleanup.policy": "delete",
        "retention.ms": "3024000000",
        "retention.bytes": "-1",
        "max.message.bytes": "8388608",
    },
    "payments.released": {
        "cleanup.policy": "delete",
        "retention.ms": "3024000000",
        "retention.bytes": "-1",
        "max.message.bytes": "16777216",
    },
    "payments.stopped": {
        "cleanup.policy": "delete",
        "retention.ms": "3024000000",
        "retention.bytes": "-1",
        "max.message.bytes": "16777216",
    },
    "screening.answers": {
        "cleanup.policy": "delete",
        "retention.ms": "3024000000",
        "retention.bytes": "-1",
        "max.message.bytes": "8388608",
    },
    "screening.stops": {**COMPACTED, "partitions": 1},
}

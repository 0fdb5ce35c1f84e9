"""Claims about the metrics an operator relies on."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as openmetrics

from screening.decisions import Outcome
from screening.payments.model import PaymentProblem, Role
from screening.policy.rules import Action
from streams.worker.metrics import MOST_LISTS, Metrics, format_label


def fresh(now: float = 1_000_000.0) -> Metrics:
    return Metrics(CollectorRegistry(), clock=lambda: now, process=False)


def samples(metrics: Metrics) -> dict[str, float]:
    """Every sample that is not zero, as the exposition writes it."""
    lines = generate_latest(metrics.registry).decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs if float(value)}


def test_exposition_of_one_decided_payment() -> None:
    metrics = fresh()

    metrics.decided("pacs.008.001.12", Outcome.HIT)
    metrics.hit("ofac", Role.CREDITOR, Action.HOLD, score=0.97)
    metrics.acknowledged([0.004])
    metrics.dead_lettered(PaymentProblem.NOT_JSON)

    shown = samples(metrics)
    shown = {name: value for name, value in shown.items() if "_bucket" not in name and "_build" not in name}
    assert shown == {
        'interdict_payments_total{format="pacs.008",outcome="hit"}': 1,
        'interdict_hits_total{action="hold",list="ofac",role="creditor"}': 1,
        'interdict_dead_letters_total{reason="not_json"}': 1,
        "interdict_end_to_end_seconds_count": 1,
        "interdict_end_to_end_seconds_sum": 0.004,
        "interdict_hit_score_count": 1,
        "interdict_hit_score_sum": 0.97,
    }


def test_exposition_of_a_list_in_force_with_a_fixed_clock() -> None:
    metrics = fresh(now=1_000_000.0)

    metrics.list_applied("ofac", version="2023-08-16", entries=12_000, sha256="ab" * 32, published_at=999_400)
    metrics.list_behind(3)

    shown = {name: value for name, value in samples(metrics).items() if "_build" not in name}
    assert shown == {
        'interdict_designations{list="ofac"}': 12_000,
        'interdict_list_age_seconds{list="ofac"}': 600,
        'interdict_list_applied_timestamp_seconds{list="ofac"}': 1_000_000,
        'interdict_list_version_info{list="ofac",sha256="abababababab",version="2023-08-16"}': 1,
        "interdict_list_lag_records": 3,
    }


def test_a_new_list_version_replaces_the_old_series() -> None:
    metrics = fresh()

    for version in ("1", "2"):
        metrics.list_applied("un", version=version, entries=1, sha256="", published_at=0)

    versions = [name for name in samples(metrics) if "list_version" in name]
    assert versions == ['interdict_list_version_info{list="un",sha256="",version="2"}']


def test_a_list_that_is_gone_has_no_age_and_no_version() -> None:
    metrics = fresh()
    for source in ("un", "eu"):
        metrics.list_applied(source, version="1", entries=1, sha256="", published_at=0)

    metrics.list_gone("un")
    metrics.list_gone("un")

    shown = samples(metrics)
    assert [name for name in shown if 'list="un"' in name] == []
    assert 'interdict_list_age_seconds{list="eu"}' in shown


def test_series_known_beforehand_exist_at_zero() -> None:
    text = generate_latest(fresh().registry).decode()

    assert 'interdict_payments_total{format="json",outcome="clear"} 0.0' in text
    for problem in PaymentProblem:
        assert f'interdict_dead_letters_total{{reason="{problem}"}} 0.0' in text


def test_hits_of_a_list_exist_at_zero_from_its_first_entry() -> None:
    metrics = fresh()

    metrics.list_entries("eu", 5)

    assert (
        'interdict_hits_total{action="hold",list="eu",role="debtor"} 0.0'
        in generate_latest(metrics.registry).decode()
    )


def test_every_metric_has_help_and_our_prefix() -> None:
    for family in fresh().registry.collect():
        assert family.documentation.endswith("."), family.name
        assert family.name.startswith("interdict_")


def test_names_carry_base_units_only() -> None:
    for family in fresh().registry.collect():
        assert not family.name.endswith(("_ms", "_milliseconds", "_minutes", "_kilobytes"))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("json", "json"),
        ("pacs.008.001.12", "pacs.008"),
        ("MT103", "mt103"),
        ("nonsense-4711", "other"),
    ],
)
def test_format_label_is_bounded(name: str, label: str) -> None:
    assert format_label(name) == label


def test_a_publisher_of_many_lists_cannot_multiply_series() -> None:
    metrics = fresh()

    for number in range(MOST_LISTS + 50):
        metrics.list_entries(f"list-{number}", 1)

    lists = [name for name in samples(metrics) if name.startswith("interdict_designations")]
    assert len(lists) == MOST_LISTS + 1


def test_lag_of_revoked_partitions_is_not_reported() -> None:
    metrics = fresh()
    metrics.holds({0: 0, 1: 500})

    metrics.holds({0: 3})

    shown = {name: value for name, value in samples(metrics).items() if "_build" not in name}
    assert shown == {
        'interdict_consumer_lag_records{partition="0"}': 3,
        "interdict_assigned_partitions": 1,
        "interdict_rebalances_total": 2,
    }


def test_holding_the_same_partitions_is_no_rebalance() -> None:
    metrics = fresh()

    for lag in (7, 0, 5):
        metrics.holds({0: lag})

    assert samples(metrics)["interdict_rebalances_total"] == 1


def exposition(metrics: Metrics) -> str:
    shown: bytes = openmetrics(metrics.registry)  # type: ignore[no-untyped-call]  # the package says no types here
    return shown.decode()


def test_trace_id_becomes_an_exemplar_where_the_format_allows() -> None:
    metrics = fresh()

    metrics.acknowledged([0.004], trace_id="0af7651916cd43dd8448eb211c80319c")

    assert '# {trace_id="0af7651916cd43dd8448eb211c80319c"} 0.004' in exposition(metrics)


def test_a_trace_id_that_is_none_leaves_the_exposition_whole() -> None:
    metrics = fresh()

    metrics.acknowledged([0.004], trace_id="x" * 4096)

    assert "trace_id" not in exposition(metrics)

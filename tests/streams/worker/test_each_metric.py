"""One call, one sample: what each method of the metrics changes, and the edges that alerts rest on."""

from collections.abc import Callable

import pytest
from prometheus_client import CollectorRegistry

from screening.cases.dispositions import Verdict
from screening.decisions import Outcome
from screening.payments.model import PaymentProblem, Role
from screening.policy.rules import Action
from streams.worker.metrics import FORMATS, NO_PARTITION, SCHEMA_OUTCOMES, Metrics, ShadowLoss

Labels = tuple[tuple[str, str], ...]

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5)
SCREENING = (1e-05, 2.5e-05, 5e-05, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1)
EDGES = {
    "end_to_end_seconds": SECONDS,
    "designation_effective_seconds": SECONDS,
    "event_loop_lag_seconds": SECONDS,
    "payment_wait_seconds": (*SECONDS, 10.0, 60.0, 600.0),
    "screening_seconds": SCREENING,
    "candidates": (0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500),
    "hit_score": (0.7, 0.75, 0.8, 0.825, 0.85, 0.875, 0.9, 0.925, 0.95, 0.975, 0.99, 1.0),
    "batch_payments": (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000),
}


def samples(metrics: Metrics) -> dict[tuple[str, Labels], float]:
    """Every sample but the edges of histograms and the build."""
    return {
        (sample.name.removeprefix("interdict_"), tuple(sorted(sample.labels.items()))): sample.value
        for metric in metrics.registry.collect()
        for sample in metric.samples
        if not sample.name.endswith("_bucket") and not sample.name.startswith("interdict_build")
    }


@pytest.mark.parametrize("name", EDGES)
def test_the_edges_of_a_histogram_are_these(name: str) -> None:
    metrics = Metrics(process=False)
    (found,) = (each for each in metrics.registry.collect() if each.name == f"interdict_{name}")

    edges = [float(sample.labels["le"]) for sample in found.samples if sample.name.endswith("_bucket")]
    assert edges == [*map(float, EDGES[name]), float("inf")]


def test_there_is_no_other_histogram() -> None:
    found = {each.name for each in Metrics(process=False).registry.collect() if each.type == "histogram"}

    assert found == {f"interdict_{name}" for name in EDGES}


CALLS: list[tuple[Callable[[Metrics], object], dict[tuple[str, Labels], float]]] = [
    (
        lambda on: on.decided("MT103", Outcome.CLEAR, 3),
        {("payments_total", (("format", "mt103"), ("outcome", "clear"))): 3},
    ),
    (
        lambda on: on.decided("MT103", Outcome.CLEAR),
        {("payments_total", (("format", "mt103"), ("outcome", "clear"))): 1},
    ),
    (
        lambda on: on.batch_taken(7, 0.5),
        {
            ("batch_payments_count", ()): 1,
            ("batch_payments_sum", ()): 7,
            ("payment_wait_seconds_count", ()): 1,
            ("payment_wait_seconds_sum", ()): 0.5,
        },
    ),
    (
        lambda on: on.batch_taken(7, -2.0),  # clocks apart
        {
            ("batch_payments_count", ()): 1,
            ("batch_payments_sum", ()): 7,
            ("payment_wait_seconds_count", ()): 1,
        },
    ),
    (lambda on: on.decided_again(), {("decided_again_total", ()): 1}),
    (
        lambda on: on.screened([0.25]),
        {("screening_seconds_count", ()): 1, ("screening_seconds_sum", ()): 0.25},
    ),
    (
        lambda on: on.acknowledged([0.5, 0.25]),
        {("end_to_end_seconds_count", ()): 2, ("end_to_end_seconds_sum", ()): 0.75},
    ),
    (lambda on: on.scored(9), {("candidates_count", ()): 1, ("candidates_sum", ()): 9}),
    (
        lambda on: on.parties_screened(7, 3),
        {("parties_total", (("remembered", "yes"),)): 3, ("parties_total", (("remembered", "no"),)): 4},
    ),
    (
        lambda on: on.resubmitted("removed"),
        {("resubmissions_total", (("change", "removed"),)): 1},
    ),
    (
        lambda on: on.stopped_known(5, 2),
        {("stopped_payments", ()): 5, ("stopped_payments_dropped", ()): 2},
    ),
    (lambda on: on.shadow_lost(ShadowLoss.BUSY), {("shadow_losses_total", (("reason", "busy"),)): 1}),
    (
        lambda on: on.shadow_lost(ShadowLoss.STOPPED, 4),
        {("shadow_losses_total", (("reason", "stopped"),)): 4},
    ),
    (
        lambda on: on.dead_lettered(PaymentProblem.NOT_JSON),
        {("dead_letters_total", (("reason", "not_json"),)): 1},
    ),
    (
        lambda on: on.schema_asked("unknown"),
        {("schema_requests_total", (("outcome", "unknown"),)): 1},
    ),
    (lambda on: on.schemas_wait(True), {("schema_registry_waiting", ()): 1}),
    (
        lambda on: on.unreadable_of("screening.alerts")(True),
        {("unreadable_records_total", (("since", "true"), ("topic", "screening.alerts"))): 1},
    ),
    (lambda on: on.event_ignored("ours"), {("ignored_events_total", (("mapping", "ours"),)): 1}),
    (
        lambda on: on.designation_effective(0.5),
        {("designation_effective_seconds_count", ()): 1, ("designation_effective_seconds_sum", ()): 0.5},
    ),
    (lambda on: on.designation_effective(-0.5), {("designation_effective_seconds_count", ()): 1}),
    (lambda on: on.list_behind(3), {("list_lag_records", ()): 3}),
    (lambda on: on.is_ready([]), {("ready", ()): 1}),
    (lambda on: on.is_ready(["the list is not complete"]), {}),
    (lambda on: on.is_ready([NO_PARTITION, "the list is not complete"]), {}),
    (lambda on: on.is_ready([NO_PARTITION]), {("standing_by", ()): 1}),
    (
        lambda on: on.loop_lagged(0.25),
        {("event_loop_lag_seconds_count", ()): 1, ("event_loop_lag_seconds_sum", ()): 0.25},
    ),
    (lambda on: on.loop_lagged(-0.25), {("event_loop_lag_seconds_count", ()): 1}),
]


@pytest.mark.parametrize("call", range(len(CALLS)))
def test_a_call_changes_its_own_samples_by_what_it_says_and_no_other(call: int) -> None:
    metrics = Metrics(CollectorRegistry(), process=False)
    before = samples(metrics)
    told, changed = CALLS[call]
    told(metrics)

    after = samples(metrics)
    assert {place: value for place, value in after.items() if value != before.get(place, 0.0)} == changed


def test_what_is_counted_by_list_is_counted_under_its_name() -> None:
    metrics = Metrics(process=False)
    metrics.hit("ofac", Role.CREDITOR, Action.HOLD, score=0.5)
    metrics.hit("ofac", Role.CREDITOR, Action.HOLD)
    metrics.suppressed_hit("ofac")
    metrics.dispositions_known("ofac", "name", Verdict.TRUE_POSITIVE, 4)
    metrics.list_entries("ofac", 9)
    metrics.policy_lists(["ofac", "un"], {"ofac"})
    metrics.mappings_known(["ours"])

    shown = samples(metrics)
    of_list = ("list", "ofac")
    assert shown["hits_total", (("action", "hold"), of_list, ("role", "creditor"))] == 2
    assert (shown["hit_score_count", ()], shown["hit_score_sum", ()]) == (1, 0.5)
    assert shown["suppressed_hits_total", (of_list,)] == 1
    assert shown["dispositions", (of_list, ("reason", "name"), ("verdict", "true_positive"))] == 4
    assert shown["designations", (of_list,)] == 9
    assert shown["policy_list_missing", (of_list,)] == 0
    assert shown["policy_list_missing", (("list", "un"),)] == 1
    assert shown["ignored_events_total", (("mapping", "ours"),)] == 0


def test_thirty_two_lists_and_mappings_have_labels_of_their_own() -> None:
    metrics = Metrics(process=False)
    for number in range(34):
        metrics.list_entries(f"l{number}", 1)
        metrics.event_ignored(f"m{number}")

    shown = samples(metrics)
    assert shown["designations", (("list", "l31"),)] == 1
    assert ("designations", (("list", "l32"),)) not in shown
    assert shown["ignored_events_total", (("mapping", "m31"),)] == 1
    assert shown["ignored_events_total", (("mapping", "other"),)] == 2


def test_an_age_is_measured_from_the_publication_and_never_below_zero() -> None:
    now = 1000.0
    metrics = Metrics(clock=lambda: now, process=False)
    for source, published_at, age in (("a", 400.0, 600.0), ("b", 1400.0, 0.0)):
        metrics.list_applied(
            source, version="v", entries=7, sha256="0123456789abcdef", published_at=published_at
        )
        shown = samples(metrics)
        assert shown["list_age_seconds", (("list", source),)] == age
        assert shown["list_applied_timestamp_seconds", (("list", source),)] == 1000.0
        assert (
            shown["list_version_info", (("list", source), ("sha256", "0123456789ab"), ("version", "v"))] == 1
        )


def test_what_may_happen_is_there_at_zero_from_the_start() -> None:
    shown = samples(Metrics(process=False))

    assert [shown["payments_total", (("format", each), ("outcome", "hit"))] for each in FORMATS] == [0] * len(
        FORMATS
    )
    assert [shown["dead_letters_total", (("reason", each),)] for each in PaymentProblem] == [0] * len(
        PaymentProblem
    )
    assert [shown["schema_requests_total", (("outcome", each),)] for each in SCHEMA_OUTCOMES] == [0] * 4
    assert [shown["shadow_losses_total", (("reason", each),)] for each in ShadowLoss] == [0] * len(ShadowLoss)

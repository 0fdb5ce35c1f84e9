"""Every alert rule is shown to fire and not to fire, by promtool, on the series a worker exports."""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.exposed import registries
from tests.ops.prometheus import CONFIG, binary

RULES = CONFIG / "prometheus" / "rules"
ALERTS: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in yaml.safe_load((RULES / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
}
WORKER = 'job="interdict",instance="w1"'
OTHER = 'job="interdict",instance="w2"'


def payments(rate: str, outcome: str = "clear") -> tuple[str, str]:
    return f'interdict_payments_total{{{WORKER},format="json",outcome="{outcome}"}}', rate


def buckets(name: str, below: str, all_of_them: str, edge: str = "0.05") -> dict[str, str]:
    """A histogram whose values are all below `edge` (`below` grows as `all_of_them`) or all above it."""
    return {
        f'interdict_{name}_bucket{{{WORKER},le="{edge}"}}': below,
        f'interdict_{name}_bucket{{{WORKER},le="2.5"}}': all_of_them,
        f'interdict_{name}_bucket{{{WORKER},le="+Inf"}}': all_of_them,
    }


@dataclass(frozen=True)
class Case:
    """Series, one value a minute in promtool's notation, with which the alert fires or stays quiet `at`."""

    fires: dict[str, str]
    quiet: dict[str, str]
    at: str = "30m"
    interval: str = "1m"
    also: dict[str, str] = field(default_factory=dict)  # in both


def version(of: str, worker: str) -> str:
    return f'interdict_list_version_info{{{worker},list="ofac",version="{of}"}}'


LAG = f'interdict_consumer_lag_records{{{WORKER},partition="0"}}'
DEAD = f'interdict_dead_letters_total{{{WORKER},reason="not_json"}}'
INTERNAL = f'interdict_dead_letters_total{{{WORKER},reason="internal"}}'
SOURCE_AGE = 'interdict_list_source_age_seconds{job="interdict-lists",instance="l1",list="ofac"}'
WHOLLY = f'interdict_customers_wholly_timestamp_seconds{{{WORKER},partition="0"}}'
AGE = f'interdict_list_age_seconds{{{WORKER},list="ofac"}}'
EXPORT = 'interdict_export_waiting_seconds{job="interdict-exports",instance="e1",kind="webhook"}'
SUGGESTS = 'interdict_export_lag_records{job="interdict-suggestions",instance="s1",kind="suggestions"}'
FOLLOWS = 'interdict_lookback_looked_seconds{job="interdict-lookback",instance="b1"}'
GATE = 'job="interdict-answers",instance="a1"'
STANDBY = 'job="interdict-answers",instance="a2"'
STANDS_STILL = 'interdict_list_source_stands_still{job="interdict-lists",instance="l1",list="ofac"}'
MISSING = f'interdict_policy_list_missing{{{WORKER},list="un"}}'
REGISTRY = f"interdict_schema_registry_waiting{{{WORKER}}}"
READY = f"interdict_ready{{{WORKER}}}"
STANDING_BY = f"interdict_standing_by{{{WORKER}}}"
UNREADABLE = f'interdict_unreadable_records_total{{{WORKER},topic="screening.dispositions",since="true"}}'
GATE_UNREADABLE = f'interdict_answers_unreadable_total{{{GATE},since="true"}}'
REBALANCES = f"interdict_rebalances_total{{{WORKER}}}"

CASES = {
    "InterdictWorkerDown": Case({f"up{{{WORKER}}}": "0x40"}, {f"up{{{WORKER}}}": "1x40"}),
    "InterdictNoWorkers": Case({"up{job='other'}": "1x40"}, {f"up{{{WORKER}}}": "1x40"}),
    "InterdictNotReady": Case(
        {f"interdict_ready{{{WORKER}}}": "0x40"},
        {f"interdict_ready{{{WORKER}}}": "1x29 0 1x10"},  # a moment of unreadiness while a list is read anew
    ),
    "InterdictNotReady, more workers than partitions": Case(
        {READY: "0x40", STANDING_BY: "1x40"},  # nobody has any
        {READY: "0x40", f"interdict_ready{{{OTHER}}}": "1x40", STANDING_BY: "1x40"},
    ),
    "InterdictNotReady, beside others that are": Case(
        {READY: "0x40", STANDING_BY: "0x40"},
        {READY: "0x40", STANDING_BY: "1x40"},
        also={f"interdict_ready{{{OTHER}}}": "1x40"},
    ),
    "InterdictUnreadableRecords": Case(
        {UNREADABLE: "0x25 1x15"},
        {UNREADABLE: "1x40", UNREADABLE.replace("true", "false"): "0x25 9x15"},  # read at a start
    ),
    "InterdictUnreadableRecords, of the gate": Case(
        {GATE_UNREADABLE: "0x25 1x15"},
        {GATE_UNREADABLE: "0x40", GATE_UNREADABLE.replace("true", "false"): "0x25 9x15"},
    ),
    "InterdictListStale": Case({SOURCE_AGE: "21600+60x40"}, {SOURCE_AGE: "0+60x40"}),
    "InterdictListStale, of a source that was never good": Case(
        {SOURCE_AGE: " ".join(["NaN"] * 40)},
        {SOURCE_AGE: "NaN NaN NaN 0+60x37"},  # the first look of a new watch
    ),
    "InterdictListUnwatched": Case({}, {SOURCE_AGE: "0x40"}, also={AGE: "1209600+60x40"}),
    "InterdictListWatchGone": Case(
        {SOURCE_AGE: "0+60x10 _x40"},
        {SOURCE_AGE: "0+60x10 _x5 0+60x40"},  # started again
        at="40m",
        also={SOURCE_AGE.replace("ofac", "un"): "0+60x60"},
    ),
    "InterdictListStandsStill": Case({STANDS_STILL: "1x120"}, {STANDS_STILL: "0x85 1x35"}, at="2h"),
    "InterdictPolicyListMissing": Case(
        {MISSING: "1x40"},
        {MISSING: "1x5 0x35"},  # published a few minutes after the workers began
    ),
    "InterdictListVersionsDiffer": Case(
        {version("1", WORKER): "1x40", version("2", OTHER): "1x40"},
        {version("2", WORKER): "1x40", version("2", OTHER): "1x40"},
    ),
    "InterdictListLag": Case(
        {f"interdict_list_lag_records{{{WORKER}}}": "5x40"},
        {f"interdict_list_lag_records{{{WORKER}}}": "0x29 5 0x10"},
    ),
    "InterdictDesignationSlow": Case(
        buckets("designation_effective_seconds", "0x40", "0+1x40"),
        buckets("designation_effective_seconds", "0+1x40", "0+1x40"),
    ),
    "InterdictConsumerLag": Case(
        {LAG: "6000x40"}, {LAG: "60x40"}, also=dict([payments("0+600x40")])
    ),  # 10 a second
    "InterdictPaymentsStuck": Case(
        dict([payments("500x40")]), dict([payments("0+60x40")]), also={LAG: "100x40"}
    ),
    "InterdictSchemaRegistryWaiting": Case({REGISTRY: "1x40"}, {REGISTRY: "0x29 1 0x10"}),
    "InterdictLatency": Case(
        buckets("end_to_end_seconds", "0x40", "0+60x40"), buckets("end_to_end_seconds", "0+60x40", "0+60x40")
    ),
    "InterdictDeadLetters": Case({DEAD: "0x28 3x10"}, {DEAD: "3x40"}),
    "InterdictInternalErrors": Case({INTERNAL: "0x28 1x10"}, {INTERNAL: "0x40", DEAD: "0+1x40"}),
    "InterdictHitRateJump": Case(
        dict([payments("0+10x230 2300+100x40", "hit")]),
        dict([payments("0+10x270", "hit")]),
        at="255m",
        also=dict([payments("0+1000x270")]),
    ),
    "InterdictHitSilence": Case(
        dict([payments("0+10x200 2000x100", "hit")]),
        dict([payments("0+10x200 2000x55 2010x45", "hit")]),
        at="290m",
        also=dict([payments("0+1000x300")]),
    ),
    "InterdictNoPayments": Case(
        dict([payments("0+60x100 6000x60")]), dict([payments("0+60x160")]), at="130m"
    ),
    "InterdictExportWaiting": Case({EXPORT: "0+60x40"}, {EXPORT: "0+60x8 0x32"}),
    "InterdictExportDown": Case(
        {'up{job="interdict-exports",instance="e1"}': "0x40"}, {'up{job="interdict-lookback"}': "1x40"}
    ),
    "InterdictServiceDown": Case(
        {f"up{{{GATE}}}": "0x40"}, {f"up{{{GATE}}}": "1x29 0 1x10", 'up{job="interdict-exports"}': "0x40"}
    ),
    "InterdictServiceGone": Case(
        {f"up{{{GATE}}}": "1x10 _x40"},
        {f"up{{{GATE}}}": "1x10 _x40", f"up{{{STANDBY}}}": "1x50"},  # the other has its work
        at="40m",
        also={f"up{{{WORKER}}}": "1x50"},
    ),
    "InterdictCustomersBehind": Case(
        {f"interdict_customers_waiting{{{WORKER}}}": "1x40"},
        {f"interdict_customers_waiting{{{WORKER}}}": "5x10 0x30"},
        at="40m",
    ),
    "InterdictCustomersNotWhole": Case({WHOLLY: "0x1700"}, {WHOLLY: "0+60x1700"}, at="1600m"),
    "InterdictCustomersUnscreened": Case(
        {f'interdict_customers_unscreened{{{WORKER},partition="0"}}': "1x40"},
        {
            f'interdict_customers_unscreened{{{WORKER},partition="0"}}': "0x40",
            f"interdict_customers_missed_total{{{WORKER}}}": "0x40",
        },
    ),
    "InterdictSuggestionsBehind": Case({SUGGESTS: "3x40"}, {SUGGESTS: "3x10 0 3x12 0 3x12"}),
    "InterdictLookbackStill": Case({FOLLOWS: "0+60x40"}, {FOLLOWS: "1x40"}),
    "InterdictEventLoopLag": Case(
        buckets("event_loop_lag_seconds", "0x40", "0+240x40"),
        buckets("event_loop_lag_seconds", "0+240x40", "0+240x40"),
    ),
    "InterdictPaymentsUnanswered": Case(
        {f'interdict_answers_total{{{GATE},cause="unanswered",course="stop"}}': "0x25 3x15"},
        {
            f'interdict_answers_total{{{GATE},cause="unanswered",course="stop"}}': "3x40",
            f'interdict_answers_total{{{GATE},cause="clear",course="release"}}': "0+60x40",
        },
    ),
    "InterdictAnswersStill": Case(
        {f"interdict_answers_active{{{GATE}}}": "0x40", f"interdict_answers_active{{{STANDBY}}}": "0x40"},
        {f"interdict_answers_active{{{GATE}}}": "0x40", f"interdict_answers_active{{{STANDBY}}}": "1x40"},
    ),
    "InterdictDispositionsUnsettled": Case(
        {'interdict_dispositions_unsettled{job="interdict"}': "1x40"},
        {'interdict_dispositions_unsettled{job="interdict"}': "0x20 1x10 0x10"},
    ),
    "InterdictPaymentsPassedOver": Case(
        {'interdict_payment_partitions_passed_over{job="interdict"}': "1x40"},
        {'interdict_payment_partitions_passed_over{job="interdict"}': "0x40"},
    ),
    "InterdictTableVanishing": Case(
        {'interdict_table_vanishing{job="interdict",topic="screening.dispositions"}': "1x40"},
        {'interdict_table_vanishing{job="interdict",topic="screening.dispositions"}': "0x20 1x2 0x18"},
    ),
    "InterdictStopsForgotten": Case(
        {f"interdict_answers_forgotten_total{{{GATE}}}": "0x25 1x15"},
        {f"interdict_answers_forgotten_total{{{GATE}}}": "1x40"},
    ),
    "InterdictRebalancing": Case({REBALANCES: "0+1x40"}, {REBALANCES: "1x40"}),
}


def test_every_alert_has_its_case() -> None:
    assert {case.partition(",")[0] for case in CASES} == ALERTS.keys()


@pytest.mark.parametrize("case", CASES)
def test_alert_fires(case: str, tmp_path: Path) -> None:
    assert firing(case, CASES[case].fires, tmp_path), f"{case} stays quiet when it must fire"


@pytest.mark.parametrize("case", CASES)
def test_alert_stays_quiet(case: str, tmp_path: Path) -> None:
    assert not firing(case, CASES[case].quiet, tmp_path), f"{case} fires when nothing is wrong"


@pytest.mark.parametrize("alert", ALERTS)
def test_alert_tells_what_to_do(alert: str) -> None:
    rule = ALERTS[alert]
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^## .*\{#(\w+)\}", (CONFIG.parent / page).read_text(), re.MULTILINE)

    assert anchor == alert, "the dashboard's table of alerts leads there by the alert's name"
    assert anchor in headings, f"{alert}: {page} has no runbook for it"
    assert rule["labels"]["severity"] in {"critical", "warning"}


def test_rules_ask_only_for_metrics_that_exist() -> None:
    known = {family.name for registry in registries() for family in registry.collect()}
    rules = "".join(path.read_text() for path in RULES.glob("*.yml"))
    rules = re.sub(r"job:\w+:\w+", "", rules)

    asked = {
        re.sub(r"_(total|bucket|sum|count|info)$", "", name) for name in re.findall(r"interdict_\w+", rules)
    }

    assert asked - known == set()


def test_rules_and_configuration_are_valid() -> None:
    for check in (
        ["rules", *map(str, RULES.glob("*.yml"))],
        ["config", str(RULES.parent / "prometheus.yml")],
    ):
        checked = subprocess.run([binary("promtool"), "check", *check], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr


def firing(case: str, series: dict[str, str], folder: Path) -> bool:
    """Whether promtool sees the case's alert firing; its two verdicts are told apart by asking for each."""
    verdicts = [_promtool(case, series, samples, folder) for samples in ([], [{"labels": "{}", "value": 1}])]
    assert verdicts.count(True) == 1, "the rules file or the case itself is broken"
    return verdicts[1]


def _promtool(name: str, series: dict[str, str], samples: list[dict[str, Any]], folder: Path) -> bool:
    case, alert = CASES[name], name.partition(",")[0]
    test = {
        "rule_files": sorted(map(str, RULES.glob("*.yml"))),
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": case.interval,
                "input_series": [
                    {"series": name, "values": values} for name, values in (case.also | series).items()
                ],
                "promql_expr_test": [
                    {
                        "expr": f'count(ALERTS{{alertname="{alert}",alertstate="firing"}} > 0)',
                        "eval_time": case.at,
                        "exp_samples": samples,
                    }
                ],
            }
        ],
    }
    path = folder / "rules.test.yml"
    path.write_text(yaml.safe_dump(test))
    return (
        subprocess.run([binary("promtool"), "test", "rules", str(path)], capture_output=True).returncode == 0
    )

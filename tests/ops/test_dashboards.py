"""Claims about the dashboards as data; whether their queries answer is shown in test_live.py."""

import json
import re
from itertools import combinations
from typing import Any

import pytest

from config.grafana.boards import DASHBOARDS
from config.grafana.build import FOLDER, text
from config.grafana.panels import COLUMNS, WORKERS, Dashboard, to_json
from streams.answers.metrics import AnswerMetrics
from streams.console.metrics import ConsoleMetrics
from streams.customers.metrics import CustomerMetrics
from streams.exposed import registries
from streams.worker.metrics import Metrics

LISTS = 'job=~"$job.*"'
"""List watches run beside the workers, under a job of their own."""
ALERTS = 'alertname=~"Interdict.+"'
EVERY = pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: dashboard.uid)


def services() -> tuple[AnswerMetrics, CustomerMetrics, ConsoleMetrics]:
    return AnswerMetrics(), CustomerMetrics(), ConsoleMetrics()


def panels(dashboard: Dashboard) -> list[dict[str, Any]]:
    return [panel for panel in to_json(dashboard)["panels"] if panel["type"] != "row"]


@EVERY
def test_the_file_is_what_the_code_builds(dashboard: Dashboard) -> None:
    written = (FOLDER / f"{dashboard.uid}.json").read_text()

    assert written == text(dashboard), "run `python -m config.grafana.build`"


@EVERY
def test_import_creates_it_under_a_stable_uid(dashboard: Dashboard) -> None:
    built = json.loads(text(dashboard))

    assert "id" not in built
    assert re.fullmatch(r"interdict-[a-z]{1,30}", built["uid"])


@EVERY
def test_every_panel_says_what_it_shows_and_in_which_unit(dashboard: Dashboard) -> None:
    for panel in panels(dashboard):
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["targets"], panel["title"]


@EVERY
def test_every_query_goes_to_the_chosen_source_and_workers(dashboard: Dashboard) -> None:
    for panel in panels(dashboard):
        for target in panel["targets"]:
            assert target["datasource"]["uid"] == "${datasource}"
            selectors = re.findall(r"\{[^{}]*\}", target["expr"])
            assert selectors
            assert all(WORKERS in s or LISTS in s or ALERTS in s for s in selectors)


@EVERY
def test_no_panel_covers_another_or_leaves_the_page(dashboard: Dashboard) -> None:
    places = [panel["gridPos"] for panel in to_json(dashboard)["panels"]]

    for place in places:
        assert place["x"] >= 0
        assert place["x"] + place["w"] <= COLUMNS
    for a, b in combinations(places, 2):
        apart = (
            a["x"] + a["w"] <= b["x"]
            or b["x"] + b["w"] <= a["x"]
            or a["y"] + a["h"] <= b["y"]
            or b["y"] + b["h"] <= a["y"]
        )
        assert apart, (a, b)


@EVERY
def test_panel_ids_are_unique(dashboard: Dashboard) -> None:
    ids = [panel["id"] for panel in to_json(dashboard)["panels"]]

    assert len(ids) == len(set(ids))


@EVERY
def test_every_metric_is_one_the_worker_exports(dashboard: Dashboard) -> None:
    exported = {family.name for registry in registries() for family in registry.collect()}

    for panel in panels(dashboard):
        for target in panel["targets"]:
            for name in re.findall(r"\b(?:interdict|process|python)_\w+", target["expr"]):
                base = re.sub(r"_(total|bucket|sum|count|info)$", "", name)
                assert {name, base} & exported, f"{panel['title']}: {name}"


def test_every_exported_metric_of_ours_is_on_some_dashboard() -> None:
    shown = " ".join(
        target["expr"] for board in DASHBOARDS for panel in panels(board) for target in panel["targets"]
    )
    unseen = {
        family.name
        for registry in (Metrics().registry, *(each.registry for each in services()))
        for family in registry.collect()
        if family.name.startswith("interdict_") and family.name not in shown
    }

    assert unseen == {
        "interdict_build",  # for whoever looks at one worker
        "interdict_console_dropped_events",  # of one browser; tells a developer, not an operator
    }


def test_a_firing_alert_leads_to_its_runbook_and_its_worker() -> None:
    (table,) = [each for each in panels(DASHBOARDS[0]) if each["title"] == "Firing alerts"]

    links = {
        override["matcher"]["options"]: override["properties"][0]["value"][0]["url"]
        for override in table["fieldConfig"]["overrides"]
    }

    assert links == {"alertname": "${runbooks}#${__value.raw}", "instance": "http://${__value.raw}/"}

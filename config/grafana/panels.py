"""Dashboards as values: a panel says what it asks and why, the layout and Grafana's JSON follow.

`python -m config.grafana.build` writes `dashboards/*.json`, which Grafana provisions (11 and later).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
WORKERS = 'job="$job",instance=~"$instance"'
"""What every query selects by; the variables are on every dashboard."""

PER_SECOND = "suffix:/s"
"""Grafana's own rate units speak of requests or operations; ours are payments and hits."""

RUNBOOKS = "http://localhost:8000/runbooks/"
"""Where `mkdocs serve` shows it. Each alert's runbook stands there under the alert's own name."""

COLUMNS = 24
HEIGHT = {"stat": 4, "row": 1}
USUAL_HEIGHT = 8


@dataclass(frozen=True)
class Panel:
    """One picture. `queries` are (PromQL, legend); `W` in PromQL stands for the worker selector."""

    title: str
    description: str
    unit: str
    queries: tuple[tuple[str, str], ...]
    kind: str = "timeseries"
    width: int = 8
    stacked: bool = False
    objective: float | None = None
    """A line above which things are not as promised, in the panel's unit."""
    low_is_bad: bool = False
    links: tuple[tuple[str, str, str], ...] = ()
    """Of a table: (column, what the link is called, address); `${__value.raw}` is the cell's text."""


@dataclass(frozen=True)
class Row:
    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Dashboard:
    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]


def to_json(dashboard: Dashboard) -> dict[str, Any]:
    """As Grafana imports it: no id, so that it is created; a stable uid, so that links hold."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": ["interdict"],
        "timezone": "browser",
        "schemaVersion": 39,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": _variables()},
        "links": [
            {
                "type": "dashboards",
                "title": "Interdict",
                "tags": ["interdict"],
                "asDropdown": True,
                "includeVars": True,
                "keepTime": True,
            }
        ],
        "annotations": {"list": [_list_changes()]},
        "panels": list(_placed(dashboard.rows)),
    }


def _placed(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    number = y = 0
    for row in rows:
        number += 1
        yield {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1},
        }
        y += 1
        x = height = 0
        for panel in row.panels:
            if x + panel.width > COLUMNS:
                x, y, height = 0, y + height, 0
            number += 1
            h = HEIGHT.get(panel.kind, USUAL_HEIGHT)
            yield _panel(panel, number, {"x": x, "y": y, "w": panel.width, "h": h})
            x, height = x + panel.width, max(height, h)
        y += height


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": SOURCE,
        "gridPos": place,
        "targets": [
            {
                "refId": chr(ord("A") + at),
                "datasource": SOURCE,
                "expr": expression(query),
                "legendFormat": legend,
                "instant": panel.kind in ("stat", "table"),
                "range": panel.kind not in ("stat", "table"),
                "format": {"table": "table", "heatmap": "heatmap"}.get(panel.kind, "time_series"),
            }
            for at, (query, legend) in enumerate(panel.queries)
        ],
        "fieldConfig": {"defaults": _field(panel), "overrides": list(map(_link, panel.links))},
        "options": _OPTIONS[panel.kind],
    } | ({"transformations": _TABLE} if panel.kind == "table" else {})


def expression(query: str) -> str:
    """`rate(x_total{W}[5m])` -> with the dashboard's selector in place of W."""
    return query.replace("{W", "{" + WORKERS)


def _field(panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.objective is not None:
        steps = [
            {"color": "red" if panel.low_is_bad else "green", "value": None},
            {"color": "green" if panel.low_is_bad else "red", "value": panel.objective},
        ]
    field: dict[str, Any] = {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}}
    if panel.kind == "timeseries":
        field["custom"] = {
            "lineWidth": 1,
            "fillOpacity": 25 if panel.stacked else 6,
            "showPoints": "never",
            "stacking": {"mode": "normal" if panel.stacked else "none", "group": "A"},
            "thresholdsStyle": {"mode": "dashed" if panel.objective is not None else "off"},
        }
    return field


def _link(link: tuple[str, str, str]) -> dict[str, Any]:
    column, title, url = link
    links = {"id": "links", "value": [{"title": title, "url": url, "targetBlank": True}]}
    return {"matcher": {"id": "byName", "options": column}, "properties": [links]}


_OPTIONS: dict[str, dict[str, Any]] = {
    "timeseries": {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "stat": {
        "colorMode": "value",
        "graphMode": "area",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "textMode": "auto",
    },
    "table": {"showHeader": True, "cellHeight": "sm"},
    "heatmap": {
        "calculate": False,
        "color": {"mode": "scheme", "scheme": "Blues", "steps": 32},
        "yAxis": {"axisPlacement": "left"},
        "cellGap": 1,
        "tooltip": {"mode": "single", "yHistogram": True},
    },
}
_TABLE = [
    {"id": "merge", "options": {}},
    {
        "id": "organize",
        "options": {"excludeByName": dict.fromkeys(("Time", "Value", "__name__", "job"), True)},
    },
]


def _variables() -> list[dict[str, Any]]:
    return [
        {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
        {
            "name": "job",
            "label": "Job",
            "type": "query",
            "datasource": SOURCE,
            **_values("label_values(interdict_ready, job)"),
            "refresh": 2,
        },
        {
            "name": "instance",
            "label": "Worker",
            "type": "query",
            "datasource": SOURCE,
            **_values('label_values(interdict_ready{job="$job"}, instance)'),
            "refresh": 2,
            "multi": True,
            "includeAll": True,
            "allValue": ".*",
            "current": {"text": "All", "value": "$__all"},
        },
        {
            "name": "runbooks",
            "label": "Runbooks",
            "description": "Where the page of runbooks is served; `make docs` builds it.",
            "type": "textbox",
            "query": RUNBOOKS,
            "current": {"text": RUNBOOKS, "value": RUNBOOKS},
        },
    ]


def _values(query: str) -> dict[str, Any]:
    """A variable's query as Grafana's own editor saves it."""
    return {
        "definition": query,
        "query": {"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
    }


def _list_changes() -> dict[str, Any]:
    """A mark on every graph where a list version took effect: the usual cause of a changed hit rate."""
    return {
        "name": "List versions",
        "datasource": SOURCE,
        "enable": True,
        "iconColor": "blue",
        "expr": f"changes(interdict_list_applied_timestamp_seconds{{{WORKERS}}}[1m]) > 0",
        "titleFormat": "{{list}} took effect on {{instance}}",
        "step": "30s",
    }

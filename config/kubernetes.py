"""`python -m config.kubernetes` writes the manifests that hold our alert rules and dashboards, and the chart.

Kustomize takes no file from outside its folder, so `deploy/kubernetes` holds them once more. A test keeps
them equal to `config/prometheus/rules` and `config/grafana/boards`.
"""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from config import helm
from config.grafana.boards import DASHBOARDS
from config.grafana.build import text

RULES = Path(__file__).with_name("prometheus") / "rules"
WRITTEN = "# Written by `python -m config.kubernetes`; change {} instead.\n"


def rules() -> str:
    """A PrometheusRule for each file of rules, whose spec is the file as it stands."""
    return WRITTEN.format("config/prometheus/rules") + "---\n".join(_rules())


def _rules() -> Iterator[str]:
    for path in sorted(RULES.glob("*.yml")):
        yield (
            "apiVersion: monitoring.coreos.com/v1\n"
            "kind: PrometheusRule\n"
            "metadata:\n"
            f"  name: interdict-{path.stem}\n"
            "spec:\n" + textwrap.indent(path.read_text(), "  ")
        )


def dashboards() -> str:
    """A ConfigMap for each dashboard, labelled as Grafana's sidecar gathers them.

    One each: `kubectl apply` notes what it applied beside it, and a note is at most 256 KiB.
    """
    return WRITTEN.format("config/grafana/boards") + "---\n".join(_dashboards())


def _dashboards() -> Iterator[str]:
    for board in DASHBOARDS:
        yield (
            "apiVersion: v1\n"
            "kind: ConfigMap\n"
            "metadata:\n"
            f"  name: {board.uid}\n"
            '  labels: {grafana_dashboard: "1"}\n'
            "data:\n"
            f"  {board.uid}.json: |\n" + textwrap.indent(text(board), "    ")
        )


FILES = {"rules.yaml": rules, "dashboards.yaml": dashboards}


def main() -> None:
    for name, content in FILES.items():
        (helm.MANIFESTS / name).write_text(content())
    for path, made in helm.files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(made())


if __name__ == "__main__":
    main()

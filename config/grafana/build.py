"""`python -m config.grafana.build` writes each dashboard's JSON beside this module."""

import json
from pathlib import Path

from config.grafana.boards import DASHBOARDS
from config.grafana.panels import Dashboard, to_json

FOLDER = Path(__file__).with_name("dashboards")


def text(dashboard: Dashboard) -> str:
    """The file's content; the same for the same dashboard."""
    return json.dumps(to_json(dashboard), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    for dashboard in DASHBOARDS:
        (FOLDER / f"{dashboard.uid}.json").write_text(text(dashboard))


if __name__ == "__main__":
    main()

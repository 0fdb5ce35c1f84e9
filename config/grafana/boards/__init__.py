"""The dashboards, one module each."""

from config.grafana.boards import lists, matching, overview, services, workers

DASHBOARDS = (overview.BOARD, lists.BOARD, matching.BOARD, workers.BOARD, services.BOARD)

"""The four dashboards, one module each."""

from config.grafana.boards import lists, matching, overview, workers

DASHBOARDS = (overview.BOARD, lists.BOARD, matching.BOARD, workers.BOARD)

"""Run inside Cosmic Ray's own environment: what it can change in modules, a JSON line each.

Its `init` says the same, in three times as long: it keeps a database, and asks every operator.
"""

import json
import sys
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.plugins import get_operator, operator_names


def main(left_out: list[str], modules: list[str]) -> None:
    """The changes by every operator whose name, `$` at its end, holds none of the parts in `left_out`."""
    names = [name for name in operator_names() if not any(part in f"{name}$" for part in left_out)]
    operators = [(name, get_operator(name)()) for name in names if not get_operator(name).arguments()]
    for module in modules:
        nodes = [*ast_nodes(get_ast_from_path(Path(module)))]
        for name, operator in operators:
            found = [start for node in nodes for start, _ in operator.mutation_positions(node)]
            for occurrence, (line, column) in enumerate(found):
                sys.stdout.write(json.dumps([module, line, column, name, occurrence]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1].split(","), sys.argv[2:])

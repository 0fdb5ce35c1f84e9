"""Run inside Cosmic Ray's own environment: the sources that its changes make, as a JSON list of texts."""

import json
import sys
from pathlib import Path

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator


def main(changes: list[tuple[str, str, int]]) -> None:
    """Each change is a module, an operator, and which of its places there."""
    sources = {module: Path(module).read_text() for module in {change[0] for change in changes}}
    made = [mutate_code(sources[module], get_operator(name)(), place) for module, name, place in changes]
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

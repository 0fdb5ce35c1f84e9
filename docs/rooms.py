"""The rooms of the code and who imports whom: `python docs/rooms.py` counts them, the site draws them.

A room is a file or folder at the top of `streams` or `screening`. A room stands above all that it imports.
"""

import html
from collections.abc import Iterator, Mapping

import grimp

PACKAGES = ("streams", "screening")
WIDTH, ROW, BOX = 940, 74, 30

LOADED = {"cli": "commands"}
"""Loaded by name when called, which no import shows."""

Rooms = Mapping[str, frozenset[str]]
"""Each room of a package and the rooms that it imports."""


def rooms(package: str) -> Rooms:
    graph = grimp.build_graph(*PACKAGES)
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        own = _room(module, package)
        if own and own != "__main__":
            imported = graph.find_modules_directly_imported_by(module)
            found.setdefault(own, set()).update(
                other for each in imported if (other := _room(each, package)) and other != own
            )
    for name, loaded in LOADED.items():
        if name in found:
            found[name].add(loaded)
    return {name: frozenset(of) for name, of in found.items()}


def _room(module: str, package: str) -> str:
    top, _, rest = module.partition(".")
    return rest.partition(".")[0] if top == package else ""


def floors(found: Rooms) -> list[list[str]]:
    """Rooms from the top floor down. Raises ValueError where imports go in a circle."""
    height: dict[str, int] = {}

    def of(name: str, above: tuple[str, ...] = ()) -> int:
        if name in above:
            raise ValueError(f"imports go in a circle: {' -> '.join((*above, name))}")
        if name not in height:
            below = [of(other, (*above, name)) for other in sorted(found.get(name, ()))]
            height[name] = 1 + max(below, default=-1)
        return height[name]

    for name in found:
        of(name)
    return [sorted(n for n in height if height[n] == level) for level in range(max(height.values()), -1, -1)]


def picture() -> str:
    """Both packages as one SVG, `streams` above the `screening` that it stands on."""
    parts, y = [], 24
    for package in PACKAGES:
        found = rooms(package)
        parts.append(f'<text x="0" y="{y - 6}" font-weight="bold">{package}</text>')
        drawn, y = _floors(found, y)
        parts += drawn
        y += 24
    label = "The rooms of the code, each above those that it imports"
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {y}" width="100%" role="img" aria-label="{label}" '
        f'font-family="sans-serif" font-size="12" fill="currentColor">{"".join(parts)}</svg>'
        f"<figcaption>{label}; drawn from the imports when the site is built</figcaption></figure>"
    )


def _floors(found: Rooms, top: int) -> tuple[list[str], int]:
    places: dict[str, tuple[float, int]] = {}
    for floor in floors(found):
        step = WIDTH / len(floor)
        for number, name in enumerate(floor):
            places[name] = (step * (number + 0.5), top)
        top += ROW
    return [*_lines(found, places), *_boxes(places)], top


def _lines(found: Rooms, places: Mapping[str, tuple[float, int]]) -> Iterator[str]:
    for name, imported in sorted(found.items()):
        x, y = places[name]
        for other in sorted(imported):
            to_x, to_y = places[other]
            yield (
                f'<path d="M{x:.0f} {y + BOX}C{x:.0f} {y + ROW} {to_x:.0f} {to_y - ROW + BOX} '
                f'{to_x:.0f} {to_y}" '
                'fill="none" stroke="currentColor" stroke-opacity="0.3"/>'
            )


def _boxes(places: Mapping[str, tuple[float, int]]) -> Iterator[str]:
    for name, (x, y) in places.items():
        width = 14 + 7 * len(name)
        yield (
            f'<rect x="{x - width / 2:.0f}" y="{y}" width="{width}" height="{BOX}" rx="5" '
            'fill="var(--md-default-bg-color, white)" stroke="currentColor"/>'
            f'<text x="{x:.0f}" y="{y + 19}" text-anchor="middle">{html.escape(name)}</text>'
        )


def main() -> None:
    for package in PACKAGES:
        found = rooms(package)
        arrows = sum(map(len, found.values()))
        print(f"{package}: {len(found)} rooms, {arrows} arrows, {len(floors(found))} floors")
        for floor in floors(found):
            print("  " + "  ".join(floor))


if __name__ == "__main__":
    main()

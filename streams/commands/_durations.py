"""Durations as people write them on a command line: 30d, 12h, 90m, 45s."""

import re

import rich_click as click

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SHAPE = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhd])")


class Duration(click.ParamType):
    """A click type; its value is in seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = _SHAPE.fullmatch(str(value).strip().lower())
        if found is None:
            self.fail(f"{value!r} is no duration; write 30d, 12h, 90m or 45s", param, ctx)
        return float(found[1]) * _SECONDS[found[2]]

"""The figures that `interdict dispositions caseload` prints of what it has counted."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from screening.cases.caseload import Caseload
from screening.cases.dispositions import Verdict
from streams.commands._disposition_reports import _figures


@pytest.mark.parametrize(
    ("load", "figures"),
    [
        (Caseload(), (0, 0, 0, None, None, 0, None)),
        (
            Caseload(
                5,
                2,
                [timedelta(hours=3), timedelta(minutes=90)],
                [timedelta(minutes=20)],
                {"a": Verdict.TRUE_POSITIVE, "b": Verdict.FALSE_POSITIVE, "c": Verdict.FALSE_POSITIVE},
            ),
            (5, 2, 2, 3.0, 0.33, 3, 0.3333),
        ),
    ],
)
def test_a_caseload_in_figures(load: Caseload, figures: tuple[Any, ...]) -> None:
    names = ("alerts", "open", "late", "oldest_open_hours", "usual_hours", "judged_pairs", "precision")

    assert _figures(load) == dict(zip(names, figures, strict=True))
    assert orjson.loads(orjson.dumps(_figures(load)))["alerts"] == figures[0]

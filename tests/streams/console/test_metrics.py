"""What an operator sees of the console's answers."""

from typing import Any

import pytest

from streams.console.metrics import PAGES, ConsoleMetrics


def test_every_page_is_a_series_from_the_start() -> None:
    registry = ConsoleMetrics().registry

    assert {
        page: registry.get_sample_value("interdict_console_answer_seconds_count", {"page": page})
        for page in PAGES.values()
    } == dict.fromkeys(PAGES.values(), 0)


@pytest.mark.parametrize("fails", [False, True])
async def test_an_answer_counts_under_its_page_also_one_that_fails(fails: bool) -> None:
    async def page(request: Any) -> Any:
        if fails:
            raise ValueError(request)
        return request

    metrics = ConsoleMetrics()
    (path, name), *_ = PAGES.items()
    request: Any = "asked"
    try:
        assert await metrics.timed(path, page)(request) == "asked"
    except ValueError:
        assert fails
    assert metrics.timed("/another", page) is page
    assert metrics.registry.get_sample_value("interdict_console_answer_seconds_count", {"page": name}) == 1

"""Every example of the page on payment formats is read as the page says."""

import re
from pathlib import Path

import pytest

from screening.payments import FORMATS, decode_payment

PAGE = (Path(__file__).parents[3] / "docs" / "payment-formats.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- reads: (\S+) ([^\n]+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("format", "ids", "text"), EXAMPLES, ids=range(len(EXAMPLES)))
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_example_is_read_as_the_page_says(format: str, ids: str, text: str, line_end: str) -> None:
    payments = decode_payment(text.replace("\n", line_end).encode())

    assert [payment.id for payment in payments] == ids.split()
    assert {payment.format for payment in payments} == {format}


def test_the_page_names_every_format() -> None:
    shown = {format for format, _, _ in EXAMPLES}

    assert {"json", "cloudevents", "pacs.008", "camt.054", "mt101", "mt103", "fedwire", "nacha"} <= shown
    assert shown <= set(FORMATS)

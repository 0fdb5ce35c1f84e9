"""The demo's picture whole, with its colours, and what its end says is not as it must be.

`picture.txt` holds it; `python -m tests.streams.demo.test_view_whole` writes it anew.
"""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from streams.demo.payments import COMPANIES, DemoPayment
from streams.demo.story import Story
from streams.demo.view import screen, summary

PICTURE = Path(__file__).with_name("picture.txt")
FIRST, *OTHERS = COMPANIES
LONG = "A creditor whose name goes on and on until it has no room in its column"


def paid(story: Story, number: int, creditor: str, company: str | None, *hits: Any, **more: Any) -> None:
    """A payment is sent and decided at once."""
    story.payment_sent(DemoPayment(f"P-{number}", b"{}", creditor, company))
    told: Any = {"payment_id": f"P-{number}", "hits": list(hits), "latency_ms": 2.0 * number}
    story.decision_read(told | {"outcome": "hit" if hits else "clear"} | more)


def hit(matched: str) -> Any:
    named = {"id": "ofac:1", "name": "VERSOR S.R.O."}
    return {"designation": named, "matched": matched, "action": "hold", "score": 0.987}


def played() -> Story:
    """Payments of each kind, one still in flight, before and after one company is designated."""
    story = Story()
    paid(story, 1, "Acme Trading", None)
    paid(story, 2, FIRST, FIRST)
    story.published = True
    for name, seconds in ((f"{FIRST} group", 0.0123), ("somebody else", 1.0), (FIRST.upper(), 9.0)):
        story.designation_in_force(name, seconds)
    paid(story, 3, LONG, None, outcome="error")
    paid(story, 4, FIRST, FIRST, hit("Versor"))
    paid(story, 5, FIRST, FIRST, hit(""))
    story.payment_sent(DemoPayment("P-6", b"{}", "Acme Trading", None))
    return story


def pictured() -> str:
    """The live picture 80 columns wide, and the summary where there is more room."""
    out, story = StringIO(), played()
    narrow, wide = (
        Console(file=out, width=width, force_terminal=True, color_system="standard", legacy_windows=False)
        for width in (80, 100)
    )
    narrow.print(screen(story, headline="the demo", console_url="http://here"))
    summary(story, wide)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().replace("\x1b", "^").splitlines())


def test_the_picture_is_as_it_stands_beside_this(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)

    assert pictured() == PICTURE.read_text()


def after(**counted: int) -> Story:
    """A story of one company, whose designation is in force where it hit anything."""
    story = Story(published=True)
    for short in COMPANIES:
        story.companies[short].hits_after = 1
    for name, count in counted.items():
        setattr(story.companies[FIRST], name, count)
    return story


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        ({}, []),
        ({"hits_before": 2}, [f"{FIRST}: 2 hits before its designation"]),
        ({"clear_after": 3}, [f"{FIRST}: 3 payments clear after its designation"]),
        ({"hits_after": 0}, [f"{FIRST}: no payment alerted after its designation"]),
    ],
)
def test_each_thing_that_did_not_happen_as_it_must_is_named(counted: dict[str, int], told: list[str]) -> None:
    story = after(**counted)

    assert story.failures() == told
    story.payment_sent(DemoPayment("P-1", b"{}", "Acme", None))
    assert story.failures() == ["1 of 1 payments have no decision", *told]


def test_before_the_list_is_published_no_company_needs_an_alert() -> None:
    assert Story().failures() == []


def test_a_payment_counts_as_after_once_all_companies_are_in_force() -> None:
    story = Story(published=True)
    for number, short in enumerate(COMPANIES):
        story.payment_sent(DemoPayment(f"P-{number}", b"{}", short, short))
        story.designation_in_force(short, 0.1)
    assert story.sent_after == set()
    story.payment_sent(DemoPayment("P-9", b"{}", FIRST, FIRST))

    assert story.sent_after == {"P-9"}


if __name__ == "__main__":
    PICTURE.write_text(pictured())

"""Claims about the console, in a real browser: what the worker does is seen, and names stay text."""

import itertools
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from screening import Designation, Name, NameType, Payment
from screening.cases.dispositions import Disposition, Verdict
from screening.designations import Identifier
from screening.payments import Party, PartyIdentifier, Role
from streams.kafka.embedded import EmbeddedBroker
from streams.records.json import disposition_to_json
from tests.browser.conftest import browser_page
from tests.browser.scene import (
    DEFENSE_ENGINEERING,
    MKRTYCHEV,
    TOPICS,
    VERSOR,
    VERUS,
    company,
    payment,
    scene,
)
from tests.browser.scene import console as desk
from tests.kafka.broker import free_port

CONTRAST = Path(__file__).with_name("contrast.js")
TOKEN = "s3cret"
HOSTILE = '<img src=x onerror="document.title=1">Versor</b><script>document.title=2</script>'
TURNED = "\u202eegnahc\u202c"
"""A name that is read from its end, and what follows it with it, where these marks are obeyed."""


async def hit_of(page: Page, payment_id: str) -> None:
    await expect(page.locator("#rows .row", has_text=payment_id)).to_be_visible()


async def test_a_designation_published_now_stops_the_next_payment() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(MKRTYCHEV)
        worker.pay([payment(1, "Versor s.r.o.")])
        worker.publish(VERUS, DEFENSE_ENGINEERING, VERSOR, effective_seconds=0.0123)
        worker.pay([payment(2, "Versor s.r.o.")])

        await hit_of(page, "P-2")
        await expect(page.locator("#rows .row")).to_have_count(1)
        await expect(page.locator("#changes li").first).to_contain_text("VERSOR S.R.O.")
        await expect(page.locator("#changes li").first).to_contain_text("12 ms")
        await expect(page.locator("#effect")).to_have_text("12")


async def test_a_hit_is_explained_when_opened_by_keyboard() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(MKRTYCHEV)
        worker.pay([payment(7, "Ashot Mkrtychev")])
        await hit_of(page, "P-7")

        await page.keyboard.press("j")
        await page.keyboard.press("Enter")

        why = page.locator("#rows .why")
        await expect(why).to_contain_text("exact")
        await expect(why).to_contain_text("threshold 0.8")
        await expect(why).to_contain_text("/parties/1/name")
        await expect(why).to_contain_text("RUSSIA-EO14024")
        await expect(page.locator("#rows .row > button")).to_have_attribute("aria-expanded", "true")
        await page.keyboard.press("Escape")
        await expect(why).to_have_count(0)


async def test_matched_words_are_marked_in_the_payment_value() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(MKRTYCHEV)
        worker.pay([payment(3, "Ashot MKRTYCHEV")])

        await expect(page.locator("#rows .said mark")).to_have_text(["Ashot", "MKRTYCHEV"])


async def test_a_hit_by_identifier_marks_the_code_and_says_so() -> None:
    bank = Designation(
        "ofac:1", (Name("BANK MELLI", NameType.PRIMARY),), identifiers=(Identifier("bic", "MELIIRTH"),)
    )
    agent = Party(Role.CREDITOR_AGENT, identifiers=(PartyIdentifier("bic", "MELIIRTHXXX", "/parties/0/bic"),))
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(bank)
        worker.pay([Payment("P-4", (agent,))])

        await expect(page.locator("#rows .said mark")).to_have_text(["MELIIRTHXXX"])
        await expect(page.locator("#rows .said")).to_contain_text("identifier, creditor agent of P-4")


async def test_hostile_names_stay_text() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(VERSOR)
        hits = worker.screener.match(VERSOR.name)
        assert hits
        worker.alert_on(payment(5, HOSTILE + TURNED), hits[0])

        row = page.locator("#rows .row")
        await expect(row).to_contain_text(f"{HOSTILE}⟨U+202E⟩egnahc⟨U+202C⟩")
        await row.locator("button").click()
        await expect(page.locator("#rows .why")).to_contain_text(HOSTILE)
        assert await page.locator("main img, main script").count() == 0
        assert await page.title() == "Interdict"


async def test_linked_designations_are_drawn() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(MKRTYCHEV, VERUS, DEFENSE_ENGINEERING, VERSOR)

        await expect(page.locator("#network .node")).to_have_count(4)
        await expect(page.locator("#network .tie")).to_have_count(3)
        await page.locator("#network .node", has_text="Ashot").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#node")).to_contain_text("ofac:41563")


async def test_neighbours_that_did_not_change_are_asked_of_the_worker() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.screener.upsert(MKRTYCHEV)
        worker.publish(VERUS)

        await expect(page.locator("#network .node")).to_have_count(2)
        await expect(page.locator("#network .node", has_text="Ashot")).to_be_visible()


async def test_a_worker_that_is_not_ready_says_why() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        await expect(page.locator("#health")).to_have_attribute("data-state", "ready")
        worker.ready, worker.reasons = False, ["ofac: 3 of 12000 entries missing"]

        await expect(page.locator("#reasons")).to_contain_text("3 of 12000 entries missing")
        await expect(page.locator("#health-text")).to_have_text("Not ready")


async def test_a_page_opened_late_shows_what_happened_before() -> None:
    async with scene() as worker:
        worker.publish(MKRTYCHEV)
        worker.pay([payment(9, "Ashot Mkrtychev")])
        async with browser_page(worker.url) as page:
            await hit_of(page, "P-9")


async def test_a_page_outlives_its_worker_and_forgets_no_hit() -> None:
    port = free_port()
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(EmbeddedBroker(dict(TOPICS.partitions(2)))).bootstrap
        async with scene(port, bootstrap=broker) as worker:
            page = await stack.enter_async_context(browser_page(worker.url, tolerate=("ERR_",)))
            worker.publish(MKRTYCHEV)
            worker.pay([payment(1, "Ashot Mkrtychev")])
            await hit_of(page, "P-1")
        await expect(page.locator("#health-text")).to_have_text("Reconnecting")

        async with scene(port, bootstrap=broker) as worker:
            await expect(page.locator("#health-text")).to_have_text("Ready")
            worker.publish(MKRTYCHEV)
            worker.pay([payment(2, "Ashot Mkrtychev")])
            await hit_of(page, "P-2")
            await hit_of(page, "P-1")


async def test_a_browser_gives_the_token_as_its_password_and_the_stream_has_it_too() -> None:
    credentials = {"username": "analyst", "password": TOKEN}
    async with scene(token=TOKEN) as worker, browser_page(worker.url, http_credentials=credentials) as page:
        worker.publish(MKRTYCHEV)
        worker.pay([payment(1, "Ashot Mkrtychev")])

        await hit_of(page, "P-1")


async def test_a_flood_leaves_the_page_usable_and_what_it_leaves_out_is_said_and_can_be_shown() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(MKRTYCHEV)
        await expect(page.locator("#looked")).to_contain_text("all there are")
        worker.pay(payment(number, "Ashot Mkrtychev") for number in range(500))
        await expect(page.locator("#rows .row")).to_have_count(200)
        await expect(page.locator("#hit-count")).to_have_text("500")
        await page.locator("#rows .row > button").first.click()
        await expect(page.locator("#rows .why")).to_contain_text("exact")

        left = "document.querySelector('#rows .gap button, #older:not([hidden])')"
        while await page.evaluate(f"{left} !== null"):
            await page.evaluate(f"{left}?.click()")
            await page.wait_for_timeout(50)

        await expect(page.locator("#rows .row")).to_have_count(500)
        await expect(page.locator("#looked")).to_have_text("500 shown, all there are")


async def test_rates_lists_and_offsets_are_shown() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(MKRTYCHEV)
        worker.pay(payment(number, "Nordic Timber AB") for number in range(500))

        await expect(page.locator("#rate-note")).to_contain_text("500 in")
        await expect(page.locator("#latency-note")).to_contain_text("p50 2.")
        await expect(page.locator("#rate-chart path")).to_have_count(2)
        await expect(page.locator("#lists tr")).to_contain_text("2023-08-16")
        await expect(page.locator("#facts")).to_contain_text("0:18231")


async def test_pause_holds_the_page_still_and_resume_catches_up() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(MKRTYCHEV)
        await expect(page.locator("#changes li")).to_have_count(1)
        await page.keyboard.press("p")
        worker.pay([payment(1, "Ashot Mkrtychev")])
        worker.ready = False  # told despite the pause: whoever reads health must not be misled
        await expect(page.locator("#health-text")).to_have_text("Not ready")
        await expect(page.locator("#rows .row")).to_have_count(0)

        await page.keyboard.press("p")

        await hit_of(page, "P-1")


async def test_a_search_leaves_the_alerts_that_hold_every_word() -> None:
    async with scene() as worker, browser_page(worker.url) as page:
        worker.publish(MKRTYCHEV, VERUS)
        worker.pay([payment(1, "Ashot Mkrtychev"), payment(2, "Verus")])
        await expect(page.locator("#rows .row")).to_have_count(2)

        await page.keyboard.press("/")
        await page.keyboard.type("verus p-2")

        await expect(page.locator("#rows .row:visible")).to_have_count(1)
        await hit_of(page, "P-2")


@pytest.mark.parametrize("width", [360, 1360])
async def test_a_network_of_25_parties_has_a_line_for_each_name(width: int) -> None:
    """No label lies on another or is cut off, however long it is."""
    names = [
        f"Very Long Holding Company Number {number} Limited Liability Partnership" for number in range(24)
    ]
    async with scene() as worker, browser_page(worker.url, viewport={"width": width, "height": 900}) as page:
        worker.publish(MKRTYCHEV, *(company(number, name) for number, name in enumerate(names)))
        await expect(page.locator("#network .node")).to_have_count(25)

        boxes = await page.eval_on_selector_all("#network .node", BOXES)

    assert all(not cut for *_, cut in boxes)
    ordered = sorted(boxes)
    assert all(bottom <= top for (_, bottom, _), (top, *_) in itertools.pairwise(ordered))


BOXES = """all => all.map(node => {
  const box = node.getBoundingClientRect();
  return [Math.round(box.top), Math.round(box.bottom), node.scrollWidth > node.clientWidth + 1];
})"""


async def test_an_analyst_works_from_the_list_to_the_approved_disposition() -> None:
    writers = "ann:ann-s-token-0123456789,bob:bob-s-token-0123456789"
    credentials = {"username": "ann", "password": "ann-s-token-0123456789"}
    async with (
        desk(web_writers=writers, four_eyes=True, alert_deadlines="any=600") as worker,
        browser_page(worker.url, http_credentials=credentials, tolerate=("403",)) as page,
    ):
        worker.publish(MKRTYCHEV)
        (hit,) = worker.screener.screen(payment(0, "Ashot Mkrtychev")).hits
        marks = (hit.fingerprint, f"{MKRTYCHEV.id}1", "listed", Verdict.FALSE_POSITIVE)
        of_longer_id = Disposition(*marks, "somebody", "of another entry", datetime(2100, 1, 1, tzinfo=UTC))
        worker.send(TOPICS.dispositions, of_longer_id.key, disposition_to_json(of_longer_id))
        worker.pay(payment(number, "Ashot Mkrtychev") for number in range(3))
        row = page.locator("#rows .row")
        await expect(row).to_have_count(1)
        await expect(row).to_contain_text("3 alerts")
        await expect(row).to_contain_text("left")

        await row.locator("button").first.click()
        await expect(page.locator(".past")).to_contain_text("alerted, payment P-2")
        assert "of another entry" not in await page.locator(".past").inner_text()
        await page.locator("textarea").fill("born 1984, not 1957")
        await page.locator("input[type=password]").fill("ann-s-token-0123456789")
        await page.locator(".give button").click()
        await expect(page.locator(".past")).to_contain_text("waits for a second person")

        await page.locator(".past button").click()
        await expect(page.locator(".answer")).to_contain_text("another person approves it")
        await page.locator("input[type=password]").fill("bob-s-token-0123456789")
        await page.locator(".past button").click()
        await expect(page.locator(".past")).to_contain_text("approved by bob")

        await page.get_by_label("true positive", exact=True).check()
        await page.locator(".give button").click()
        await expect(page.locator(".answer")).to_contain_text("true positive until")
        await page.get_by_label("withdraw what stands").check()
        await page.locator(".give button").click()
        await expect(page.locator(".answer")).to_have_text("withdrawn, when a second person has approved it")
        await expect(page.locator(".past")).to_contain_text("withdrawn by bob")
        await page.locator("input[type=password]").fill("ann-s-token-0123456789")
        await page.locator(".past button").click()
        await expect(page.locator(".answer")).to_have_text("withdrawn")
        await expect(page.locator(".past")).to_contain_text("disposition withdrawn")
        await page.get_by_label("true positive", exact=True).check()
        await page.locator(".give button").click()
        await expect(page.locator(".answer")).to_contain_text("true positive until")

        await page.keyboard.press("Escape")
        await page.reload()
        await expect(page.locator("#empty")).to_have_text("Nothing is open.")
        await page.locator("#in-dispositions").click()
        withdrawn = row.filter(has_text="withdrawn").filter(has_text="bob, ann")
        await withdrawn.locator("button").first.click()
        await expect(withdrawn.locator(".why")).to_contain_text("born 1984, not 1957")
        await expect(withdrawn.locator(".why")).not_to_contain_text("null")


async def test_a_cleared_payment_is_found_and_its_address_can_be_sent() -> None:
    async with desk() as worker, browser_page(worker.url) as page:
        worker.pay([payment(1, "Nordic Timber AB"), payment(2, "Delta Freight GmbH")])
        await page.locator("#in-payments").click()
        await page.locator("#words").fill("nordic timber")
        await expect(page.locator("#rows .row")).to_have_count(1)
        await page.locator("#rows .row > button").click()
        await page.get_by_text("what was decided").click()

        await expect(page.locator("#rows .row")).to_contain_text("clear")
        address = page.url
        await page.goto("about:blank")
        await page.goto(address)
        await expect(page.locator("#rows .row")).to_contain_text("P-1")
        await expect(page.locator("#looked")).to_have_text("1 shown, all there are")


@pytest.mark.parametrize("width", [360, 800, 1440])
async def test_nothing_is_wider_than_the_screen(width: int) -> None:
    numbers = count()
    async with scene() as worker, browser_page(worker.url, viewport={"width": width, "height": 800}) as page:
        worker.publish(MKRTYCHEV, DEFENSE_ENGINEERING)
        worker.pay([payment(next(numbers), "Ashot Mkrtychev", amount="1" * 18)])
        await page.locator("#rows .row > button").click()

        assert await page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_is_readable_in_both_schemes(scheme: str) -> None:
    async with scene() as worker, browser_page(worker.url, color_scheme=scheme) as page:
        worker.publish(MKRTYCHEV)
        worker.pay([payment(1, "Ashot Mkrtychev")])
        await hit_of(page, "P-1")

        ratios = await page.evaluate(CONTRAST.read_text())

        assert {where: ratio for where, ratio in ratios.items() if ratio < 4.5} == {}, "WCAG 2.2 AA, 1.4.3"


async def test_the_page_asks_nothing_of_other_hosts() -> None:
    asked: list[str] = []
    async with scene() as worker, browser_page(worker.url) as page:
        page.on("request", lambda request: asked.append(request.url))
        await page.reload()
        worker.publish(MKRTYCHEV)
        await expect(page.locator("#changes li")).to_have_count(1)

        assert [url for url in asked if not url.startswith((worker.url, "data:"))] == []
        assert len(asked) > 5


async def test_the_scene_is_the_real_screener() -> None:
    async with scene() as stage:
        stage.publish(VERSOR)

    assert [hit.designation.id for hit in stage.screener.match("VERSOR S.R.O.")] == ["ofac:44521"]

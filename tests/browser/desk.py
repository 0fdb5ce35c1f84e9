"""`python -m tests.browser.desk FOLDER`: pictures of the desk to look at, with OFAC and UN and 10,000 alerts.

The real lists of the shared data, a real Kafka, and payments to names on the lists: pairs with many alerts,
long names, names in other scripts. Light, dark and on a phone.
"""

import asyncio
import random
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from screening import Designation, Payment, parse_list
from streams.kafka.provisioning import TopicAdmin
from tests.browser.conftest import browser_page
from tests.browser.scene import Scene, console, payment
from tests.command import say
from tests.kafka.broker import KafkaCluster
from tests.shared_data import SHARED_DATA

ALERTS = 10_000
PARTIES = 400
AT_ONCE = 500
LISTS = {"ofac": "ofac", "un": "un/consolidated.xml"}
TOKEN = "analyst-s-token-0123"
SETTINGS = {"web_writers": f"j.doe:{TOKEN}", "four_eyes": True, "alert_deadlines": "instant=600,any=86400"}
TALL = 1_500
SHAPES: dict[str, Any] = {
    "light": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


async def main(folder: Path) -> None:
    with KafkaCluster() as cluster:
        TopicAdmin({"bootstrap.servers": cluster.bootstrap}, "").create(4)
        async with console(cluster.bootstrap, **SETTINGS) as desk:
            await asyncio.to_thread(fill, desk)
            for shape, context in SHAPES.items():
                credentials = {"username": "j.doe", "password": TOKEN}
                async with browser_page(desk.url, http_credentials=credentials, **context) as page:
                    await take(page, folder, shape)


def fill(desk: Scene) -> None:
    listed = [each for source, path in LISTS.items() for each in parse_list(source, SHARED_DATA / path)]
    desk.publish(*listed)
    say(f"{len(listed):,} designations")
    paid = payments(listed)
    while batch := list(islice(paid, AT_ONCE)):
        desk.pay(batch)
    say(f"{ALERTS:,} payments to names on the lists")


def payments(listed: list[Designation]) -> Iterator[Payment]:
    """To some of the names again and again, as customers do."""
    chance = random.Random(1)
    names = [chance.choice(each.names).text for each in chance.sample(listed, PARTIES)]
    for number in range(ALERTS):
        name = names[min(int(chance.expovariate(1 / 60)), PARTIES - 1)]
        more = {"amount": f"{chance.lognormvariate(8, 2):.2f}", "rail": chance.choice(("instant", "swift"))}
        yield payment(number, name, **more)


async def take(page: Page, folder: Path, shape: str) -> None:
    async def picture(name: str) -> None:
        await page.wait_for_timeout(500)
        await page.screenshot(path=folder / f"{name}-{shape}.png")

    began = time.perf_counter()
    await page.locator("#rows .row").first.wait_for()
    say(f"{shape}: the work list in {time.perf_counter() - began:.1f} s")
    await picture("work")
    await page.locator("#rows .row > button").first.click()
    await page.locator(".past time").first.wait_for()
    width = SHAPES[shape]["viewport"]["width"]
    await page.screenshot(
        path=folder / f"pair-{shape}.png",
        full_page=True,
        clip={"x": 0, "y": 0, "width": width, "height": TALL},
    )
    for kind in ("alerts", "decisions", "designations"):
        await page.locator(f"#in-{kind}").click()
        await page.locator("#rows .row").first.wait_for()
        await picture(kind)
    await page.locator("#words").fill("bank mellat")
    await page.locator("#rows .row", has_text="MELLAT").first.wait_for()  # those of before are gone
    await page.locator("#rows .row > button").first.click()
    await page.locator("#network .node").first.wait_for()
    await picture("ties")


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    asyncio.run(main(Path(sys.argv[1])))

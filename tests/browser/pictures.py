"""`python -m tests.browser.pictures`: the README's pictures, of the demo's console in Chromium."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Page

from tests.browser.conftest import browser_page
from tests.kafka.broker import free_port

IMAGES = Path(__file__).parents[2] / "docs" / "images"
DEMO_SECONDS = 100
PICTURES: dict[str, dict[str, Any]] = {
    "console.png": {"viewport": {"width": 1360, "height": 850}, "color_scheme": "light"},
    "console-dark.png": {"viewport": {"width": 1360, "height": 850}, "color_scheme": "dark"},
    "console-phone.png": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


async def main() -> None:
    port = free_port()
    interdict = str(Path(sys.executable).with_name("interdict"))
    demo = await asyncio.create_subprocess_exec(
        *(interdict, "demo", "--seconds", str(DEMO_SECONDS), "--web-port", str(port)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        await _served(url)
        await asyncio.sleep(DEMO_SECONDS * 0.6)  # the designations are published half-way
        for name, context in PICTURES.items():
            async with browser_page(url, **context) as page:
                await _take(page, IMAGES / name)
    finally:
        with suppress(ProcessLookupError):
            demo.terminate()
        await demo.wait()


async def _take(page: Page, path: Path) -> None:
    """A hit opened with its explanation, and the network of the designation that it met."""
    await page.locator("#rows .row").first.wait_for()
    await page.keyboard.press("p")  # rows that come meanwhile would push the opened one away
    await page.locator("#rows .row > button").nth(1).click()
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(700)
    await page.evaluate("document.activeElement.blur()")
    await page.screenshot(path=path)


async def _served(url: str) -> None:
    async with asyncio.timeout(30), aiohttp.ClientSession() as client:
        while True:
            with suppress(aiohttp.ClientError):
                async with client.get(url + "live"):
                    return
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(main())

"""A real Chromium for the console's tests: where it is missing they skip and say so, under CI they fail."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import ConsoleMessage, Page, async_playwright, expect

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE_MS = 20_000  # what is waited for comes in a second; a busy machine may take many
expect.set_options(timeout=PATIENCE_MS)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@asynccontextmanager
async def browser_page(url: str, *, tolerate: tuple[str, ...] = (), **context: Any) -> AsyncIterator[Page]:
    """The page at `url`; script errors and refused resources fail the test, unless tolerated."""
    assert CHROMIUM, "Chromium is needed: tests/browser/install, or CHROMIUM names another one"
    problems: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(Path(CHROMIUM)), args=QUIET)
        page = await (await browser.new_context(**context)).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.extend(_complaint(message)))
        await page.goto(url)
        yield page
        await browser.close()
    left = [problem for problem in problems if not any(text in problem for text in tolerate)]
    assert left == [], left


def _complaint(message: ConsoleMessage) -> list[str]:
    """Chromium logs every 404 as an error; a link to a party no longer on the list is an ordinary one."""
    unlisted = "/designations/" in message.location["url"] and "404" in message.text
    return [message.text] if message.type == "error" and not unlisted else []


@pytest.fixture(autouse=True, scope="session")
def _needs_chromium() -> None:
    if CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here: tests/browser/install installs it, or CHROMIUM names one")

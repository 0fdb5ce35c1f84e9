"""The console of a real worker on a broker: what is published there shows up here."""

from playwright.async_api import expect

from tests.browser.conftest import browser_page
from tests.ops.live import live_worker


async def test_a_designation_published_to_kafka_stops_the_next_payment_in_view() -> None:
    async with live_worker() as worker, browser_page(worker.url) as page:
        await expect(page.locator("#lists tr")).to_contain_text("2023-08-15")
        await worker.pay("VERSOR S.R.O.")
        await expect(page.locator("#rate-note")).to_contain_text("1 in")

        await worker.lists.begin("2023-08-16")
        await worker.lists.entry("44521", "VERSOR S.R.O.")
        await worker.lists.commit("2023-08-16")
        await expect(page.locator("#changes li").first).to_contain_text("VERSOR S.R.O.")
        payment_id = await worker.pay("Versor s.r.o.")

        hit = page.locator("#rows .row")
        await expect(hit).to_have_count(1)
        await expect(hit).to_contain_text(payment_id)
        await hit.locator("button").click()
        await expect(page.locator("#rows .why")).to_contain_text("2023-08-16 (3 entries)")
        await expect(page.locator("#lists tr")).to_contain_text("2023-08-16")

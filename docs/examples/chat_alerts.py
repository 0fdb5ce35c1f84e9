"""Puts alerts into a chat: takes Interdict's webhook, checks its signature, posts a line to Slack or Teams.

python chat_alerts.py --port 8099 --secret whsec_... --slack https://hooks.slack.com/... [--teams URL]
interdict export webhook http://localhost:8099/ --secret-file secret
"""

import argparse
import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiohttp import ClientSession, web

TOLERANCE_SECONDS = 300

Target = tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]
"""The address of a chat, and the shape that it takes."""


def line(alert: dict[str, Any]) -> str:
    """What a person needs in order to open the case; a chat is no place for account numbers."""
    became = alert.get("update", {}).get("what", "raised")
    hits = ", ".join(
        f"{hit['designation']['name']} ({hit['score']:.2f}, {hit['action']})" for hit in alert["hits"]
    )
    return f"Payment {alert['payment_id']}: {became}: {hits}"


def slack(alert: dict[str, Any]) -> dict[str, Any]:
    """An incoming webhook of Slack; its text is escaped as Slack asks."""
    text = line(alert).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": text}


def teams(alert: dict[str, Any]) -> dict[str, Any]:
    """A workflow of Teams that posts an adaptive card."""
    block = {"type": "TextBlock", "text": line(alert), "wrap": True}
    card = {"type": "AdaptiveCard", "version": "1.4", "body": [block]}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """As Standard Webhooks 1.0.0 says; also by its time, so that an old message cannot be posted again."""
    told, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent.isdecimal() or abs(time.time() - int(sent[:12])) > TOLERANCE_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{told}.{sent}.".encode("utf-8", "surrogateescape") + body
    right = b"v1," + base64.b64encode(hmac.digest(key, said, hashlib.sha256))
    given = headers.get("webhook-signature", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(right, given)


def app(secret: str, targets: Sequence[Target]) -> web.Application:
    """What takes alerts and posts each to every target."""

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        if not signed(secret, request.headers, body):
            return web.Response(status=401)
        alert = await request.json()
        async with ClientSession() as session:
            for url, shape in targets:
                async with session.post(url, json=shape(alert)) as answer:
                    if answer.status >= 300:
                        return web.Response(status=503)  # Interdict sends the alert again
        return web.Response(status=204)

    made = web.Application()
    made.router.add_post("/", take)
    return made


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=8099)
    arguments.add_argument("--secret", required=True)
    arguments.add_argument("--slack")
    arguments.add_argument("--teams")
    told = arguments.parse_args()
    wanted = [(url, shape) for url, shape in ((told.slack, slack), (told.teams, teams)) if url]
    web.run_app(app(told.secret, wanted), host="127.0.0.1", port=told.port)

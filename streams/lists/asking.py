"""Asks workers over HTTP which version of every list each has in force."""

import asyncio
import socket
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
import orjson

from config.hosts import is_loopback
from streams.lists.status import ListVersionThere, WorkerLists

ANSWER_SECONDS = 5.0
"""A worker that holds its list answers within milliseconds, also under load."""


async def ask_workers(urls: Iterable[str], token: str | None = None) -> list[WorkerLists]:
    """Every worker behind the URLs; a name with several addresses (a headless service) is several workers."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        groups = await asyncio.gather(*map(_addresses, urls))
        return await asyncio.gather(*(_ask(session, url) for group in groups for url in group))


async def _addresses(url: str) -> list[str]:
    parts = urlsplit(url)
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except OSError:
        return [url]  # asking it shows what is wrong
    hosts = dict.fromkeys(str(address[0]) for *_, address in found)
    if len(hosts) < 2 or parts.scheme == "https" or is_loopback(parts.hostname or ""):
        return [url]
    return [urlunsplit(parts._replace(netloc=_netloc(host, parts.port))) for host in hosts]


def _netloc(host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{port}" if port else name


async def _ask(session: aiohttp.ClientSession, url: str) -> WorkerLists:
    try:
        async with session.get(f"{url.rstrip('/')}/status.json") as answer:
            if answer.status != 200:
                hint = "; give its --token" if answer.status == 401 else ""
                return WorkerLists(url, error=f"{url} answered {answer.status}{hint}")
            return _worker_lists(orjson.loads(await answer.read()))
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return WorkerLists(url, error=f"{url} did not answer: {str(error) or type(error).__name__}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return WorkerLists(url, error=f"{url} is no worker of ours: {error!r}")


def _worker_lists(status: Mapping[str, Any]) -> WorkerLists:
    lists = {
        str(name): ListVersionThere(
            at["version"], at["entries"], at["sha256"], datetime.fromisoformat(at["applied_at"])
        )
        for name, at in status["lists"].items()
    }
    return WorkerLists(str(status["worker"]), lists, int(status["offsets"].get("0", 0)))

"""Schemas fetched when a record first needs them; while the registry is away the record waits."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from config.settings import Settings
from screening.payments.registry.framing import SchemaKey
from screening.payments.registry.readers import read_schema
from screening.payments.registry.schemas import SchemaError, SchemaNeededError, Schemas
from streams.registry.answers import Registry, RegistryAwayError, UnknownSchemaError

log = logging.getLogger(__name__)

RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""Between questions to a registry that is away; the last one from then on."""
UNKNOWN_SECONDS = 10.0
"""How long an unknown schema is not asked for again: a registry may lag behind its own leader."""

T = TypeVar("T")


class RegistryMetrics(Protocol):
    """What is counted of a registry (`streams.worker.metrics.Metrics`)."""

    def schema_asked(self, outcome: str) -> None: ...

    def schemas_wait(self, waiting: bool) -> None: ...


class _Uncounted:
    def schema_asked(self, outcome: str) -> None:
        del outcome

    def schemas_wait(self, waiting: bool) -> None:
        del waiting


class SchemaRegistry:
    """The schemas of one registry, as far as records have needed them."""

    def __init__(self, settings: Settings, metrics: RegistryMetrics | None = None) -> None:
        self.schemas = Schemas()
        self.waiting = ""
        """Why a payment waits for the registry; empty while none does."""
        self._registry = Registry(settings)
        self._metrics = metrics or _Uncounted()

    @property
    def url(self) -> str:
        return self._registry.url

    async def fetch(self, key: SchemaKey) -> None:
        """Ask for a schema until the registry answers; afterwards `schemas` knows it, or knows better."""
        attempt = 0
        try:
            while not await self._fetched(key):
                await asyncio.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1
        finally:
            self.waiting = ""
            self._metrics.schemas_wait(False)

    async def _fetched(self, key: SchemaKey) -> bool:
        try:
            schema = read_schema(await self._registry.schema(key))
        except RegistryAwayError as error:
            self._metrics.schema_asked("no_answer")
            self._metrics.schemas_wait(True)
            if not self.waiting:
                log.warning("payments wait for %s from the schema registry %s: %s", key, self.url, error)
            self.waiting = f"schema registry {self.url}: {error}; a payment waits for {key}"
            return False
        except UnknownSchemaError as error:
            self._metrics.schema_asked("unknown")
            detail = f"{key} is not in the schema registry {self.url} ({error}); register it there, or set "
            self.schemas.put(key, SchemaError(f"{detail}schema_registry_url to the registry of the producer"))
            asyncio.get_running_loop().call_later(UNKNOWN_SECONDS, self.schemas.forget, key)
            return True
        except SchemaError as error:
            self._metrics.schema_asked("unusable")
            self.schemas.put(key, SchemaError(f"{key}: {error}"))
            return True
        self._metrics.schema_asked("found")
        self.schemas.put(key, schema)
        return True

    async def reachable(self) -> None:
        """Raises RegistryAwayError where no registry answers at the address."""
        await self._registry.reachable()


def registry_of(settings: Settings, metrics: RegistryMetrics | None = None) -> SchemaRegistry | None:
    """The registry that the settings name, if any."""
    return SchemaRegistry(settings, metrics) if settings.schema_registry_url else None


def fetching(registry: SchemaRegistry | None, decode: Callable[[Schemas | None], T]) -> T:
    """What `decode` gives once every schema that it needs was fetched; for commands, which may block."""
    while True:
        try:
            return decode(registry.schemas if registry else None)
        except SchemaNeededError as needed:
            if registry is None:
                raise
            with ThreadPoolExecutor(1) as apart:  # the caller may stand in an event loop of its own
                apart.submit(asyncio.run, registry.fetch(needed.key)).result()

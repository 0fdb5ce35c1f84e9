"""Questions to a schema registry and its answers, in Confluent's API, which other registries have as well.

The HTTP client is imported with the first question: it takes 0.15 s of the start of a command that asks none.
"""

import base64
import json
import ssl
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from config.settings import Settings
from screening.payments.registry.framing import SchemaKey
from screening.payments.registry.schemas import Reference, SchemaError, SchemaText

if TYPE_CHECKING:
    from aiohttp import ClientSession

ANSWER_SECONDS = 10.0
MOST_BYTES = 4 << 20
"""Of one answer; a schema has some kilobytes."""
MOST_REFERENCES = 200
"""Schemas that one refers to, all together."""
_NOT_THERE = (40401, 40402, 40403)
"""Error codes: no such subject, version, schema. Any other 404 is an address that is no registry's."""


class RegistryAwayError(RuntimeError):
    """The registry gives no answer that could be trusted; the text says why. It is asked again."""


class UnknownSchemaError(RuntimeError):
    """The registry answers that it does not know what it was asked for."""


class Registry:
    """Asks for schemas, with the credentials and the CA of the settings."""

    def __init__(self, settings: Settings) -> None:
        self.url = str(settings.schema_registry_url).rstrip("/")
        self._auth = _authorization(settings)
        self._tls = ssl.create_default_context(cafile=settings.schema_registry_cafile)

    async def schema(self, key: SchemaKey) -> SchemaText:
        """A schema with all that it refers to. Raises RegistryAwayError, UnknownSchemaError, SchemaError."""
        async with self._session() as session:
            where = f"/schemas/ids/{key.id}" if key.guid is None else f"/schemas/guids/{key.guid}"
            found = await self._ask(session, f"{where}?format=serialized")
            text, references = _text(found), dict[str, Reference]()
            await self._collect(session, found, references, 0)
            return SchemaText(_kind(found), text, tuple(references.values()))

    async def reachable(self) -> None:
        """Raises RegistryAwayError where no registry answers at the address."""
        async with self._session() as session:
            try:
                await self._ask(session, "/subjects")
            except UnknownSchemaError as error:
                raise RegistryAwayError(str(error)) from None

    def _session(self) -> "ClientSession":
        from aiohttp import ClientSession, ClientTimeout

        return ClientSession(headers=self._auth, timeout=ClientTimeout(total=ANSWER_SECONDS))

    async def _collect(
        self,
        session: "ClientSession",
        schema: Mapping[str, Any],
        found: dict[str, Reference],
        depth: int,
    ) -> None:
        """Everything a schema refers to, those first that others refer to."""
        for each in _references(schema):
            name, subject, version = each["name"], each.get("subject"), each.get("version")
            if name in found:
                continue
            if len(found) >= MOST_REFERENCES or depth >= MOST_REFERENCES:
                raise SchemaError(f"a schema that refers to more than {MOST_REFERENCES} others is not read")
            where = f"/subjects/{quote(str(subject), safe='')}/versions/{quote(str(version), safe='')}"
            other = await self._ask(session, f"{where}?format=serialized")
            text = _text(other)
            await self._collect(session, other, found, depth + 1)
            found.setdefault(name, Reference(name, text))

    async def _ask(self, session: "ClientSession", where: str) -> Any:
        from aiohttp import ClientError

        try:
            async with session.get(f"{self.url}{where}", ssl=self._tls, allow_redirects=False) as answer:
                body = await answer.content.read(MOST_BYTES)
                status, whole = answer.status, answer.content.at_eof()
        except (ClientError, TimeoutError, OSError) as error:
            raise RegistryAwayError(f"no answer ({type(error).__name__})") from None
        if not whole:
            raise SchemaError(f"a schema of more than {MOST_BYTES} bytes is not read")
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            raise RegistryAwayError(
                f"it answers {status} and no JSON; is it the address of a registry's API?"
            ) from None
        if status == 404 and isinstance(answer, dict) and answer.get("error_code") in _NOT_THERE:
            raise UnknownSchemaError(str(answer.get("message"))[:200])
        if status in (401, 403):
            raise RegistryAwayError(f"it answers {status}; check schema_registry_username and its password")
        if status != 200:
            raise RegistryAwayError(f"it answers {status}")
        return answer


def _authorization(settings: Settings) -> dict[str, str]:
    """Basic with a user's name, else a bearer token."""
    secret = settings.schema_registry_password
    if secret is None:
        return {}
    if settings.schema_registry_username is None:
        return {"Authorization": f"Bearer {secret.get_secret_value()}"}
    pair = f"{settings.schema_registry_username}:{secret.get_secret_value()}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _kind(answer: Mapping[str, Any]) -> str:
    """Avro is the type that registries leave out."""
    return str(answer.get("schemaType") or "AVRO").upper()


def _text(answer: object) -> str:
    if not isinstance(answer, dict) or not isinstance(answer.get("schema"), str):
        raise RegistryAwayError("it answers without a schema; is it the address of a registry's API?")
    return str(answer["schema"])


def _references(answer: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What a schema says that it refers to, each with a name."""
    found = answer.get("references") or []
    if isinstance(found, list) and all(
        isinstance(each, dict) and isinstance(each.get("name"), str) for each in found
    ):
        return found
    raise RegistryAwayError(
        "it answers with references that are none; is it the address of a registry's API?"
    )

"""Schemas by the key that records name them with: what is known, and what somebody must fetch first."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from screening.payments.registry.framing import Frame, SchemaKey

MOST_SCHEMAS = 1_000
"""Kept at once; a payments topic has some tens in its life."""


class SchemaError(ValueError):
    """This schema cannot be used, or these bytes were not written with it; the text says what to do."""


class SchemaNeededError(Exception):
    """A record names a schema that is not fetched yet: fetch it and decode the record again."""

    def __init__(self, key: SchemaKey) -> None:
        super().__init__(str(key))
        self.key = key


class Reference(NamedTuple):
    """Another schema that one refers to, by the name it uses; the references of that one come before it."""

    name: str
    text: str


class SchemaText(NamedTuple):
    """A schema as a registry hands it out."""

    kind: str
    """AVRO, PROTOBUF or JSON."""
    text: str
    references: Sequence[Reference] = ()


class Schema(Protocol):
    """A schema ready to read records."""

    format: str
    """`avro`, `protobuf` or `json`."""

    def event(self, frame: Frame) -> Any:
        """The record as a JSON value. Raises SchemaError for bytes that were not written with the schema."""


class Schemas:
    """What was fetched so far, the most recently used first; keys that the registry does not know are
    remembered as such."""

    def __init__(self, most: int = MOST_SCHEMAS) -> None:
        self._most = most
        self._known: OrderedDict[SchemaKey, Schema | SchemaError] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def __getitem__(self, key: SchemaKey) -> Schema:
        """Raises SchemaNeededError if it was not fetched, SchemaError if it cannot be used."""
        found = self._known.get(key)
        if found is None:
            raise SchemaNeededError(key)
        self._known.move_to_end(key)
        if isinstance(found, SchemaError):
            raise found
        return found

    def put(self, key: SchemaKey, schema: "Schema | SchemaError") -> None:
        self._known[key] = schema
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def forget(self, key: SchemaKey) -> None:
        self._known.pop(key, None)

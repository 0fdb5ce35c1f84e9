"""Payments of records that stand on the topic, for commands that read the past."""

from collections.abc import Iterable, Mapping, Sequence

from config.settings import Settings
from screening.payments import Payment, decode_payment
from screening.payments.mapping import EventMapping
from streams.registry.fetching import SchemaRegistry, fetching, registry_of


class PaymentReader:
    """Reads as a worker does, by the same registry; a record waits here, too, while that is away."""

    def __init__(self, registry: SchemaRegistry | None = None) -> None:
        self._registry = registry

    def __call__(
        self,
        value: bytes | None,
        headers: Mapping[str, bytes | None] | Iterable[tuple[str, bytes | None]],
        mappings: Sequence[EventMapping],
    ) -> list[Payment]:
        """Blocks while schemas are fetched. Raises PaymentError."""
        given = list(headers.items() if isinstance(headers, Mapping) else headers)
        if self._registry is None:
            return decode_payment(value, None, given, mappings=mappings)
        return fetching(
            self._registry,
            lambda schemas: decode_payment(value, None, given, mappings=mappings, schemas=schemas),
        )


WITHOUT_REGISTRY = PaymentReader()


def reader_of(settings: Settings) -> PaymentReader:
    """By the registry that the settings name, if any."""
    registry = registry_of(settings)
    return PaymentReader(registry) if registry else WITHOUT_REGISTRY

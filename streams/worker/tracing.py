"""OpenTelemetry spans of decided payments, in the trace that the payment came with. An optional extra.

Switched on by OpenTelemetry's own environment: with `OTEL_EXPORTER_OTLP_ENDPOINT` set, every decision is a
span that continues the payment's W3C trace context; `OTEL_TRACES_SAMPLER` and the others work as usual.
Without it nothing is imported and nothing is paid. Attributes hold no name and no account.
"""

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from screening.decisions import Decision, Outcome
from streams.errors import CannotProceedError
from streams.records.headers import Received, headers_of

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class TracingError(CannotProceedError):
    """Spans are asked for and cannot be made; the text says what is missing."""


class Traces:
    """Records one span for each decided message, after the fact: none is open while a payment is decided."""

    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._tracer = provider.get_tracer("interdict")
        self._context = TraceContextTextMapPropagator()

    def record(
        self, decided: Iterable[tuple[Received, Sequence[Decision]]], started_ns: int, ended_ns: int
    ) -> None:
        """Messages with what they came to; read and acknowledged at these times (Unix, nanoseconds)."""
        from opentelemetry.trace import SpanKind, Status, StatusCode

        for message, decisions in decided:
            carrier = {
                name: (value or b"").decode(errors="replace")
                for name, value in headers_of(message)
                if name in ("traceparent", "tracestate")
            }
            span = self._tracer.start_span(
                f"process {message.topic}",
                context=self._context.extract(carrier),
                kind=SpanKind.CONSUMER,
                attributes=_attributes(message, decisions),
                start_time=started_ns,
            )
            if any(decision.outcome is Outcome.ERROR for decision in decisions):
                span.set_status(Status(StatusCode.ERROR, "the payment could not be read"))
            span.end(ended_ns)


def traces_from_environment() -> Traces | None:
    """Spans to the collector that the environment names, or None. Raises TracingError."""
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise TracingError(
            f"{' or '.join(ENDPOINTS)} is set, but OpenTelemetry is missing: pip install 'interdict[otel]'"
        ) from None
    provider = TracerProvider(resource=Resource.create({"service.name": "interdict"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)


def _attributes(message: Received, decisions: Sequence[Decision]) -> dict[str, str | int | list[str]]:
    """By OpenTelemetry's semantic conventions for messaging; ours begin with `interdict`."""
    first = decisions[0] if decisions else None
    return {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.operation.name": "process",
        "messaging.destination.name": message.topic,
        "messaging.destination.partition.id": str(message.partition),
        "messaging.kafka.offset": message.offset,
        "interdict.payments": len(decisions),
        "interdict.outcomes": sorted({str(decision.outcome) for decision in decisions}),
        "interdict.hits": sum(len(decision.hits) for decision in decisions),
        "interdict.list.offset": first.lists.applied_to if first else 0,
        "interdict.matcher": first.matcher if first else "",
    }

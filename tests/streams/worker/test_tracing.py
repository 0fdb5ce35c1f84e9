"""Claims about spans: in the payment's own trace, without a name in them, and nothing unless asked for."""

import subprocess
import sys

import pytest
from faust.types import Message
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from screening import Decision, Designation, Name, NameType, Payment, Screener
from screening.payments import Field, Party, Role
from streams.worker.tracing import ENDPOINTS, Traces, traces_from_environment

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))


def message(headers: list[tuple[str, bytes]]) -> Message:
    return Message(
        "payments",
        3,
        7,
        timestamp=0.0,
        timestamp_type=0,
        headers=headers,
        key=b"k",
        value=b"v",
        checksum=None,
    )


def decided() -> Decision:
    screener = Screener()
    screener.upsert(VERSOR)
    return screener.screen(Payment("P-1", (Party(Role.CREDITOR, names=(Field(VERSOR.name, "/x"),)),)))


def span_of(decision: Decision, headers: list[tuple[str, bytes]]) -> ReadableSpan:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    Traces(provider).record([(message(headers), [decision])], started_ns=1_000, ended_ns=5_000)
    (span,) = exporter.get_finished_spans()
    return span


def test_a_span_continues_the_trace_of_the_payment() -> None:
    span = span_of(decided(), [("traceparent", f"00-{TRACE}-{PARENT}-01".encode())])

    assert span.context is not None
    assert span.parent is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert f"{span.parent.span_id:016x}" == PARENT
    assert span.kind is SpanKind.CONSUMER
    assert (span.start_time, span.end_time) == (1_000, 5_000)


@pytest.mark.parametrize("headers", [[], [("traceparent", b"\xff nonsense")]])
def test_without_a_usable_context_it_begins_a_trace(headers: list[tuple[str, bytes]]) -> None:
    assert span_of(decided(), headers).parent is None


def test_attributes_say_what_was_decided_and_name_nobody() -> None:
    attributes = dict(span_of(decided(), []).attributes or {})

    assert attributes["messaging.kafka.offset"] == 7
    assert attributes["interdict.outcomes"] == ("hit",)
    assert attributes["interdict.hits"] == 1
    assert "VERSOR" not in str(attributes).upper()


def test_a_payment_that_could_not_be_read_is_an_error_span() -> None:
    span = span_of(Screener().refuse("P-1", "not_json: ..."), [])

    assert span.status.status_code is StatusCode.ERROR


def test_nothing_is_traced_unless_a_collector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENDPOINTS:
        monkeypatch.delenv(name, raising=False)

    assert traces_from_environment() is None


def test_a_worker_that_does_not_trace_does_not_load_opentelemetry() -> None:
    check = (
        "import streams.worker.app, sys; "
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", check]).returncode == 0

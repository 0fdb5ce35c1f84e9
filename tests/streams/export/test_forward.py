"""Claims about handing alerts on: each at least once, in order, and where it stopped is where it goes on."""

import asyncio
from collections.abc import Callable, Iterator

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from streams.export.forward import forward
from streams.export.projections import in_form
from streams.export.webhook import WebhookRefusedError
from streams.kafka.embedded import EmbeddedBroker
from tests.streams.export.alerts import alert, alert_bytes

PATIENCE_SECONDS = 30.0


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"screening.alerts": 1}) as embedded:
        yield embedded


async def write(broker: EmbeddedBroker, *values: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
        for value in values:
            await producer.send_and_wait("screening.alerts", value)


class Receiver:
    """Keeps what it is given; stops the forwarding after `enough`; fails where it is told to."""

    def __init__(self, enough: int, fails: Callable[[str], bool] = lambda _: False) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.stopping = asyncio.Event()
        self._enough, self._fails = enough, fails

    async def deliver(self, message_id: str, body: bytes) -> None:
        if self._fails(message_id):
            raise WebhookRefusedError(message_id)
        self.got.append((message_id, body))
        if len(self.got) == self._enough:
            self.stopping.set()

    @property
    def payments(self) -> list[str]:
        return [orjson.loads(body)["payment_id"] for _, body in self.got]


async def run(broker: EmbeddedBroker, receiver: Receiver, form: str = "alert") -> int:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await forward(
            "screening.alerts",
            "interdict-export",
            # the embedded broker forgets a member that left only when its session ends
            {"bootstrap_servers": broker.bootstrap, "session_timeout_ms": 1000, "heartbeat_interval_ms": 300},
            render=in_form(form),
            deliver=receiver.deliver,
            stopping=receiver.stopping,
        )


async def test_alerts_are_handed_on_in_order_and_where_it_stopped_it_goes_on(broker: EmbeddedBroker) -> None:
    await write(broker, *(alert_bytes(f"P-{number}") for number in range(5)))
    first, second = Receiver(enough=2), Receiver(enough=3)

    assert await run(broker, first) == 2
    assert await run(broker, second) == 3

    assert first.payments + second.payments == [f"P-{number}" for number in range(5)]


async def test_an_alert_that_was_refused_comes_again_and_the_ones_before_it_do_not(
    broker: EmbeddedBroker,
) -> None:
    await write(broker, *(alert_bytes(f"P-{number}") for number in range(3)))
    refused = alert("P-1")["decision_id"]
    first = Receiver(enough=3, fails=lambda message_id: message_id == refused)
    with pytest.raises(WebhookRefusedError):
        await run(broker, first)

    second = Receiver(enough=2)
    await run(broker, second)

    assert first.payments == ["P-0"]
    assert second.payments == ["P-1", "P-2"]


async def test_the_message_id_is_the_decisions(broker: EmbeddedBroker) -> None:
    await write(broker, alert_bytes())
    receiver = Receiver(enough=1)

    await run(broker, receiver, "ocsf")

    ((message_id, body),) = receiver.got
    assert message_id == alert()["decision_id"]
    assert orjson.loads(body)["class_uid"] == 2004


async def test_a_record_that_is_no_alert_does_not_hold_up_the_others(broker: EmbeddedBroker) -> None:
    roles: tuple[object, ...] = (None, [], 1)
    (hit,) = alert()["hits"]
    odd = [orjson.dumps({**alert("P-8"), "hits": [{**hit, "role": role}]}) for role in roles]
    await write(broker, b"not json", b'{"decision_id": 1}', b"[]", *odd, alert_bytes("P-9"))
    receiver = Receiver(enough=1)

    await run(broker, receiver, "ecs")

    assert orjson.loads(receiver.got[0][1])["interdict"]["payment_id"] == "P-9"

"""Commands whose work is elsewhere: what they hand on, print and end with."""

import asyncio
import json
import os
import signal
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from screening import Outcome
from screening.lists.catalogue import OFFICIAL
from streams.cli import main
from streams.commands import customers, lookback, recheck, topics
from streams.commands._options import settings_from
from streams.kafka.provisioning import TopicProblem
from streams.kafka.topics import Topics, wanted
from streams.records.json import Origin

Patch = pytest.MonkeyPatch


def run(*words: str, **settings: str) -> Result:
    environment = {f"INTERDICT_{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(main, [*words], env=environment)


# topics


class Admin:
    """Topics of one prefix; `made` is what is missing, `problems` what differs."""

    def __init__(self, made: tuple[str, ...] = (), problems: tuple[TopicProblem, ...] = ()) -> None:
        self.made, self.problems, self.asked = made, problems, list[Any]()

    def __call__(self, client: Any, prefix: str, specs: Any) -> "Admin":
        self.asked.append((client["bootstrap.servers"], prefix, [spec.name for spec in specs]))
        return self

    def create(self, partitions: int, replication: int | None) -> list[str]:
        self.asked.append((partitions, replication))
        return [*self.made]

    def check(self) -> list[TopicProblem]:
        return [*self.problems]


@pytest.mark.parametrize("answers", [False, True])
@pytest.mark.parametrize(
    ("words", "asked"), [((), (12, None)), (("--partitions", "3", "--replication", "2"), (3, 2))]
)
def test_topics_that_were_missing_are_told_from_those_that_exist(
    monkeypatch: Patch, answers: bool, words: tuple[str, ...], asked: tuple[int, int | None]
) -> None:
    admin = Admin(made=("t-payments",))
    monkeypatch.setattr(topics, "TopicAdmin", admin)
    done = run("topics", "create", "--broker", "b:1", "--prefix", "t-", *words, answers=str(answers).lower())

    names = [spec.name for spec in wanted(answers=answers)]
    assert admin.asked == [("b:1", "t-", names), asked]
    assert done.stdout.splitlines() == [
        f"t-{name}: {'created' if name == 'payments' else 'exists'}" for name in names
    ]


def test_what_differs_of_a_topic_is_named_and_ends_with_1(monkeypatch: Patch) -> None:
    problems = (
        TopicProblem("t-payments", "is compacted", "set it"),
        TopicProblem("t-x", "is small", "grow it"),
    )
    monkeypatch.setattr(topics, "TopicAdmin", Admin(problems=problems))
    done = run("topics", "check")
    assert (done.exit_code, done.stdout) == (1, "t-payments: is compacted; set it\nt-x: is small; grow it\n")
    done = run("topics", "check", "--json")
    assert done.exit_code == 1
    assert [orjson.loads(line) for line in done.stdout.splitlines()] == [
        {"topic": "t-payments", "problem": "is compacted", "remedy": "set it"},
        {"topic": "t-x", "problem": "is small", "remedy": "grow it"},
    ]

    monkeypatch.setattr(topics, "TopicAdmin", Admin())
    done = run("topics", "check")
    assert (done.exit_code, done.stdout) == (
        0,
        f"{len(wanted(answers=False))} topics are as the pipeline needs them\n",
    )
    done = run("topics", "check", "--json")
    assert (done.exit_code, done.stdout) == (0, "")


def test_rights_are_printed_of_those_that_are_named() -> None:
    one, every = (run("topics", "rights", *names).stdout for names in (("export",), ()))

    assert one.startswith("#!/bin/sh\n") and every.startswith(one.split("kafka-acls.sh", 2)[0])
    assert {line.split("User:interdict-")[1].split()[0] for line in one.splitlines() if "User:" in line} == {
        "export"
    }
    assert "User:interdict-worker" in every


# customers


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("words", [(), ("--quick", "--json")])
def test_the_state_of_the_book_is_printed_and_an_exit_code(
    monkeypatch: Patch, complete: bool, words: tuple[str, ...]
) -> None:
    asked = list[Any]()

    def read_status(client: Any, topics: Any, required: Any, count: bool) -> Any:
        asked.append((client["bootstrap.servers"], topics.prefix, required, count))
        return SimpleNamespace(
            complete=complete, lines=lambda: ["one", "two"], as_json=lambda: {"complete": complete}
        )

    monkeypatch.setattr("streams.customers.status.read_status", read_status)
    done = run("customers", "status", "--broker", "b:1", "--prefix", "t-", *words, required_lists="ofac")

    assert done.exit_code == (0 if complete else 1)
    assert asked == [("b:1", "t-", ("ofac",), not words)]
    assert (json.loads(done.stdout) if words else done.stdout) == (
        {"complete": complete} if words else "one\ntwo\n"
    )


@pytest.mark.parametrize("crashes", [False, True])
def test_customers_are_screened_until_a_signal_or_until_the_service_cannot_go_on(
    monkeypatch: Patch, crashes: bool
) -> None:
    did = list[str]()

    class Service:
        crash_reason = KeyError("gone")

        def __init__(self, settings: Any, policy: Any) -> None:
            assert policy.threshold < 1
            did.append(settings.group)
            self.crashed = False

        async def start(self) -> None:
            did.append("started")
            self.crashed = crashes
            if not crashes:
                asyncio.get_running_loop().call_later(0.01, signal.raise_signal, signal.SIGTERM)

        async def stop(self) -> None:
            did.append("stopped")

    monkeypatch.setattr("streams.customers.service.CustomerService", Service)
    monkeypatch.setattr("streams.console.server.check_port", lambda *_: None)
    monkeypatch.setattr("streams.worker.allocator.map_large_blocks", lambda: did.append("mapped"))
    monkeypatch.setattr("streams.worker.garbage.look_seldom", lambda: did.append("seldom"))
    monkeypatch.setattr(customers, "begin", lambda _, level: did.append(level))
    done = run("customers", "run", "--group", "g", "--log-level", "WARNING")

    assert did == ["mapped", "WARNING", "seldom", "g", "started", "stopped"]
    assert done.exit_code == (1 if crashes else 0), done.output


# lists


def test_the_authorities_of_lists_are_printed_with_their_addresses() -> None:
    told = run("lists", "sources").stdout
    records = json.loads(run("lists", "sources", "--json").stdout)

    assert [record["source"] for record in records] == [known.source for known in OFFICIAL.values()]
    for known in OFFICIAL.values():
        assert f"{known.source}: {known.authority}" in told
        assert all(url in told for url in known.urls)


# lookback


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ((), ("once", 5 * 86_400, (), False)),
        (("--since", "2h", "--json"), ("once", 7_200, (), True)),
        (
            ("--designation", "ofac:1", "--designation", "un:2"),
            ("once", 5 * 86_400, ("ofac:1", "un:2"), False),
        ),
        (("--follow", "--metrics-port", "9"), ("follow", 5 * 86_400, False, 9)),
        (("--follow", "--since", "1d", "--json"), ("follow", 86_400, True, None)),
    ],
)
def test_a_lookback_is_over_so_many_days_unless_it_is_told_how_long(
    monkeypatch: Patch, words: tuple[str, ...], asked: tuple[Any, ...]
) -> None:
    did = list[Any]()
    monkeypatch.setattr(os, "nice", did.append)
    monkeypatch.setattr(lookback, "look_seldom", lambda: did.append("seldom"))
    monkeypatch.setattr(lookback, "_once", lambda _, *given: did.append(("once", *given)))
    monkeypatch.setattr(lookback, "_follow", lambda _, *given: did.append(("follow", *given)))
    done = run("lookback", *words, lookback_days="5")

    assert done.exit_code == 0, done.output
    assert did == [lookback.NICENESS, "seldom", asked]


# recheck


@pytest.mark.parametrize("fails", [False, True])
async def test_what_is_decided_anew_is_on_the_broker_with_its_alert_before_the_end(
    monkeypatch: Patch, capsys: pytest.CaptureFixture[str], fails: bool
) -> None:
    did = list[Any]()

    class Producer:
        def __init__(self, **options: Any) -> None:
            assert options["acks"] == "all" and options["max_request_size"] == 12_345

        async def start(self) -> None:
            did.append("start")

        async def stop(self) -> None:
            did.append("stop")

    class Outbox:
        def __init__(self, producer: Any, chain: Any, topic: str) -> None:
            assert isinstance(producer(), Producer) and chain.session
            assert topic == "t-screening.audit"

        def send(self, topic: str, key: bytes, value: bytes, headers: Any, alerted: Any = None) -> str:
            assert [name for name, _ in headers] == ["content-type"]
            did.append((topic, key, value, alerted))
            return f"alert of {key.decode()}"

        async def delivered(self) -> None:
            did.append("delivered")
            if fails:
                raise OSError("refused")

        async def last_checkpoint(self) -> None:
            did.append("checkpoint")

    event = Origin("t-payments", 3, 7, 1)

    def stale(payment_id: str, outcome: Outcome) -> Any:
        one = SimpleNamespace(payment_id=payment_id, event=event)
        return one, object(), SimpleNamespace(outcome=outcome), None

    monkeypatch.setattr(recheck, "AIOKafkaProducer", Producer)
    monkeypatch.setattr(recheck, "Outbox", Outbox)
    monkeypatch.setattr(recheck, "alert_to_json", lambda *given: b"alert %d %g" % (len(given), given[3]))
    monkeypatch.setattr(
        recheck, "decision_to_json", lambda *given: b"decision %d %g" % (len(given), given[2])
    )
    settings = settings_from(broker="b:1", topic_prefix="t-").model_copy(update={"max_message_bytes": 12_345})
    again = [stale("P-1", Outcome.HIT), stale("P-2", Outcome.CLEAR)]
    publishing = recheck._publish(settings, Topics("t-"), again, as_json=False)
    if fails:
        with pytest.raises(OSError, match="refused"):
            await publishing
    else:
        await publishing

    assert did[:4] == [
        "start",
        ("t-screening.alerts", b"P-1", b"alert 5 0", None),
        ("t-screening.decisions", b"P-1", b"decision 4 0", "alert of P-1"),
        ("t-screening.decisions", b"P-2", b"decision 4 0", None),
    ]
    assert did[4:] == ["delivered", *([] if fails else ["checkpoint"]), "stop"]
    assert capsys.readouterr().out == "t-payments-3@7 P-1: hit\nt-payments-3@7 P-2: clear\n"

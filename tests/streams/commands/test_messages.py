"""How far a long command says it is, and what each error is said as, word for word."""

import errno
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError
from confluent_kafka import KafkaError, KafkaException

from config.settings import SettingsError
from screening import ListError
from streams.commands import _progress
from streams.commands._errors import HINT, said
from streams.commands._progress import Lines, shown
from streams.kafka.provisioning import BrokerError


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("passed", "told"), [(9.9, ""), (10.0, "1,500 of 3,000 rows, 150 a second, more\n")])
def test_a_line_is_said_every_ten_seconds(
    capsys: pytest.CaptureFixture[str], passed: float, told: str
) -> None:
    clock = Clock()
    lines = Lines("rows", clock)
    clock.now += passed
    lines.at(1_500, 3_000, ", more")
    assert capsys.readouterr().err == told

    clock.now += 9.9
    lines.at(1_980, None)
    assert bool(capsys.readouterr().err) is not bool(told)
    clock.now = 130.0
    lines.at(3_000, None)
    assert capsys.readouterr().err.startswith("3,000 rows, 100 a second" if told else "")


def test_items_go_by_as_they_are_and_are_counted_from_one(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[Any] = []
    monkeypatch.setattr(_progress.Lines, "at", lambda _, *given: counted.append(given))
    assert list(shown("abc", "letters", 3)) == ["a", "b", "c"]
    assert counted == [(1, 3), (2, 3), (3, 3)]

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    counted.clear()
    assert list(shown("abc", "letters")) == ["a", "b", "c"]
    assert counted == []

    def tracked(items: str, what: str, total: int | None) -> Iterator[str]:
        counted.append((what, total))
        yield from items

    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    monkeypatch.setattr(_progress, "track", tracked)
    assert list(shown("abc", "letters", 7)) == ["a", "b", "c"]
    assert counted == [("letters", 7)]


REFUSED = KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BrokerError("one\n two \n"), "one; two"),
        (SettingsError(" "), "no reason was given"),
        (BrokerError("Choose from:\n\ta,\n\tb"), "Choose from: a, b"),
        (ListError("bad"), "bad"),
        (KafkaException(REFUSED), REFUSED.str() + HINT),
        (KafkaException(), "KafkaException()" + HINT),
        (KafkaConnectionError("gone"), "KafkaConnectionError: gone" + HINT),
        (OSError(errno.ENOENT, "No such file", "x.toml"), "x.toml: No such file"),
        (OSError(errno.ENETDOWN, "Network is down"), "[Errno 100] Network is down"),
        (OSError("words alone"), "words alone"),
        (OSError(errno.EPIPE, "Broken pipe"), ""),
        (ValueError("a defect"), ""),
        (ExceptionGroup("two", [ValueError("x"), ListError("bad")]), "bad"),
        (ExceptionGroup("none", [ValueError("x")]), ""),
    ],
)
def test_an_error_of_the_family_is_one_line_and_any_other_is_none(error: BaseException, line: str) -> None:
    assert said(error) == line
    assert said(TopicAuthorizationFailedError()).endswith(HINT)

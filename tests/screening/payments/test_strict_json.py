"""JSON of one reading only: what is read, what is refused, and what is still known of what is refused."""

import pytest

from screening.payments.model import PaymentError, PaymentProblem
from screening.payments.strict_json import MAX_DEPTH, fields, read_json


def refused(raw: bytes) -> PaymentError:
    with pytest.raises(PaymentError) as caught:
        read_json(raw)
    return caught.value


@pytest.mark.parametrize(
    ("begin", "named"),
    [
        (b'{"id": "P-1", ', "P-1"),
        (b' \n{ "id" : "P-1",', "P-1"),
        (b" " * 501 + b'{"id":"P-1",', "P-1"),
        (b" " * 502 + b'{"id":"P-1",', None),
        (b'{"id": "' + b"x" * 256 + b'",', "x" * 256),
        (b'{"id": "' + b"x" * 257 + b'",', None),
        (b'{"id": "P\\"1",', None),
        (b'{"ref": 1, "id": "P-1",', None),
    ],
)
def test_what_cannot_be_read_is_named_by_an_id_that_comes_first(begin: bytes, named: str | None) -> None:
    assert refused(begin).payment_id == named
    assert refused(begin + b'"a": 1, "a": 2}').payment_id == named


@pytest.mark.parametrize(
    "raw", [b'{"a\\\\": "\\"", "b": ["\\\\\\"", {"c": "d\\\\"}]}', b'"a\\"b"', b'["", {}]']
)
def test_quotes_and_backslashes_inside_texts_are_no_second_key(raw: bytes) -> None:
    assert read_json(raw) is not None


@pytest.mark.parametrize("raw", [b'{"a": "x", "a": "x"}', b'[{"b": {"a\\\\": 1, "a\\\\": "\\""}}]'])
def test_a_key_that_stands_twice_is_refused_wherever(raw: bytes) -> None:
    assert refused(raw).problem is PaymentProblem.DUPLICATE_KEY


@pytest.mark.parametrize(("begin", "end"), [(b'{"a":', b"}"), (b"[", b"]")])
def test_levels_are_read_up_to_a_number(begin: bytes, end: bytes) -> None:
    for levels in (MAX_DEPTH + 1, MAX_DEPTH + 2, 2_000):
        assert refused(begin * levels + b"[]" + end * levels).problem is PaymentProblem.TOO_DEEP
    assert read_json(begin * MAX_DEPTH + b"[]" + end * MAX_DEPTH)


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("Ann", [("Ann", "/v")]),
        (" ", []),
        (
            {"a": ["x", " ", 7, True, 1.5, None, {"b~/": "y"}]},
            [("x", "/v/a/0"), ("7", "/v/a/2"), ("y", "/v/a/6/b~0~1")],
        ),
        ({"Ivan Petrov": {"a": ""}}, [("Ivan Petrov", "/v/Ivan Petrov")]),
    ],
)
def test_every_text_and_whole_number_of_a_value_is_found(value: object, texts: list[tuple[str, str]]) -> None:
    assert [*fields(value, "/v")] == texts


@pytest.mark.parametrize(
    ("raw", "problem", "words"),
    [
        (b'{"a": "\xff"}', PaymentProblem.NOT_UTF8, "byte 7 is not UTF-8"),
        (b'{"a": "\\ud800"}', PaymentProblem.NOT_UTF8, "send every character whole"),
        (b'{"a": NaN}', PaymentProblem.BAD_AMOUNT, "amounts as decimal strings"),
        (b"[1, -Infinity]", PaymentProblem.BAD_AMOUNT, "amounts as decimal strings"),
        (b'{"a": nan}', PaymentProblem.NOT_JSON, "send one JSON object"),
    ],
)
def test_what_is_refused_says_why(raw: bytes, problem: PaymentProblem, words: str) -> None:
    error = refused(raw)

    assert error.problem is problem
    assert words in error.detail


def test_a_mark_of_its_encoding_is_passed_over() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}

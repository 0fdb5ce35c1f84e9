"""Which schema a record was written with: each form of the framing, and where it ends too early."""

import pytest

from screening.payments.registry.framing import (
    HEADER,
    MOST_INDEXES,
    Frame,
    FramingError,
    SchemaKey,
    frame_of,
    message_indexes,
)

GUID = bytes(range(16))
KEYED = SchemaKey(guid="00010203-0405-0607-0809-0a0b0c0d0e0f")


@pytest.mark.parametrize(
    ("raw", "headers", "frame"),
    [
        (b"\0\0\0\1\2", (), Frame(SchemaKey(258), b"")),
        (b"\0\0\0\1\2body", (), Frame(SchemaKey(258), b"body")),
        (b'{"id": 1}', (), None),
        (b"", (), None),
        (b"\1" + GUID, (), None),
        (b"body", ((HEADER, b"\0\0\0\0\7"),), Frame(SchemaKey(7), b"body", b"")),
        (b"\0body", (("x", b"\0"), (HEADER, b"\1" + GUID + b"\2")), Frame(KEYED, b"\0body", b"\2")),
        (b"body", ((HEADER, "a text"),), None),
    ],
)
def test_a_record_names_its_schema_in_front_or_in_a_header(
    raw: bytes, headers: tuple[tuple[str, bytes | str], ...], frame: Frame | None
) -> None:
    assert frame_of(raw, headers) == frame


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (b"\0\0\0\1", ()),
        (b"\0", ()),
        (b"x", ((HEADER, b"\0\0\0\1"),)),
        (b"x", ((HEADER, b"\1" + GUID[1:]),)),
        (b"x", ((HEADER, b"\2" + GUID),)),
        (b"x", ((HEADER, b""),)),
    ],
)
def test_a_frame_that_ends_too_early_is_refused(
    raw: bytes, headers: tuple[tuple[str, bytes | str], ...]
) -> None:
    with pytest.raises(FramingError):
        frame_of(raw, headers)


def test_a_schema_is_named_by_its_number_or_its_guid() -> None:
    assert [str(SchemaKey(7)), str(KEYED)] == ["schema 7", f"schema {KEYED.guid}"]


@pytest.mark.parametrize(
    ("raw", "indexes", "rest"),
    [
        (b"\0body", (0,), b"body"),
        (b"\2\4body", (2,), b"body"),
        (b"\4\2\0x", (1, 0), b"x"),
        (b"\2\x80\1", (64,), b""),
        (b"\x80\1" + b"\0" * MOST_INDEXES, (0,) * MOST_INDEXES, b""),
    ],
)
def test_the_place_of_a_message_type_is_read(raw: bytes, indexes: tuple[int, ...], rest: bytes) -> None:
    assert message_indexes(raw) == (indexes, rest)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x80", b"\2", b"\1", b"\3", b"\2\1", b"\x82\1" + b"\0" * 70, b"\x80" * 10 + b"\0"],
)
def test_indexes_that_no_serializer_writes_are_refused(raw: bytes) -> None:
    with pytest.raises(FramingError):
        message_indexes(raw)

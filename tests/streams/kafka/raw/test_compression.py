"""A batch is unpacked up to a limit, by its size and by how many times it is what was sent."""

import struct
import zlib
from collections.abc import Callable
from typing import Any

import cramjam
import pytest
from aiokafka.codec import snappy_encode
from aiokafka.errors import CorruptRecordException

from streams.kafka.raw import compression
from streams.kafka.raw.compression import (
    ALWAYS_UNCOMPRESSED,
    HARMLESS,
    MOST_OF_OURS,
    MOST_TIMES,
    UncompressedTooLargeError,
    decompressed,
)
from tests.streams.kafka.raw.noise import noise

LIMIT = 200_000


def gzip(raw: bytes) -> bytes:
    packed = zlib.compressobj(wbits=31)
    return packed.compress(raw) + packed.flush()


def snappy(raw: bytes) -> bytes:
    """In blocks, as the Java client writes it."""
    return bytes(snappy_encode(raw, xerial_compatible=True))


PACKED: dict[int, Callable[[bytes], Any]] = {
    1: gzip,
    2: snappy,
    3: cramjam.lz4.compress,
    4: cramjam.zstd.compress,
}


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "MOST_UNCOMPRESSED", LIMIT)


@pytest.mark.parametrize("codec", PACKED)
@pytest.mark.usefixtures("limit")
def test_what_fits_is_unpacked_and_what_is_a_byte_larger_is_not(codec: int) -> None:
    pack = PACKED[codec]
    for size in (0, 1, 5_000, LIMIT - 1, LIMIT):
        raw = noise(size)
        assert decompressed(codec, bytes(pack(raw))) == raw
        assert decompressed(codec, memoryview(bytes(pack(raw)))) == raw
    too_large = bytes(pack(noise(LIMIT + 1)))
    assert len(too_large) > HARMLESS
    with pytest.raises(UncompressedTooLargeError, match=f"a batch of more than {LIMIT} bytes"):
        decompressed(codec, too_large)


@pytest.mark.parametrize("codec", [3, 4])
@pytest.mark.usefixtures("limit")
def test_a_few_bytes_that_become_many_grow_up_to_the_limit(codec: int) -> None:
    raw = noise(20_000) + bytes(LIMIT - 20_000)
    packed = bytes(PACKED[codec](raw))
    assert HARMLESS < len(packed) < 6_000  # what it becomes is more than the usual ratio makes room for

    assert decompressed(codec, packed) == raw


def test_a_batch_that_is_not_packed_or_by_nobody_knows_what() -> None:
    assert decompressed(0, memoryview(b"as it is")) == b"as it is"
    for codec in (5, -1):
        with pytest.raises(CorruptRecordException, match=f"there is no codec {codec}"):
            decompressed(codec, b"x")
    with pytest.raises(CorruptRecordException, match="a gzip stream without its end"):
        decompressed(1, gzip(noise(100))[:-4])
    for codec in (1, 2, 3, 4):
        with pytest.raises(CorruptRecordException, match="a batch that cannot be unpacked"):
            decompressed(codec, b"not packed" * 1_000)


@pytest.mark.parametrize("codec", [1, 3, 4])
def test_no_batch_becomes_more_than_so_many_times_what_was_sent(codec: int) -> None:
    """Sixty messages of 5 KB that become 63 MB each held a partition for a minute and a half."""
    fits = bytes(PACKED[codec](bytes(ALWAYS_UNCOMPRESSED)))
    assert len(decompressed(codec, fits)) == ALWAYS_UNCOMPRESSED
    far_packed = bytes(PACKED[codec](bytes(ALWAYS_UNCOMPRESSED + 1)))
    assert len(far_packed) * MOST_TIMES < ALWAYS_UNCOMPRESSED or codec == 3  # lz4 packs 255 times at most
    assert decompressed(codec, far_packed, MOST_OF_OURS) == bytes(ALWAYS_UNCOMPRESSED + 1)
    if codec != 3:
        with pytest.raises(UncompressedTooLargeError, match=f"more than {ALWAYS_UNCOMPRESSED} bytes"):
            decompressed(codec, far_packed)


def test_a_batch_that_says_how_large_it_becomes_is_refused_before_it_is_unpacked() -> None:
    """Snappy says so in its first bytes, and Python made room for what they said: four gigabytes."""
    for said in (b"\xff\xff\xff\xff\x0f", b"\xff\xff\xff\xff\xff"):
        with pytest.raises(UncompressedTooLargeError):
            decompressed(2, said + b"x" * 10)
    assert decompressed(2, snappy_encode(b"one block", xerial_compatible=False)) == b"one block"
    blocks = snappy(b"x" * 100_000)
    with pytest.raises(CorruptRecordException, match="longer than its batch"):
        decompressed(2, blocks[:16] + struct.pack(">i", len(blocks)) + blocks[20:])

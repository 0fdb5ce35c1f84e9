"""Unpacks a batch of records up to a limit: 18 KB of zstd can be 600 MB, and Kafka limits what is packed.

Two limits hold: what one batch may have at all, and how many times its packed size. Without the second, sixty
messages of 5 KB are 4 GB that every reader unpacks and goes through.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import cramjam
from aiokafka.errors import CorruptRecordException, KafkaError

MOST_UNCOMPRESSED = 64 << 20
"""Bytes of one batch: eight times the largest record that is read, and above any producer's batch."""
ALWAYS_UNCOMPRESSED = 8 << 20
"""So much is unpacked however well it is packed: the largest record that the topics take."""
MOST_TIMES = 256
"""Beyond that a batch has no more bytes than so many times its packed ones. Payments and lists pack to a
tenth, and one payment that is repeated for ever, as a test of load sends it, to a hundredth."""
MOST_OF_OURS = 2 * MOST_UNCOMPRESSED
"""Of a batch of our own topics, however it is packed: a dead letter is what a stranger sent, and our headers,
and packed by us."""
HARMLESS = 256
"""So few bytes are less than the limits in any format: zstd makes at most 32,768 of one."""
USUAL_RATIO = 32
_XERIAL = b"\x82SNAPPY\x00"
_XERIAL_HEADER = 16


class UncompressedTooLargeError(KafkaError):  # type: ignore[misc]  # aiokafka's is not typed
    """A batch of records holds more bytes than are read, which are `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(f"a batch of more than {most} bytes")
        self.most = most


def decompressed(codec: int, payload: bytes | memoryview, most: int | None = None) -> bytes:
    """The records of a batch, with one of Kafka's codecs by number, up to `most` bytes or the limits for what
    strangers send. Raises KafkaError for more, and CorruptRecordException for what is not of that codec."""
    if codec == 0:
        return bytes(payload)
    decode = {1: _gzip, 2: _snappy, 3: _lz4, 4: _zstd}.get(codec)
    if decode is None:
        raise CorruptRecordException(f"there is no codec {codec}")
    try:
        return decode(payload, most or _most_unpacked(len(payload)))
    except (cramjam.DecompressionError, zlib.error, struct.error, ValueError) as error:
        raise CorruptRecordException(f"a batch that cannot be unpacked: {error}") from None


def gzip(payload: Any) -> bytes:
    """As aiokafka's gzip_decode, up to the limits, as the three below."""
    return _gzip(payload, _most_unpacked(len(payload)))


def zstd(payload: Any) -> bytes:
    """As aiokafka's zstd_decode."""
    return _zstd(payload, _most_unpacked(len(payload)))


def lz4(payload: Any) -> bytes:
    """As aiokafka's lz4_decode."""
    return _lz4(payload, _most_unpacked(len(payload)))


def snappy(payload: Any) -> bytes:
    """As aiokafka's snappy_decode."""
    return _snappy(payload, _most_unpacked(len(payload)))


def _most_unpacked(packed: int) -> int:
    return min(MOST_UNCOMPRESSED, max(ALWAYS_UNCOMPRESSED, MOST_TIMES * packed))


def _gzip(payload: Any, most: int) -> bytes:
    stream = zlib.decompressobj(wbits=31)
    read = stream.decompress(bytes(payload), most)
    if stream.unconsumed_tail:
        raise UncompressedTooLargeError(most)
    if not stream.eof:
        raise CorruptRecordException("a gzip stream without its end")
    return read


def _zstd(payload: Any, most: int) -> bytes:
    return _into(cramjam.zstd.decompress, cramjam.zstd.decompress_into, payload, most)


def _lz4(payload: Any, most: int) -> bytes:
    return _into(cramjam.lz4.decompress, cramjam.lz4.decompress_into, payload, most)


def _snappy(payload: Any, most: int) -> bytes:
    """Each block says how many bytes it is, and one that does not say so truly is refused when it is
    unpacked."""
    blocks = list(_snappy_blocks(bytes(payload)))
    if sum(map(_stated, blocks)) > most:
        raise UncompressedTooLargeError(most)
    return b"".join(bytes(cramjam.snappy.decompress_raw(block)) for block in blocks)


def _into(whole: Callable[[Any], Any], into: Callable[[Any, Any], int], payload: Any, most: int) -> bytes:
    """Decompress into a buffer that grows up to the limit, because neither format has to state its length."""
    payload = bytes(payload)
    if len(payload) <= HARMLESS:
        return bytes(whole(payload))
    size = min(most, USUAL_RATIO * len(payload))
    while True:
        buffer = bytearray(size)
        try:
            return bytes(memoryview(buffer)[: into(payload, buffer)])
        except cramjam.DecompressionError as error:
            if "whole buffer" not in str(error):
                raise
        if size == most:
            raise UncompressedTooLargeError(most)
        size = min(most, 8 * size)


def _snappy_blocks(payload: bytes) -> Iterator[bytes]:
    """The one block of librdkafka, or those of the Java client with their lengths between them."""
    if not payload.startswith(_XERIAL):
        yield payload
        return
    at = _XERIAL_HEADER
    while at < len(payload):
        (size,) = struct.unpack_from(">i", payload, at)
        if not 0 <= size <= len(payload) - at - 4:
            raise CorruptRecordException("a block of snappy that is longer than its batch")
        yield payload[at + 4 : at + 4 + size]
        at += 4 + size


def _stated(block: bytes) -> int:
    """How many bytes a block says that it becomes: a number of seven bits a byte, of 32 bits at most."""
    size = 0
    for place, byte in enumerate(block[:5]):
        size |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            break
    return size

"""Values that Avro and Protobuf have and JSON has not, as texts that are screened."""

import codecs
import math
import re

from screening.payments.unread import refuse_packed_bytes

_BETWEEN = re.compile(r"\x00?[\x01-\x08\x0e-\x1f\x7f][\x00-\x1f\x7f]*|\x00{2,}")
"""What parts the texts in bytes: tags and lengths of a message inside, or padding. A single zero is half a
letter of UTF-16."""

_EBCDIC = re.compile(
    rb"[\x40\x4b-\x50\x5b-\x61\x6b-\x6f\x7a-\x7f\x81-\x89\x91-\x99\xa2-\xa9\xc1-\xc9\xd1-\xd9\xe2-\xe9\xf0-\xf9]{5,}"
)
_EBCDIC_LETTER = re.compile(rb"[\x81-\x89\x91-\x99\xa2-\xa9\xc1-\xc9\xd1-\xd9\xe2-\xe9]")
FEWEST_LETTERS = 4
"""Of a stretch in EBCDIC; Latin-1 has none of them by chance."""


def text_of(value: bytes) -> str:
    """Bytes as the text in them: a name is found there whatever stands around it.

    A letter that is no UTF-8 is one of Latin-1, as much older software writes it: "Iv\xe1n" is Iván.
    """
    return value.decode("utf-8", _AS_LATIN_1)


def text_inside(value: bytes) -> str:
    """The same where bytes are one value of a record: the texts in them apart, whatever stands between.

    >>> text_inside(b"\\x12\\x04ACME\\x1a\\x03ANN")
    ' ACME ANN'
    """
    refuse_packed_bytes(value)
    text = text_of(value)
    if mainframe := _in_ebcdic(value):
        text = f"{mainframe} {text}"
    return _BETWEEN.sub(" ", text)


def _in_ebcdic(value: bytes) -> str:
    """The words in bytes of a mainframe, which are no UTF-8: each stretch of letters, figures and blanks."""
    try:
        value.decode()
    except UnicodeDecodeError:
        runs = [run for run in _EBCDIC.findall(value) if len(_EBCDIC_LETTER.findall(run)) >= FEWEST_LETTERS]
        return "  ".join(run.decode("cp500").strip() for run in runs)
    return ""


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    letters = [chr(byte) if byte in _LETTERS else "\ufffd" for byte in error.object[error.start : error.end]]
    return "".join(letters), error.end


_LETTERS = range(0xC0, 0xFE)
"""Of Latin-1; the last two, hardly used, mark UTF-16."""
_AS_LATIN_1 = "interdict.latin-1"
codecs.register_error(_AS_LATIN_1, _as_latin_1)


def finite(value: float) -> float | str:
    """A number as JSON has it; one that it has not as its word, which no amount is."""
    return value if math.isfinite(value) else str(value)

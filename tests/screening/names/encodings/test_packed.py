"""Names that a word holds as bytes, in Base64 or in hexadecimal figures."""

from base64 import b64encode
from time import process_time
from uuid import UUID

import pytest

from screening import Designation, Kind, Name, Party, Role, Screener
from screening.names.encodings.packed import held_in
from screening.payments import Payment
from screening.payments.model import Field

IVAN, IGOR = "IVAN ZUVAVOV", "Игорь ЗУВАВОВ"
WORDS = [
    *(b64encode(name.encode(code)).decode() for name in (IVAN, IGOR) for code in ("utf-8", "utf-16")),
    *(b64encode(IVAN.encode(code)).decode() for code in ("utf-16-le", "utf-16-be")),
    *(IVAN.encode().hex(), IGOR.encode().hex().upper(), IVAN.encode("utf-16-be").hex()),
    *(f"0x{IVAN.encode().hex()}", rf"\x{IGOR.encode().hex()}"),
    b64encode(b"WWW ZUVAVOV IVAN").decode().rstrip("="),
]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("around", ["{}", "rent for {} flat 3"])
def test_a_name_is_found_in_the_bytes_that_a_word_of_a_name_or_a_text_holds(word: str, around: str) -> None:
    screener = Screener()
    screener.upsert(Designation(id="eu:1", names=(Name(IVAN), Name(IGOR)), kind=Kind.PERSON))
    field = Field(around.format(word), "/f")
    for party in (
        Party(Role.CREDITOR, names=(field,)),
        Party(Role.CREDITOR, addresses=(field,)),
        Party(Role.REMITTANCE, texts=(field,)),
    ):
        assert [hit.designation.id for hit in screener.screen(Payment("P-1", (party,))).hits] == ["eu:1"]


def test_in_letters_alone_a_name_field_holds_bytes_as_well() -> None:
    word = b64encode(b"ZUVAVA TRADING LLC").decode()
    assert word.isalpha()
    screener = Screener()
    screener.upsert(Designation(id="eu:1", names=(Name("Zuvava Trading LLC"),), kind=Kind.ORGANIZATION))
    assert screener.match(word)


@pytest.mark.parametrize(
    "text",
    [
        *("AB12CD34EF56GH78", "4111111111111111", "REFERENCE-OF-THE-INVOICE", "f" * 64, "0" * 32),
        *(str(UUID(int=2**100 + 7)), "8a61b1e29f9c43d68a61b1e29f9c43d6", b64encode(b"\x89PNG" * 9).decode()),
        *(b64encode("\u4e2d\u6587\ud558\ub098".encode("utf-16")).decode(), "TRANSATLANTICBUSINESS"),
    ],
)
def test_a_reference_holds_no_text(text: str) -> None:
    assert held_in(text) == []


@pytest.mark.parametrize(
    "piece", ["A", "4a", "AAAAAAAAAAAAAAAA ", "4956414e205a5555 ", "-", "0x4956414e205a5555-"]
)
def test_a_long_text_takes_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:
        before = process_time()
        held_in(piece * times)
        return process_time() - before

    seconds(100)
    assert seconds(8000) < 40 * max(seconds(1000), 0.001)

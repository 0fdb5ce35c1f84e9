"""How much one message may hold: each decoder takes as much as its bound says, and nothing of one more."""

from collections.abc import Callable

import pytest

from screening.payments import PaymentError, PaymentProblem, decode_payment
from screening.payments import decode as decoding
from screening.payments.flat import fedwire, nacha
from screening.payments.iso import document
from screening.payments.mapped import pieces
from screening.payments.mapping_file import read_mappings
from screening.payments.mt import message
from tests.screening.payments.flat.test_nacha import PPD, PPD_ENTRY
from tests.screening.payments.flat.test_nacha import nacha as file_of

MAPPING = """
[[mapping]]
name = "batch"
when = ["$.items"]
split = "$.items[*]"
id = "@.id"
[[mapping.party]]
role = "creditor"
name = "@.name"
"""


def iso(count: int) -> bytes:
    return b"<Document>" + b"<TxInf><Cdtr><Nm>Acme</Nm></Cdtr></TxInf>" * count + b"</Document>"


def mt(count: int) -> bytes:
    """Three parties of the message stand in each transaction, one is its own."""
    own = "".join(f":21:T{number}\r\n:32B:EUR1,\r\n:59:/1\r\nACME\r\n" for number in range(count))
    return (
        f"{{1:F01AAAAGB2LAXXX0}}{{2:I101BBBBUS33XXXXN}}{{4:\r\n:20:R\r\n:50K:/1\r\nBOB\r\n{own}-}}".encode()
    )


def wire(*parties: int) -> bytes:
    return "".join(
        f"{{1500}}30{{2000}}000000000100{'{5000}ANN GREEN*' * many}\n" for many in parties
    ).encode()


def events(count: int, shared: int = 0) -> bytes:
    items = ", ".join(f'{{"id": "P-{number}", "name": "Ann"}}' for number in range(count))
    return f'{{"items": [{items}], "beside": [{", ".join(["1234567"] * shared)}]}}'.encode()


@pytest.mark.parametrize(
    ("module", "name", "bound", "within", "beyond"),
    [
        (document, "MAX_PARTIES", 3, lambda: iso(3), lambda: iso(4)),
        (message, "MAX_PARTIES", 11, lambda: mt(2), lambda: mt(3)),
        (message, "MOST_MESSAGES", 2, lambda: mt(1) * 2, lambda: mt(1) * 3),
        (fedwire, "MAX_PARTIES", 8, lambda: wire(1, 5), lambda: wire(1, 6)),
        (
            nacha,
            "MAX_PARTIES",
            12,
            lambda: file_of(PPD, *[PPD_ENTRY] * 2),
            lambda: file_of(PPD, *[PPD_ENTRY] * 3),
        ),
        (
            nacha,
            "MAX_PAYMENTS",
            2,
            lambda: file_of(PPD, *[PPD_ENTRY] * 2),
            lambda: file_of(PPD, *[PPD_ENTRY] * 3),
        ),
        (decoding, "MAX_PAYMENTS", 2, lambda: iso(2), lambda: iso(3)),
        (pieces, "MOST_PAYMENTS", 2, lambda: events(2), lambda: events(3)),
        (pieces, "MOST_SHARED", 42, lambda: events(2, 3), lambda: events(2, 4)),
        (pieces, "MOST_SHARED_VALUES", 12, lambda: events(2, 3), lambda: events(2, 4)),
    ],
)
def test_a_message_is_read_up_to_its_bound(
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    bound: int,
    within: Callable[[], bytes],
    beyond: Callable[[], bytes],
) -> None:
    mappings = read_mappings(MAPPING)
    monkeypatch.setattr(module, name, bound)

    assert decode_payment(within(), mappings=mappings)
    with pytest.raises(PaymentError) as refused:
        decode_payment(beyond(), mappings=mappings)
    assert refused.value.problem is PaymentProblem.TOO_LARGE
    if "SHARED" not in name:
        assert str(bound) in refused.value.detail
    monkeypatch.setattr(module, name, bound - 1)
    with pytest.raises(PaymentError):
        decode_payment(within(), mappings=mappings)

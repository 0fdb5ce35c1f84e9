"""The numbers in the decoders, each by literal values on both sides of it."""

import json
from typing import Any

import pytest

from screening.payments import Payment, PaymentError, PaymentProblem, decode_payment
from screening.payments.iso.json import is_iso_json
from screening.payments.mt.split import holds_mt
from screening.payments.mt.subfields import subfields
from tests.screening.payments.screened import screened


def one(raw: bytes) -> Payment:
    (payment,) = decode_payment(raw)
    return payment


def event(**more: Any) -> bytes:
    return json.dumps({"id": "P-1", "parties": [{"name": "Acme"}], **more}).encode()


def iso(inside: str) -> bytes:
    message = f"<FIToFICstmrCdtTrf><CdtTrfTxInf>{inside}</CdtTrfTxInf></FIToFICstmrCdtTrf>"
    return f"<Document>{message}</Document>".encode()


def mt103(*fields: str, before: str = "{1:F01AAAAGB2LAXXX0}{2:I103BBBBUS33XXXXN}") -> bytes:
    lines = "\r\n".join(fields)
    return f"{before}{{4:\r\n:20:R\r\n{lines}\r\n-}}".encode()


def values(payment: Payment, what: str) -> list[str]:
    return [item.value for item in screened(payment) if item.what == what]


def refusal(raw: bytes) -> PaymentError:
    with pytest.raises(PaymentError) as refused:
        decode_payment(raw)
    return refused.value


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (event(amount="x" * 41), f"/amount: {'x' * 40!r} is no decimal number"),
        (event(currency=7), "/currency: a string is expected, not a value of type number"),
        (event(parties="x" * 41), f"/parties: a list is expected, not {'x' * 40!r}"),
        (
            iso(f'<IntrBkSttlmAmt Ccy="EUR">{"x" * 41}</IntrBkSttlmAmt><Cdtr><Nm>A</Nm></Cdtr>'),
            f": {'x' * 40!r} is no",
        ),
        (mt103(":32A:" + "X" * 41, ":59:ACME"), f"32A: {'X' * 40!r}; [date,] currency and amount"),
        (b"{1500}30{2000}" + b"X" * 41 + b"{5000}ANN*", f"{{2000}}: {'X' * 40!r}; 12 digits are expected"),
    ],
)
def test_a_refusal_shows_forty_characters_of_what_it_refuses(raw: bytes, said: str) -> None:
    assert said in refusal(raw).detail


def test_a_name_in_parts_is_read_as_one_below_500_characters() -> None:
    for length, joined in ((499, True), (500, False)):
        parts = ["a" * 250, "b" * (length - 250)]
        names = values(one(event(parties=[{"name": parts}])), "names")
        assert (" ".join(parts) in names) is joined


def test_texts_in_lines_are_one_from_two_lines_on() -> None:
    assert values(one(event(remittance=["one"])), "texts") == ["one"]
    assert values(one(event(remittance=["one", "two"])), "texts") == ["one", "two", "one two"]


@pytest.mark.parametrize(
    ("length", "continued"), [(32, False), (33, True), (34, True), (35, True), (36, False)]
)
def test_a_name_that_fills_a_line_goes_on_in_the_address(length: int, continued: bool) -> None:
    name = "N" * length
    party = f"<Cdtr><Nm>{name}</Nm><PstlAdr><AdrLine>ext one</AdrLine><AdrLine>two</AdrLine></PstlAdr></Cdtr>"

    names = values(one(iso(party)), "names")

    assert names == ([name, f"{name} ext one"] if continued else [name])


@pytest.mark.parametrize(("length", "continued"), [(32, False), (33, True), (35, True)])
def test_an_mt_name_that_fills_a_line_goes_on_in_the_next_without_a_blank(
    length: int, continued: bool
) -> None:
    name = "N" * length
    names = values(one(mt103(":59:/1", name, "EXT")), "names")

    assert names == ([name, f"{name}EXT"] if continued else [name])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("A12345", []), ("A123456", ["A123456"]), ("12345678", []), ("123456789", ["123456789"])),
        *(("A" * 6 + "1" * 122, ["A" * 6 + "1" * 122]), ("1" * 128, ["1" * 128]), ("1" * 129, [])),
    ],
)
def test_a_number_in_an_unknown_leaf_may_identify_somebody_from_its_length_on(
    text: str, found: list[str]
) -> None:
    payment = one(iso(f"<Cdtr><Nm>A</Nm></Cdtr><Xyz>{text}</Xyz>"))

    assert [code.value for party in payment.parties for code in party.identifiers] == found


@pytest.mark.parametrize(("length", "found"), [(24, False), (25, True), (128, True), (129, False)])
def test_a_reference_may_be_a_wallet_from_25_characters_on(length: int, found: bool) -> None:
    text = "1a" * (length // 2) + "1" * (length % 2)
    payment = one(iso(f"<PmtId><EndToEndId>{text}</EndToEndId></PmtId><Cdtr><Nm>A</Nm></Cdtr>"))

    assert [code.value for party in payment.parties for code in party.identifiers] == (
        [text] if found else []
    )


@pytest.mark.parametrize(("length", "rail"), [(35, "sepa"), (36, None)])
def test_the_name_of_a_service_has_35_characters(length: int, rail: str | None) -> None:
    padded = "SEPA".ljust(length)
    raw = iso(f"<PmtTpInf><SvcLvl><Cd>{padded}</Cd></SvcLvl></PmtTpInf><Cdtr><Nm>A</Nm></Cdtr>")

    assert one(raw).rail == rail


def test_elements_may_stand_64_levels_deep() -> None:
    def nested(levels: int) -> bytes:
        return b"<Document>" + b"<x>" * levels + b"Osama Laden" + b"</x>" * levels + b"</Document>"

    deepest = next(levels for levels in range(60, 80) if refused(nested(levels)))
    assert deepest == 66
    assert refusal(nested(deepest)).detail == "more than 64 levels of elements"


def refused(raw: bytes) -> bool:
    try:
        decode_payment(raw)
    except PaymentError as error:
        return error.problem is PaymentProblem.TOO_DEEP
    return False


def test_json_may_be_nested_64_levels_deep() -> None:
    def nested(levels: int) -> bytes:
        return b'{"id": "P", "parties": [{"name": "A"}], "x": ' + b"[" * levels + b"1" + b"]" * levels + b"}"

    deepest = next(levels for levels in range(60, 80) if refused(nested(levels)))
    assert deepest == 65
    assert refusal(nested(deepest)).detail == "more than 64 levels of nesting"


def test_an_attribute_is_a_currency_s_code_of_three_characters_or_text() -> None:
    for code, text in (("EUR", []), ("EURO", ["EURO"]), ("EU", ["EU"])):
        payment = one(iso(f'<Cdtr><Nm Ccy="{code}">A</Nm></Cdtr>'))
        assert values(payment, "texts") == text


def test_five_of_the_fields_that_stand_twice_are_named() -> None:
    doubled = [f":{tag}:X{number}" for tag in ("23B", "32A", "33B", "71A", "50K", "59") for number in (1, 2)]
    payment = one(mt103(*(field.replace("32A:X1", "32A:EUR1,") for field in doubled)))
    (note,) = (note for note in payment.notes if "stands more than once" in note)

    assert note.count(",") == 4


def test_five_of_the_blocks_that_stand_twice_are_named() -> None:
    blocks = "".join(f"{{{name}:X}}" * 2 for name in (101, 102, 103, 104, 105, 106))
    before = "{1:F01AAAAGB2LAXXX0}{2:I103BBBBUS33XXXXN}{3:" + blocks + "}"
    (note,) = (note for note in one(mt103(":59:ACME", before=before)).notes if "block" in note)

    assert note.startswith("block 101, 102, 103, 104, 105 stands more than once")


@pytest.mark.parametrize(("length", "framed"), [(61, True), (62, False)])
def test_bytes_of_a_frame_before_a_message_are_no_text_up_to_their_length(length: int, framed: bool) -> None:
    raw = b"\xff" * length + mt103(":59:ACME")
    if framed:
        assert one(raw).id.endswith("/R")
    else:
        assert refusal(raw).problem is PaymentProblem.NOT_UTF8


def test_a_hundred_subfields_are_taken_apart() -> None:
    for number, found in ((99, True), (100, False)):
        lines = ["166" + "?00X1" * number + "?99OSAMA LADEN"]
        texts = [field.value for party in subfields(lines, "86") for field in party.texts]
        assert ("OSAMA LADEN" in texts) is found


def test_a_message_of_iso_20022_in_json_stands_in_one_wrapper_among_three_keys() -> None:
    inner: dict[str, dict[str, object]] = {"Document": {}}
    for others, told in ((2, True), (3, False)):
        wrapper = {f"k{number}": 1 for number in range(others)} | {"data": inner}
        assert is_iso_json(wrapper) is told
    for before, told in ((19, True), (20, False)):
        assert is_iso_json({f"k{number}": 1 for number in range(before)} | {"Document": {}}) is told


def test_a_content_type_is_shown_in_sixty_characters() -> None:
    with pytest.raises(PaymentError) as told:
        decode_payment(b"hello", content_type="x/" + "y" * 59)
    assert "content-type 'x/" + "y" * 58 + "'" in str(told.value)


@pytest.mark.parametrize(("front", "held"), [(4_084, True), (4_085, False)])
def test_a_swift_message_begins_within_so_many_bytes(front: int, held: bool) -> None:
    assert holds_mt(b"x" * front + b"{1:F01ABCDGB2LAXXX") is held


@pytest.mark.parametrize("messages", [1, 2, 3])
def test_a_message_that_is_refused_in_all_its_parts_says_so_by_its_first(messages: int) -> None:
    head = "{1:F01AAAAGB2LAXXX0}{2:I103BBBBUS33XXXXN}"
    parts = [mt103(":32A:230817USDbad", before=head).replace(b"R\r", b"R%d\r" % at) for at in range(messages)]
    error = refusal(b"\n".join(parts))

    more = f"; {messages - 1} more in this message are refused" if messages > 1 else ""
    assert error.detail.endswith(f"a comma are expected{more}")
    assert error.payment_id == "AAAAGB2L/R0"


@pytest.mark.parametrize(
    ("tag", "text", "screened_as_text"),
    [
        ("BizSvc", "swift.cbprplus.versor", False),
        ("BizSvc", "swift versor cbpr", True),
        ("MsgDefIdr", "VERSOR", False),
        ("BizMsgIdr", "swift.cbprplus.versor", True),
        ("BizMsgIdr", "VERSOR", True),
        ("BizMsgIdr", "REF-2026-1", False),
    ],
)
def test_a_reference_is_text_unless_it_looks_like_one(tag: str, text: str, screened_as_text: bool) -> None:
    header, document = f"<AppHdr><{tag}>{text}</{tag}></AppHdr>", iso("<Cdtr><Nm>Ann</Nm></Cdtr>").decode()
    payment = one(f"<E>{header}{document}</E>".encode())

    assert (text in values(payment, "texts")) is screened_as_text

"""SWIFT MT: parties in every option, sequence B, code words, and no line left unscreened."""

import pytest

from screening.designations import Kind
from screening.payments import Party, Payment, PaymentError, PaymentProblem, Role, decode_payment
from screening.payments.mt.split import split_bytes
from tests.screening.payments.screened import screened

HEADERS = "{1:F01TATRSKBXAXXX0000000000}{2:O1030925230817ABCDGB2LXXXX00000000002308170925N}"
UETR = "eb6305c9-1f7f-49de-aed0-16487c27b42d"


def mt(fields: str, headers: str = HEADERS, user: str = "") -> bytes:
    """A message with field 20 and the fields of the test."""
    return f"{headers}{user}{{4:\n:20:REF-1\n{fields}\n-}}".replace("\n", "\r\n").encode()


def decoded(fields: str) -> Payment:
    (payment,) = decode_payment(mt(fields))
    return payment


def party(fields: str, role: Role) -> Party:
    (found,) = [party for party in decoded(fields).parties if party.role is role]
    return found


def refused(raw: bytes) -> PaymentError:
    with pytest.raises(PaymentError) as caught:
        decode_payment(raw)
    return caught.value


@pytest.mark.parametrize(
    ("line", "number", "issuer"),
    [
        ("CUST/DE/IVAN ZUVAVOV/1234", "1234", "IVAN ZUVAVOV/1234"),
        ("EMPL/AE/ZUVAVA TRADING LLC/77", "77", "ZUVAVA TRADING LLC/77"),
        ("CUST/DE/77/1234", "1234", None),
        ("CCPT/DE/C01X00T4", "C01X00T4", None),
    ],
)
def test_who_issued_the_number_of_a_50f_is_text(line: str, number: str, issuer: str | None) -> None:
    debtor = party(f":50F:{line}\n1/ANNA GREEN\n3/DE/BREMEN", Role.DEBTOR)

    assert [identifier.value for identifier in debtor.identifiers] == [number]
    assert [text.value for text in debtor.texts] == ([issuer] if issuer else [])


@pytest.mark.parametrize(
    ("kind", "fields", "roles"),
    [
        (
            "103",
            ":50K:ANN\n:52D:BAY BANK\n:57D:SEA BANK\n:59:BOB",
            "debtor debtor_agent creditor_agent creditor",
        ),
        (
            "104",
            ":50K:ANN\n:52D:BAY BANK\n:57D:SEA BANK\n:59:BOB",
            "creditor creditor_agent debtor_agent debtor",
        ),
        ("107", ":50L:CID\n:50A:ABCDGB2L\n:59F:1/BOB", "initiating_party creditor debtor"),
        ("204", ":58D:BAY BANK\n:53D:SEA BANK", "creditor debtor"),
    ],
)
def test_whoever_draws_by_a_direct_debit_is_its_creditor(kind: str, fields: str, roles: str) -> None:
    raw = mt(f":21:T-1\n:32B:EUR5,\n{fields}", headers=HEADERS.replace("{2:O103", "{2:O" + kind))
    (payment,) = decode_payment(raw)

    named = [
        party for party in payment.parties if not party.identifiers or "50A" in party.identifiers[0].path
    ]
    assert [party.role for party in named] == roles.split()


@pytest.mark.parametrize("begin", ["{4:", "{4:\n"])
@pytest.mark.parametrize("end", ["-}", "\n-}"])
def test_a_text_block_may_stand_in_one_line_with_its_marks(begin: str, end: str) -> None:
    (payment,) = decode_payment(f"{HEADERS}{begin}:20:R-1\n:59:VERSOR{end}".encode())

    creditor = next(party for party in payment.parties if party.role is Role.CREDITOR)
    assert (payment.id, creditor.names) == ("ABCDGB2L/R-1", (("VERSOR", "59/1"),))


def test_a_header_may_begin_with_the_address_itself() -> None:
    message = mt(":32A:230817USD12500,").decode()
    application = message[: message.index("{2:")]
    for block, bic in (("TATRSKBXAXXX0000000000", "TATRSKBX"), ("TATRSKBXA1230000000000", "TATRSKBX123")):
        (payment,) = decode_payment(message.replace(application, f"{{1:{block}}}").encode())
        said = [
            found.value for party in payment.parties for found in party.identifiers if found.path == "block 1"
        ]
        assert said == [bic]


def test_headers_give_sender_receiver_uetr_and_the_id() -> None:
    (payment,) = decode_payment(mt(":32A:230817USD12500,", user=f"{{3:{{121:{UETR}}}}}"))

    sender, receiver = payment.parties
    assert (sender.role, sender.identifiers[0].value) == (Role.INSTRUCTING_AGENT, "ABCDGB2L")
    assert (receiver.role, receiver.identifiers[0].value) == (Role.INSTRUCTED_AGENT, "TATRSKBX")
    assert (payment.id, payment.uetr, payment.format) == (f"ABCDGB2L/REF-1/{UETR}", UETR, "mt103")
    assert (payment.amount, payment.currency, payment.rail) == ("12500", "USD", "swift")


def test_an_input_message_has_its_sender_in_block_1() -> None:
    (payment,) = decode_payment(mt(":32A:230817USD1,5", "{1:F01ABCDGB2LAXXX0000000000}{2:I202TATRSKBXX123N}"))

    assert [item.value for item in screened(payment)] == ["ABCDGB2L", "TATRSKBX123"]
    assert (payment.id, payment.format, payment.amount) == ("ABCDGB2L/REF-1", "mt202", "1.5")


def test_option_k_gives_name_address_and_account() -> None:
    debtor = party(":50K:/GB29NWBK60161331926819\nACME TRADING LTD\n1 HIGH STREET\nLONDON", Role.DEBTOR)

    assert debtor.names == (("ACME TRADING LTD", "50K/2"),)
    assert debtor.identifiers == (("iban", "GB29NWBK60161331926819", "50K/1"),)
    assert debtor.addresses == (("1 HIGH STREET", "50K/3"), ("LONDON", "50K/4"))


def test_a_name_that_runs_over_its_line_is_screened_whole() -> None:
    creditor = party(":59:/1\nLIMITED LIABILITY COMPANY VERUS TRA\nDING HOUSE\nMOSCOW", Role.CREDITOR)

    values = [field.value for field in (*creditor.names, *creditor.texts, *creditor.addresses)]
    assert "LIMITED LIABILITY COMPANY VERUS TRADING HOUSE" in values
    assert "LIMITED LIABILITY COMPANY VERUS TRA DING HOUSE MOSCOW" in values
    assert {"LIMITED LIABILITY COMPANY VERUS TRA", "DING HOUSE", "MOSCOW"} <= set(values)


def test_option_f_gives_every_numbered_line_its_meaning() -> None:
    debtor = party(
        ":50F:CCPT/DE/C01X00T4\n1/VAN DER BERG\n1/JOHANNES\n2/HIGH ST 1\n3/KZ/ALMATY\n4/19680501\n5/BY/MINSK",
        Role.DEBTOR,
    )

    assert debtor.names == (("VAN DER BERG JOHANNES", "50F/2"),)
    assert debtor.identifiers == (("passport", "C01X00T4", "50F/1"),)
    assert debtor.countries == (("KZ", "50F/5"),)
    assert [field.value for field in debtor.addresses] == ["HIGH ST 1", "ALMATY"]
    assert debtor.birth_date is not None and debtor.birth_date.earliest.isoformat() == "1968-05-01"
    assert ("BY/MINSK", "50F/7") in debtor.texts


def test_option_f_joins_a_word_cut_at_the_end_of_a_line() -> None:
    cut = "ABCDEFGHIJKLMNOPQRSTUVWXYZ VERSOR S"
    creditor = party(f":59F:/1\n1/{cut[:33]}\n1/{cut[33:]}RO\n3/SK/BRATISLAVA", Role.CREDITOR)

    assert f"{cut}RO" in [name.value for name in creditor.names]


def test_a_line_of_option_f_without_a_number_goes_on_with_the_name_or_the_address_before() -> None:
    creditor = party(":59F:/1\n1/VERSOR\nTRADING\n2/HIGH STREET\n7\n3/SK/BRATISLAVA\nX", Role.CREDITOR)

    assert [name.value for name in creditor.names] == ["VERSOR TRADING"]
    assert [line.value for line in creditor.addresses] == ["HIGH STREET", "7", "BRATISLAVA"]


@pytest.mark.parametrize(
    ("field", "role"),
    [
        (":50A:/1\nTATRSKBX", Role.DEBTOR),
        (":51A:TATRSKBX", Role.INSTRUCTING_AGENT),
        (":52A:/C/123\nTATRSKBX", Role.DEBTOR_AGENT),
        (":53A:TATRSKBX", Role.REIMBURSEMENT_AGENT),
        (":54A:TATRSKBX", Role.REIMBURSEMENT_AGENT),
        (":55A:TATRSKBX", Role.REIMBURSEMENT_AGENT),
        (":56A://FW021000018\nTATRSKBX", Role.INTERMEDIARY_AGENT),
        (":57A:TATRSKBX", Role.CREDITOR_AGENT),
        (":58A:TATRSKBX", Role.CREDITOR),
        (":59A:/1\nTATRSKBX", Role.CREDITOR),
    ],
)
def test_option_a_is_a_bic_in_its_role(field: str, role: Role) -> None:
    payment = decode_payment(mt(field, headers="{1:F01}"))[0]

    bics = [
        (party.role, party.kind) for party in payment.parties for i in party.identifiers if i.scheme == "bic"
    ]
    assert bics == [(role, Kind.ORGANIZATION)]


@pytest.mark.parametrize("word", ["SBERBANK", "BRIMOTEK", "GAZPROMBANK"])
@pytest.mark.parametrize(
    "field",
    [
        *(":50K:{}", ":50K:/1\n{}\nMOSCOW", ":50:{}", ":50L:{}", ":52D:{}", ":53B:/1\n{}", ":56D://RU1\n{}"),
        *(":57B:{}", ":57D:{}\nMOSCOW", ":58D:{}", ":59:/1\n{}", ":87D:{}"),
    ],
)
def test_a_name_in_the_shape_of_a_bic_is_a_name_where_an_option_has_one(field: str, word: str) -> None:
    (found,) = [party for party in decoded(field.format(word)).parties if party.names]

    assert found.names[0].value == word
    assert [each[:2] for each in found.identifiers if each.scheme == "bic"] == [("bic", word)]


def test_behind_a_bic_where_an_option_has_a_name_stands_the_name() -> None:
    found = party(":57D:TATRSKBX\nVERSOR BANK\nBRATISLAVA", Role.CREDITOR_AGENT)

    assert [name.value for name in found.names] == ["TATRSKBX", "VERSOR BANK"]
    assert [address.value for address in found.addresses] == ["BRATISLAVA"]


def test_what_names_no_country_is_a_name_also_where_an_option_has_a_bic() -> None:
    assert party(":57A:BRIMOTEK", Role.CREDITOR_AGENT).names[0].value == "BRIMOTEK"
    assert party(":57A:TATRSKBX", Role.CREDITOR_AGENT).names == ()
    assert party(":57D:SCHIFF01", Role.CREDITOR_AGENT).names[0].value == "SCHIFF01"


def test_a_bic_in_small_letters_is_one_where_an_option_has_it() -> None:
    (found,) = party(":57A:/1\ntatrskbx", Role.CREDITOR_AGENT).identifiers[1:]

    assert found == ("bic", "TATRSKBX", "57A/2")


def test_option_j_says_by_codes_what_is_what_over_the_ends_of_lines() -> None:
    found = party(":58J:/ABIC/TATRSKBX/ACCT/12/NAME/DANUBIA\n MACHINE TOOLS/CITY/BRATISLAVA", Role.CREDITOR)

    assert "DANUBIA MACHINE TOOLS" in [name.value for name in found.names]
    assert [each[:2] for each in found.identifiers] == [("bic", "TATRSKBX"), ("account", "12")]
    assert [address.value for address in found.addresses] == ["BRATISLAVA"]


def test_sequence_b_of_a_cover_payment_has_its_own_parties_and_paths() -> None:
    payment = decoded(
        ":52A:AAAAGB2L\n:58A:BBBBSKBX\n:50K:ACME TRADING LTD\n:52A:CCCCGB2L\n:59:VERSOR S.R.O.\n:70:INV 4471"
    )

    found = {item.path: (item.role, item.value) for item in screened(payment)}
    assert found["50K/1"] == (Role.DEBTOR, "ACME TRADING LTD")
    assert found["52A[2]/1"] == (Role.DEBTOR_AGENT, "CCCCGB2L")
    assert found["59/1"] == (Role.CREDITOR, "VERSOR S.R.O.")
    assert found["70/1"] == (Role.REMITTANCE, "INV 4471")


def test_code_words_of_field_70_name_the_ultimate_parties() -> None:
    payment = decoded(":70:/ULTD/VERUS\n//LLC\n/ULTB/VERSOR S.R.O.\n/ROC/INV 1")

    names = [(party.role, *party.names[0]) for party in payment.parties if party.names]
    assert names == [
        (Role.ULTIMATE_DEBTOR, "VERUS LLC", "70/1"),
        (Role.ULTIMATE_CREDITOR, "VERSOR S.R.O.", "70/3"),
    ]


def test_code_words_of_field_72_name_agents() -> None:
    payment = decoded(":72:/INS/ABNANL2AXXX\n/INT/TATRSKBX\n/REC/DEUTDEFF")

    agents = [(party.role, party.identifiers[0].value) for party in payment.parties[2:] if party.identifiers]
    assert agents == [
        (Role.INSTRUCTING_AGENT, "ABNANL2AXXX"),
        (Role.INTERMEDIARY_AGENT, "TATRSKBX"),
        (Role.OTHER, "DEUTDEFF"),
    ]


def test_field_77b_gives_the_residence_of_a_party() -> None:
    debtor = party(":77B:/ORDERRES/BE//MEILAAN 1, 9000 GENT", Role.DEBTOR)

    assert debtor.countries == (("BE", "77B/1"),)
    assert debtor.addresses == (("MEILAAN 1, 9000 GENT", "77B/1"),)


def test_a_narrative_is_screened_by_line_and_as_a_whole() -> None:
    payment = decoded(":72:/REC/FOR LIMITED LIABILITY COMP\n//ANY VERUS")

    values = [item.value for item in screened(payment)]
    assert {"//ANY VERUS", "/REC/FOR LIMITED LIABILITY COMPANY VERUS"} <= set(values)


@pytest.mark.parametrize(
    "fields",
    [
        ":20C:TO VERSOR",
        ":21:VERSOR",
        ":23E:PHOB/VERSOR S.R.O.",
        ":25:VERSOR S.R.O.",
        ":26T:K90\nVERSOR",
        ":50F:/1\nVERSOR",
        ":50F:/1\n4/VERSOR",
        ":50F:/1\n3/VERSOR/TOWN",
        ":52A:TATRSKBX\nVERSOR",
        ":52B:/1\nVERSOR",
        ":57C:/VERSOR SRO",
        ":58D:/VERSOR LTD/\nDEPARTMENT",
        ":61:2308170817C1,NTRFREF\nVERSOR SRO",
        ":71A:OUR\n:50k:VERSOR",
        ":77T:VERSOR",
        ":86:VERSOR",
        ":99Z:VERSOR",
    ],
)
def test_no_field_hides_a_name(fields: str) -> None:
    assert any("VERSOR" in item.value for item in screened(decoded(fields)) if item.what != "addresses")


@pytest.mark.parametrize(
    "raw",
    [
        mt(":71A:OUR", user="{3:{108:TO VERSOR}}"),
        mt(":71A:OUR") + b"{5:{MAC:TO VERSOR}}",
        mt(":71A:OUR") + b"\n:59:VERSOR",
        mt(":71A:OUR").replace(b"{4:\r\n", b"{4:\r\nVERSOR\r\n"),
    ],
)
def test_no_place_around_the_fields_hides_a_name(raw: bytes) -> None:
    (payment,) = decode_payment(raw)

    assert any("VERSOR" in item.value for item in screened(payment))


@pytest.mark.parametrize("lines", ["IVAN\nZUVAVOV", "GOODS 7\nKIM\nIL UN", "KIM\nIL"])
@pytest.mark.parametrize("tag", ["45A", "41D", "49G"])
def test_a_short_word_in_a_line_of_its_own_is_a_part_of_the_name_beside_it(tag: str, lines: str) -> None:
    said = [item.value for item in screened(decoded(f":59:BOB\n:{tag}:{lines}"))]

    assert set(lines.split("\n")) <= set(said)


def test_a_short_word_in_a_line_of_a_statement_entry_is_a_part_of_the_name_beside_it() -> None:
    fields = ":25:1\n:60F:C240101EUR1,\n:61:240101C5,NTRFX//Y\nIVAN\nZUVAVOV\n:62F:C240101EUR1,"

    assert {"IVAN", "ZUVAVOV"} <= {item.value for item in screened(decoded(fields))}


def test_other_message_types_are_read_by_the_same_rules_and_marked() -> None:
    (payment,) = decode_payment(mt(":50K:ACME", headers=HEADERS.replace("O103", "O199")))

    assert payment.format == "mt"
    assert payment.notes == ("MT199: not of the coverage list; read by the catch-all",)
    assert ("50K/1", Role.DEBTOR) in [(item.path, item.role) for item in screened(payment)]


def test_a_text_block_alone_is_read() -> None:
    (payment,) = decode_payment(b":20:REF-1\n:50K:ACME\n:59:VERSOR\n-}")
    (other,) = decode_payment(b":20:REF-1\n:50K:ZENITH\n:59:VERSOR\n-}")

    assert (payment.id[-6:], payment.format) == ("/REF-1", "mt")
    assert payment.id != other.id


BAD = [
    (b"{1:F01TATRSKBXAXXX0000000000}", PaymentProblem.NOT_MT, "block 4"),
    (b"{1:F01}{4:\n:20:X\n:59:VERSOR", PaymentProblem.NOT_MT, "cut off"),
    (b"{1:F21}{4:{177:2308170925}{451:0}-}", PaymentProblem.NOT_MT, "acknowledgement"),
    (b"{4:\n:59:VERSOR\n-}", PaymentProblem.MISSING_ID, "field 20"),
    (mt(":59:M\xdcLLER").decode().encode("latin-1"), PaymentProblem.NOT_UTF8, "ASCII"),
    (mt(":32A:230817USD12500.00"), PaymentProblem.BAD_AMOUNT, "32A"),
]


@pytest.mark.parametrize(("raw", "problem", "words"), BAD)
def test_what_is_no_message_is_refused_with_the_reason(
    raw: bytes, problem: PaymentProblem, words: str
) -> None:
    error = refused(raw)

    assert error.problem is problem
    assert words in error.detail


MESSAGE = "{1:F01ABCDGB2LAXXX0000000000}{2:I103TATRSKBXXXXXN}{4:\n:20:%s\n:59:/1\n%s\n-}"
BETWEEN = (
    "",
    "\n",
    "\r\n\r\n",
    "$",
    "\r\n$\r\n",
    "\x03\x01",
    "\x03" + " " * 300 + "\x01",
    "{5:{CHK:1}}",
    "\ufeff",
    "\x1e",
    "\x1c",
    "\x04",
    "\x85",
    ",",
    " | ",
    "{5:{CHK:1}};",
    " next one ",
)
ACKNOWLEDGED = "{1:F21ABCDGB2LAXXX0000000000}{4:{177:2308170925}{451:0}}"


@pytest.mark.parametrize("between", BETWEEN)
def test_every_message_of_a_record_is_a_payment_of_its_own(between: str) -> None:
    raw = between.join(
        MESSAGE % (f"R{number}", name) for number, name in enumerate(("ANN", "VERSOR", "BO"), 1)
    )

    payments = decode_payment(raw.encode())

    assert [payment.id for payment in payments] == ["ABCDGB2L/R1", "ABCDGB2L/R2", "ABCDGB2L/R3"]
    creditors = [party for payment in payments for party in payment.parties if party.role is Role.CREDITOR]
    assert [party.names[0].value for party in creditors] == ["ANN", "VERSOR", "BO"]


@pytest.mark.parametrize(
    "between", ["-}{4:\n", "-}\n", "-}$", "-\n", "-}{2:I103TATRSKBXXXXXN}{4:\n", "-}{3:{108:M2}}{4:\n"]
)
def test_messages_without_a_first_block_are_told_apart_too(between: str) -> None:
    first = "{4:\n" if "{4:" in between else ""
    raw = f"{first}:20:R1\n:59:ANN\n{between}:20:R2\n:59:VERSOR\n-}}"

    assert [payment.id for payment in decode_payment(raw.encode())] == ["R1", "R2"]


@pytest.mark.parametrize(
    "front", ["\ufeff", "$", "\x01", "\r\n\r\n", "\x00\x00\x00\x00\x07", "\x00\x00\x01\x16\x21"]
)
def test_what_may_stand_before_a_message_is_read_over(front: str) -> None:
    (payment,) = decode_payment((front + MESSAGE % ("R1", "VERSOR")).encode())

    assert (payment.id, payment.format, payment.notes) == ("ABCDGB2L/R1", "mt103", ())


@pytest.mark.parametrize(
    "template", ["{ack}{message}", "{ack}\r\n{message}", "{message}{ack}", "{ack}{ack}{message}"]
)
def test_an_acknowledgement_is_neither_a_payment_nor_the_header_of_one(template: str) -> None:
    raw = template.format(ack=ACKNOWLEDGED, message=MESSAGE % ("R1", "VERSOR"))

    (payment,) = decode_payment(raw.encode())

    assert (payment.id, payment.format) == ("ABCDGB2L/R1", "mt103")
    assert "acknowledgement" in payment.notes[0]


def test_a_name_in_an_acknowledgement_is_screened() -> None:
    raw = ACKNOWLEDGED.replace("{451:0}", "{108:VERSOR TRADING}") + MESSAGE % ("R1", "ANN")

    (payment,) = decode_payment(raw.encode())

    assert "VERSOR TRADING" in [item.value for item in screened(payment)]


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ("{3:{108:VERSOR TRADING}{108:X}}", ""),
        ("{3:{108:VERSOR TRADING}}{3:{108:X}}", ""),
        ("{3:VERSOR TRADING{108:X}}", ""),
        ("VERSOR TRADING", ""),
        ("", "\nVERSOR TRADING\n"),
        ("", "{5:{CHK:1}}VERSOR TRADING"),
        ("", "{5:{CHK:1}{CHK:VERSOR TRADING}}"),
        ("", "{S:{SPD:VERSOR TRADING}}"),
    ],
)
def test_text_beside_the_fields_is_screened_with_its_blanks(headers: str, after: str) -> None:
    raw = MESSAGE.replace("{4:", headers + "{4:") % ("R1", "ANN") + after

    (payment,) = decode_payment(raw.encode())

    assert any("VERSOR TRADING" in item.value for item in screened(payment))


def test_a_line_that_begins_like_the_end_is_part_of_its_field() -> None:
    (payment,) = decode_payment((MESSAGE % ("R1", "ANN\n-}GONE ON\n:70:VERSOR TRADING")).encode())

    assert ("70/1", "VERSOR TRADING") in [(item.path, item.value) for item in screened(payment)]
    assert "-}" in payment.notes[0]


def test_one_message_of_many_that_cannot_be_read_is_refused_alone() -> None:
    good, bad = MESSAGE % ("R1", "ANN"), MESSAGE.replace(":59:", ":32A:230817USD1.5\n:59:") % ("R2", "BO")

    first, second, third = decode_payment(f"{good}\n{bad}\n{good.replace('R1', 'R3')}".encode())

    assert (first.refused, third.refused) == (None, None)
    assert second.refused is not None and second.refused.problem is PaymentProblem.BAD_AMOUNT
    assert second.id == "ABCDGB2L/R2"


def test_a_record_of_more_messages_than_a_record_can_hold_is_refused() -> None:
    assert "send fewer" in refused(b"{1:}" * 20_000).detail


BATCH_101 = """:20:B1\n:50H:/1\nACME\n:21:T1\n:32B:EUR5,\n:59:/2\nANN\n:21:T2\n:32B:EUR%s\n:59:/3\nVERSOR"""
BATCH_102 = BATCH_101 + "\n:32A:230817EUR12,\n:53A:TATRSKBX"
BATCH_203 = (
    ":19:9,\n:30:230817\n:20:T1\n:21:X\n:32B:EUR5,\n:58A:TATRSKBX\n:20:T2\n:21:Y\n:32B:EUR%s\n:58D:VERSOR"
)


@pytest.mark.parametrize(
    ("type_", "fields", "ids"),
    [
        ("101", BATCH_101, ["B1/T1#1", "B1/T2#2"]),
        ("102", BATCH_102, ["B1/T1#1", "B1/T2#2"]),
        ("104", BATCH_101 + "\n:32B:EUR12,", ["B1/T1#1", "B1/T2#2"]),
        ("203", BATCH_203, ["T1#1", "T2#2"]),
        ("201", BATCH_203, ["T1#1", "T2#2"]),
        ("210", BATCH_101, ["B1/T1#1", "B1/T2#2"]),
    ],
)
def test_a_batch_is_a_payment_a_transaction(type_: str, fields: str, ids: list[str]) -> None:
    raw = f"{{1:F01ABCDGB2LAXXX0000000000}}{{2:I{type_}TATRSKBXXXXXN}}{{4:\n{fields % '7,'}\n-}}"

    payments = decode_payment(raw.encode())

    assert [payment.id for payment in payments] == [f"ABCDGB2L/{id_}" for id_ in ids]
    assert [payment.amount for payment in payments] == ["5", "7"]
    first, second = ([item.value for item in screened(payment)] for payment in payments)
    assert "VERSOR" in second and "VERSOR" not in first
    assert ("ACME" in first and "ACME" in second) or "ACME" not in fields


def test_one_bad_amount_refuses_its_transaction() -> None:
    raw = f"{{2:I101TATRSKBXXXXXN}}{{4:\n{BATCH_101 % '7.5'}\n-}}"

    first, second = decode_payment(raw.encode())

    assert first.refused is None
    assert second.refused is not None and "32B" in second.refused.detail


@pytest.mark.parametrize("code", ["166", "", "166 "])
@pytest.mark.parametrize("mark", ["?", "<", "~", "^"])
def test_subfields_of_a_statement_give_the_other_party_whole(mark: str, code: str) -> None:
    field = (
        f":86:{code}?00CREDIT?20EREF+1?21SVWZ+VERSOR?30COBADEFF?31DE02120300000000202051?32JOHANN VERS?33OR"
    )

    (payment,) = decode_payment(mt(f":25:1\n{field.replace('?', mark)}", HEADERS.replace("O103", "O940")))

    found = {(item.what, item.value) for item in screened(payment)}
    assert {("names", "JOHANN VERSOR"), ("names", "JOHANN VERS OR")} <= found
    assert {("identifiers", "COBADEFF"), ("identifiers", "DE02120300000000202051")} <= found


STATEMENT = """:25:DE89370400440532013000
:28C:1/1
:60F:C261126EUR100,
:61:2611271127C5,NTRFNONREF//B77
:86:166?00CREDIT?32IVAN ZUVA?33VOV
:61:2611271127RD7,25NTRFZUVAVA
ACME LTD
:86:rent of Bob Brown
:62F:C261127EUR105,
:86:for Cid Grey"""


@pytest.mark.parametrize("kind", ["O940", "O942", "O950"])
def test_every_line_of_a_statement_is_a_payment_with_what_is_said_of_it(kind: str) -> None:
    first, second = decode_payment(mt(STATEMENT, HEADERS.replace("O103", kind)))

    assert (first.amount, first.currency, second.amount, second.currency) == ("5", "EUR", "7.25", "EUR")
    assert (first.id, second.id) == ("ABCDGB2L/REF-1/B77#1", "ABCDGB2L/REF-1/ZUVAVA#2")
    said = [{text.value for party in payment.parties for text in party.texts} for payment in (first, second)]
    assert "IVAN ZUVAVOV" in said[0] and "IVAN ZUVAVOV" not in said[1]
    assert {"ZUVAVA", "ACME LTD", "rent of Bob Brown"} <= said[1]
    assert all("for Cid Grey" in texts for texts in said)


def test_a_statement_without_its_headers_is_taken_apart_too() -> None:
    payments = decode_payment(f":20:S1\n{STATEMENT}".encode())

    assert [payment.amount for payment in payments] == ["5", "7.25"]


def test_a_statement_line_that_is_not_written_as_one_is_screened_and_has_no_amount() -> None:
    odd = STATEMENT.replace("2611271127C5,NTRFNONREF//B77", "PAID TO IVAN ZUVAVOV")
    first, second = decode_payment(mt(odd, HEADERS.replace("O103", "O940")))

    assert (first.amount, first.refused, second.amount) == (None, None, "7.25")
    assert "PAID TO IVAN ZUVAVOV" in {text.value for party in first.parties for text in party.texts}


def test_lines_of_a_field_that_no_rule_knows_are_numbered_from_one() -> None:
    payment = decoded(":99Z:VERSOR S.R.O.\nINTERDICTED LTD")

    found = {item.path: (item.role, item.value) for item in screened(payment)}
    assert found["99Z/1"] == (Role.OTHER, "VERSOR S.R.O.")
    assert found["99Z/2"] == (Role.OTHER, "INTERDICTED LTD")


def test_a_file_of_acknowledgements_alone_is_one_part_and_one_before_a_message_stays_with_it() -> None:
    acknowledgement = b"{1:F21AAAAGB2LAXXX0}{4:{177:2611271200}{451:0}}"
    message = b"{1:F01AAAAGB2LAXXX0}{2:I103BBBBUS33AXXXN}{4:\n:20:R1\n:59:/2\nBOB\n-}"

    assert split_bytes(acknowledgement) == [acknowledgement]
    assert split_bytes(acknowledgement + message + b"$" + message) == [acknowledgement + message, message]

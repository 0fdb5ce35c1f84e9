"""No field is unscreened: a listed name or code in any field of an event is found, however it is written.

`cases/fields.csv` holds a text and the field it is put in; siblings of its kinds are written out below.
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from screening import Designation, Kind, Name, NameType, Screener, decode_payment
from screening.designations import Identifier

ROWS = list(
    csv.DictReader((Path(__file__).parent / "cases" / "fields.csv").read_text(encoding="utf-8").splitlines())
)
OF_THE_EVENT = ("remittance", "status", "currency", "rail", "uetr", "id", "note", "parties")


def event(field: str, text: Any) -> bytes:
    creditor: dict[str, Any] = {"role": "creditor", "name": "Bob Brown"}
    whole: dict[str, Any] = {"id": "E-1", "parties": [{"role": "debtor", "name": "Alice Green"}, creditor]}
    if field in OF_THE_EVENT:
        whole[field] = text
    elif field == "iban":
        creditor["account"] = text
    elif field == "passport" or field.startswith("identifiers:"):
        creditor["identifiers"] = {field.removeprefix("identifiers:"): text}
    else:
        creditor[field] = text
    return json.dumps(whole).encode()


def is_hit(field: str, text: Any, listed: str, kind: str = "") -> bool:
    scheme, has_code, code = listed.partition("=")
    name = "Qwxrt Zzyzx" if has_code else listed
    identifiers = (Identifier(scheme, code),) if has_code else ()
    screener = Screener()
    screener.upsert(
        Designation(
            "case:1", (Name(name, NameType.PRIMARY),), Kind(kind) if kind else None, identifiers=identifiers
        )
    )
    return any(screener.screen(payment).hits for payment in decode_payment(event(field, text)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['field']}-{row['text'][:80]}")
def test_a_text_in_a_field_is_hit_or_not(row: dict[str, str]) -> None:
    text = json.loads(row["text"]) if row["text"].startswith(("[", "{")) else row["text"]

    assert is_hit(row["field"], text, row["listed"], row["kind"]) == (row["expect"] == "hit")


FIELDS = (
    "id",
    "status",
    "currency",
    "rail",
    "uetr",
    "note",
    "account",
    "bic",
    "lei",
    "country",
    "gender",
    "kind",
)


@pytest.mark.parametrize("field", [*FIELDS, "role", "address", "identifiers:bic", "identifiers:x", "contact"])
@pytest.mark.parametrize("between", [" ", "_", "\u00a0", "-", ".", "\t"])
def test_a_name_where_a_code_belongs_is_found_whatever_is_between_its_words(field: str, between: str) -> None:
    assert is_hit(field, f"Wojciech{between}Karpinsky", "Wojciech Karpinsky", "person")


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b".join("Wojciech Karpinsky"),
        "W o j c i e c h   K a r p i n s k y",
        "W.o.j.c.i.e.c.h.K.a.r.p.i.n.s.k.y",
        "".join(f"&#{ord(letter)};" for letter in "Wojciech Karpinsky"),
        "".join(f"%{ord(letter):02X}" for letter in "Wojciech Karpinsky"),
    ],
)
@pytest.mark.parametrize("field", ["status", "currency", "rail", "uetr", "id"])
def test_a_hidden_name_where_a_code_belongs_is_found(field: str, hidden: str) -> None:
    assert is_hit(field, hidden, "Wojciech Karpinsky", "person")


@pytest.mark.parametrize(
    "key", ["wojciech_karpinsky", "Wojciech Karpinsky", "wojciech-karpinsky", "wojciechKarpinsky"]
)
@pytest.mark.parametrize("field", ["note", "identifiers", "address", "account"])
def test_a_key_that_is_a_name_is_found(field: str, key: str) -> None:
    assert is_hit(field, {key: "1"}, "Wojciech Karpinsky", "person")


@pytest.mark.parametrize("key", ["imo", "IMO No", "vesselImo", "vessel_imo_number", "imoNumber"])
@pytest.mark.parametrize("number", ["9074729", 9074729, [9074729]], ids=["text", "number", "list"])
def test_a_ship_s_number_is_one_by_the_key_that_it_stands_under(key: str, number: Any) -> None:
    assert is_hit("note", {key: number}, "imo=9074729")
    assert not is_hit("note", {"order": number}, "imo=9074729")


def test_a_name_where_a_bic_belongs_is_found_though_it_has_eight_letters() -> None:
    assert is_hit("bic", "BRIMOTEK", "Brimotek LLC", "organization")
    assert is_hit("identifiers:bic", "BRIMOTEK", "Brimotek LLC", "organization")


@pytest.mark.parametrize("keys", [("name", "name2"), ("name_1", "name_2"), ("nameLine1", "nameLine2")])
def test_a_name_over_keys_with_numbers_is_one_name(keys: tuple[str, str]) -> None:
    party = dict(zip(keys, ("Wojciech", "Karpinsky"), strict=True))

    assert is_hit("parties", [party], "Wojciech Karpinsky", "person")


@pytest.mark.parametrize(
    "text",
    [
        '{"first_name":"WOJCIECH","last_name":"KARPINSKY"}',
        '{"name": "Wojciech", "surname": "Karpinsky", "age": 4}',
        "{'firstName': 'Wojciech', 'lastName': 'Karpinsky'}",
        "<FirstName>Wojciech</FirstName><LastName>Karpinsky</LastName>",
        '{"payer": {"id": 17, "fn": "Wojciech", "born": "1970-01-01", "ln": "Karpinsky"}, "x": 1}',
        r"{\"first\":\"Wojciech\",\"middle\":null,\"last\":\"Karpinsky\"}",
        "<p><n>Wojciech</n><s>Karpinsky</s></p>",
        "fn=Wojciech&ln=Karpinsky&x=1",
        "person[first]=Wojciech, person[last]=Karpinsky",
        "First: Wojciech\nLast: Karpinsky",
    ],
)
@pytest.mark.parametrize("field", ["note", "remittance", "name"])
def test_the_parts_of_a_name_in_json_or_xml_inside_a_text_are_one_name(field: str, text: str) -> None:
    assert is_hit(field, text, "Wojciech Karpinsky", "person")
    assert not is_hit(
        field, text.replace("arpinsky", "owalski").replace("ARPINSKY", "OWALSKI"), "Wojciech Karpinsky"
    )


@pytest.mark.parametrize("end", ["", "\u202c"])
@pytest.mark.parametrize("field", ["name", "note", "remittance", "address"])
def test_a_name_behind_a_sign_that_turns_it_is_found_as_it_is_shown_and_as_it_is_booked(
    field: str, end: str
) -> None:
    for listed, kind in (("Wojciech Karpinsky", "person"), ("Brimotek", "organization")):
        assert is_hit(field, f"\u202e{listed}{end}", listed, kind)
        assert is_hit(field, f"\u202e{listed[::-1]}{end}", listed, kind)
    assert not is_hit(field, f"\u202eJan Kowalski{end}", "Wojciech Karpinsky", "person")


@pytest.mark.parametrize("field", ["name", "note", "remittance", "address"])
def test_a_company_s_legal_form_before_its_street_is_nobody_s_initials(field: str) -> None:
    for text in ("Panaderia Tarvik S.L. Calle Goya 36", "FACTURA PEDRO S.A. AVENIDA REAL"):
        assert not is_hit(field, text, "Luis Sergio CALLE", "person")
        assert not is_hit(field, text, "Sergio Andres AVENIDA", "person")
    assert is_hit(field, "Transfer for L.E. Calle", "Luis Enrique CALLE", "person")
    assert is_hit(field, "Transfer for S.L. Karpinsky", "Sergio Luis KARPINSKY", "person")


def test_a_name_in_parts_is_one_name() -> None:
    assert is_hit("name", {"first": "Wojciech", "last": "Karpinsky"}, "Wojciech Karpinsky", "person")
    assert is_hit("note", {"surname": "Karpinsky", "fore_names": ["Wojciech", "P."]}, "Wojciech Karpinsky")
    assert is_hit("name", {"apellidos": "Karpinsky", "nombre_1": "Wojciech"}, "Wojciech Karpinsky", "person")
    assert is_hit("remittance", ["INVOICE 7 TO WOJCIECH", "KARPINSKY"], "Wojciech Karpinsky", "person")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        *(
            ("firstName", "lastName"),
            ("f_name", "l_name"),
            ("first_nm", "last_nm"),
            ("primaryIdentifier", "secondaryIdentifier"),
            ("FIRST_NAME", "LAST_NAME"),
        ),
        *(
            ("first", "last"),
            ("given_name_latin", "family_name_latin"),
            ("fname", "lname"),
            ("name1", "name2"),
        ),
        *(("shopperFirstName", "shopperLastName"), ("primerNombre", "primerApellido"), ("имя", "фамилия")),
        *(("name_line_1", "name_line_2"), ("ownerName", "ownerSurname"), ("förnamn", "efternamn")),
    ],
)
@pytest.mark.parametrize("field", ["note", "contact", "parties", "account", "name", "remittance"])
def test_the_parts_of_a_name_are_one_whatever_stands_between_them(field: str, first: str, last: str) -> None:
    parts = {first: "Wojciech", "born": "1970-01-01", "country": "PL", last: "Karpinsky"}
    found: Any = [parts] if field in ("parties", "remittance") else parts

    assert is_hit(field, found, "Wojciech Karpinsky", "person")
    assert is_hit(field, json.loads(json.dumps(found).replace("Wojciech", "Jan")), "Jan Karpinsky", "person")
    if field != "name":  # where a surname alone is looked at as well
        assert not is_hit(field, found, "Jan Karpinsky", "person")


@pytest.mark.parametrize("field", ["account", "bic", "lei", "identifiers:iban"])
def test_a_short_word_inside_an_account_s_holder_is_part_of_his_name(field: str) -> None:
    holder = {"number": "12345678", "holder": {"first": "Lu", "last": "Karpinsky"}}

    assert is_hit(field, holder, "Lu Karpinsky", "person")
    assert is_hit(field, ["Lu", "Karpinsky"], "Lu Karpinsky", "person")


def test_keys_that_are_data_do_not_part_the_values_beside_them() -> None:
    assert is_hit("note", {"qwx_one": "Wojciech", "qwx_two": "Karpinsky"}, "Wojciech Karpinsky", "person")


ETH = "0x7f19720a857f834887fc9a7bc0a0fbe7fc7f8102"
TRX = "TNuoKL1ni8aoshfFL1ASca1Gou9RXwAzfn"


@pytest.mark.parametrize(
    ("field", "text", "listed"),
    [
        ("account", f"ethereum:{ETH}@137?value=2.5e18", f"wallet={ETH}"),
        ("account", f"ethereum:pay-{ETH}", f"wallet={ETH}"),
        ("account", f"ethereum:0x{'1' * 40}/transfer?address={ETH}&uint256=1", f"wallet={ETH}"),
        ("account", ETH.removeprefix("0x").upper(), f"wallet={ETH}"),
        ("account", f"tron:{TRX}?amount=5", f"wallet={TRX}"),
        ("remittance", f"pay {ETH.removeprefix('0x')} today", f"wallet={ETH}"),
        ("remittance", f"bitcoin:{TRX}?amount=1", f"wallet={TRX}"),
        ("iban", "DE89\u20113704\u20110044\u20110532\u20110130\u201100", "iban=DE89370400440532013000"),
        ("iban", "DE٨٩٣٧٠٤٠٠٤٤٠٥٣٢٠١٣٠٠٠", "iban=DE89370400440532013000"),
        ("iban", "ＤＥ89370400440532013000", "iban=DE89370400440532013000"),
        ("remittance", "to DE89-3704-0044-0532-0130-00 please", "iban=DE89370400440532013000"),
        ("remittance", "to de89.3704.0044.0532.0130.00", "iban=DE89370400440532013000"),
        ("remittance", "rent FR76 30006 00001 12345678901 89 May", "iban=FR7630006000011234567890189"),
        ("note", "FR76_3000_6000_0112_3456_7890_189", "iban=FR7630006000011234567890189"),
        ("bic", "F R 7 6 3 0 0 0 6 0 0 0 0 1 1 2 3 4 5 6 7 8 9 0 1 8 9", "iban=FR7630006000011234567890189"),
        ("remittance", "to AB12 FR76 3000 6000 0112 3456 7890 189", "iban=FR7630006000011234567890189"),
        ("remittance", "F\u200bR76300060000112\u00ad34567890189", "iban=FR7630006000011234567890189"),
        ("note", "%46R76300060000112&#51;4567890189", "iban=FR7630006000011234567890189"),
        ("remittance", "passport A\u200bB12\u200b34567", "passport=AB1234567"),
        ("passport", "PP: AB 12 34 567", "passport=AB1234567"),
        ("remittance", "passport AB-123.4567", "passport=AB1234567"),
        ("passport", "АВ 1234567", "passport=AB1234567"),
        ("passport", "Passport Number: X7654321", "passport=X7654321"),
        ("identifiers:national_id", "E-84.123.456", "national_id=84123456"),
        ("identifiers:national_id", "84123456", "national_id=V-84123456"),
        ("identifiers:tax", "J-12345678-9", "tax=123456789"),
        ("identifiers:tax", "ИНН: 7701234567", "tax=7701234567"),
        ("identifiers:tax", "INN7701234567", "tax=7701234567"),
        ("identifiers:tax", "770101001 / 7701234567", "tax=7701234567"),
        ("remittance", "RUC20512333797", "tax=20512333797"),
        ("remittance", "vessel I.M.O. 9074729", "imo=9074729"),
        ("remittance", "I M O no. 9074729", "imo=IMO 9074729"),
        ("remittance", "IMO9074729", "imo=9074729"),
        ("remittance", "MMSI 572469210", "mmsi=572469210"),
        ("remittance", "IMO company number 5342883", "imo=5342883"),
    ],
)
def test_a_code_is_found_however_it_is_written(field: str, text: str, listed: str) -> None:
    assert is_hit(field, text, listed)


@pytest.mark.parametrize(
    ("field", "text", "listed"),
    [
        ("identifiers:national_id", "V-84123456", "national_id=E-84123456"),
        ("passport", "V1234567", "passport=1234567"),
        ("passport", "1234567", "passport=V1234567"),
        ("passport", "AB 1234567", "passport=1234567"),
        ("account", f"ethereum:0x{'1' * 40}@1", f"wallet={ETH}"),
        ("remittance", "invoice of 2026-11-27", "tax=20261127"),
        ("remittance", "FR76 30006 00001 12345678901 88", "iban=FR7630006000011234567890189"),
        ("remittance", "IMO 9074728", "imo=9074729"),
    ],
)
def test_another_code_is_not(field: str, text: str, listed: str) -> None:
    assert not is_hit(field, text, listed)


@pytest.mark.parametrize("field", ["country", "nationality", "citizenship", "countryOfResidence", "address"])
def test_a_country_is_read_wherever_a_party_states_it(field: str) -> None:
    value: Any = {"lines": ["1 Road"], "country_code": "IRN"} if field == "address" else "IRN"

    (payment,) = decode_payment(event(field, value))

    assert [told.value for told in payment.parties[1].countries] == ["IRN"]

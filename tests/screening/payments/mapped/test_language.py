"""What a mapping file can say: conditions, splits, units, times, joins, templates, XML; what not."""

import json
from datetime import date
from typing import Any

import pytest

from screening.designations import DateRange, Gender, Kind
from screening.payments import Payment, PaymentError, PaymentProblem, Role, decode_payment
from screening.payments.json_path import SINGLE, JsonPath
from screening.payments.mapped.conditions import Condition, ConditionError
from screening.payments.mapped.currencies import exponent, scaled
from screening.payments.mapped.template import Template, TemplateError
from screening.payments.mapped.trial import placed
from screening.payments.mapping_file import MappingError, read_mappings
from screening.payments.model import Field, Party, PartyIdentifier

HEAD = '[[mapping]]\nname = "m"\nwhen = "$.ref"\nid = "$.ref"\n'
PARTY = '[[mapping.party]]\nrole = "creditor"\nname = "$.name"\n'


def read(event: Any, lines: str = "", party: str = PARTY, head: str = HEAD) -> list[Payment]:
    raw = event if isinstance(event, bytes) else json.dumps(event).encode()
    return decode_payment(raw, mappings=read_mappings(f"{head}{lines}\n{party}"))


def one(event: dict[str, Any], lines: str = "", party: str = PARTY) -> Payment:
    (payment,) = read({"ref": "R1", "name": "Bob"} | event, lines, party)
    return payment


def texts(payment: Payment, role: Role = Role.OTHER) -> list[str]:
    return [text.value for party in payment.parties if party.role is role for text in party.texts]


@pytest.mark.parametrize(
    ("key", "value", "part"),
    [
        *(
            ("name", "Bob Green", "names"),
            ("bic", "TATRSKBX", "identifiers"),
            ("address", "Hill 5", "addresses"),
        ),
        *(("country", "SK", "countries"), ("country", "of Bob Green", "texts"), ("gender", "female", None)),
    ],
)
def test_a_party_is_told_of_that_has_one_thing_to_be_screened(key: str, value: str, part: str | None) -> None:
    also = f'{PARTY}[[mapping.party]]\nrole = "debtor"\n{key} = "$.other"\n'
    _, *others = one({"other": value}, party=also).parties

    assert [bool(getattr(party, part or "")) for party in others] == [True] * bool(part)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("$.type", True),
        ("$.gone", False),
        ("$.type == 'credit'", True),
        ('$.type == "debit"', False),
        ("$.type != 'debit'", True),
        ("$.gone != 'debit'", True),
        ("$.type in ['debit', 'credit']", True),
        ("$.type not in ['debit']", True),
        ("$.code == 22", True),
        ("$.code == '22'", True),
        ("$.live == true", True),
        ("$.live == 1", False),
        ("$['odd key'] == 'x'", True),
        ("$.list[*] == 'b'", True),
    ],
)
def test_a_condition_compares_what_its_path_leads_to(condition: str, holds: bool) -> None:
    event = {"type": "credit", "code": 22, "live": True, "odd key": "x", "list": ["a", "b"]}
    parsed = Condition.parse(condition)

    assert parsed.holds(value for value, _ in parsed.path.values(event)) is holds


@pytest.mark.parametrize(
    "text", ["type == 'x'", "$.a = 'x'", "$.a == x", "$.a in 'x'", "$.a == ['x']", "$.a b"]
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        Condition.parse(text)


def test_every_condition_of_when_must_hold() -> None:
    head = HEAD.replace('"$.ref"\nid', '["$.ref", "$.type == \'credit\'"]\nid')

    assert read({"ref": "R1", "type": "credit", "name": "Bob"}, head=head)[0].format == "mapped"
    with pytest.raises(PaymentError):
        read({"ref": "R1", "type": "debit", "name": "Bob"}, head=head)


BATCH = {
    "currency": "EUR",
    "note": "from Zuvava",
    "batches": [
        {"day": "1", "payments": [{"ref": "A", "name": "Ann"}, {"ref": "B", "name": "Bob"}]},
        {"day": "2", "payments": [{"ref": "A", "name": "Cid"}]},
    ],
}
SPLIT = """[[mapping]]
name = "m"
when = "$.batches"
split = "$.batches[*].payments[*]"
id = "@.ref"
currency = "$.currency"
remittance = "$.batches[*].day"
"""
OWN = '[[mapping.party]]\nrole = "creditor"\nname = "@.name"\n'


def test_a_list_is_a_payment_each_with_what_they_share_and_nothing_of_the_others() -> None:
    ann, bob, cid = read(BATCH, party=OWN, head=SPLIT)

    assert [each.parties[0].names[0] for each in (ann, bob, cid)] == [
        ("Ann", "/batches/0/payments/0/name"),
        ("Bob", "/batches/0/payments/1/name"),
        ("Cid", "/batches/1/payments/0/name"),
    ]
    assert [each.currency for each in (ann, bob, cid)] == ["EUR"] * 3
    assert [texts(each) for each in (ann, bob)] == [["from Zuvava", "2"]] * 2


def test_a_path_that_goes_the_way_of_the_split_stays_with_its_own_element() -> None:
    assert [texts(each, Role.REMITTANCE) for each in read(BATCH, party=OWN, head=SPLIT)] == [
        ["1"],
        ["1"],
        ["2"],
    ]


def test_two_payments_of_one_event_never_share_an_id() -> None:
    assert [each.id for each in read(BATCH, party=OWN, head=SPLIT)] == ["A", "B", "A#3"]


def test_an_element_that_is_ignored_is_counted_and_the_others_are_read() -> None:
    ignored: list[str] = []
    mappings = read_mappings(SPLIT + "ignore = \"@.name in ['Bob']\"\n" + OWN)
    payments = decode_payment(json.dumps(BATCH).encode(), mappings=mappings, ignored=ignored.append)

    assert ([each.id for each in payments], ignored) == (["A", "A#3"], ["m"])


def test_an_element_that_cannot_be_read_is_refused_alone() -> None:
    event = {"batches": [{"payments": [{"ref": "A", "name": "Ann"}, {"ref": "B"}, {"name": "Cid"}]}]}
    ann, nobody, unnamed = read(event, party=OWN, head=SPLIT)

    assert ann.refused is None
    assert nobody.refused is not None and nobody.refused.problem is PaymentProblem.NO_PARTIES
    assert nobody.id == "B"
    assert unnamed.refused is not None and unnamed.refused.problem is PaymentProblem.MISSING_ID


def test_payments_whose_ids_run_into_one_another_are_all_kept() -> None:
    rows = [{"ref": ref, "name": name} for ref, name in (("a#3", "X"), ("a", "Y"), ("a", "Z"))]
    head = '[[mapping]]\nname = "m"\nwhen = "$.all"\nid = "@.ref"\n'

    payments = read({"all": rows}, 'split = "$.all[*]"', PARTY.replace("$", "@"), head)

    assert [payment.parties[0].names[0].value for payment in payments] == ["X", "Y", "Z"]
    assert len({payment.id for payment in payments}) == 3


def test_an_event_without_an_element_is_refused_and_not_passed_over() -> None:
    with pytest.raises(PaymentError) as caught:
        read({"batches": []}, party=OWN, head=SPLIT)

    assert caught.value.problem is PaymentProblem.NO_PARTIES


def test_what_very_many_payments_would_share_is_refused_for_it_would_be_screened_with_each() -> None:
    event = {
        "note": "x y " * 10_000,
        "batches": [{"payments": [{"ref": str(n), "name": "A"} for n in range(2000)]}],
    }

    with pytest.raises(PaymentError, match="smaller events"):
        read(event, party=OWN, head=SPLIT)


@pytest.mark.parametrize("shared", [{"parties": [{}] * 5_000}, {"parties": [[]] * 5_000}])
def test_what_holds_no_text_is_counted_too_for_paths_lead_through_it(shared: dict[str, Any]) -> None:
    event = shared | {"batches": [{"payments": [{"ref": str(n), "name": "A"} for n in range(2000)]}]}

    with pytest.raises(PaymentError, match=r"share 500\d values"):
        read(event, party=OWN, head=SPLIT)


def test_a_single_element_that_is_no_list_is_a_list_of_one() -> None:
    (payment,) = read({"batches": {"payments": {"ref": "A", "name": "Ann"}}}, party=OWN, head=SPLIT)

    assert payment.parties[0].names[0].path == "/batches/payments/name"


@pytest.mark.parametrize(
    ("amount", "currency", "how", "read_as"),
    [
        (250000, "usd", "minor_units = true", "2500.00"),
        (5000, "JPY", "minor_units = true", "5000"),
        (5, "KWD", "minor_units = true", "0.005"),
        ("1999", "EUR", "minor_units = true", "19.99"),
        (-100, "EUR", "minor_units = true", "-1.00"),
        (700, "CLP", "minor_units = true, exponents = { CLP = 2 }", "7.00"),
        (12345, "USDC", "scale = 4", "1.2345"),
        ("1" + 29 * "0", "EUR", "minor_units = true", "1" + 27 * "0" + ".00"),
    ],
)
def test_minor_units_are_scaled_by_the_currency(amount: Any, currency: str, how: str, read_as: str) -> None:
    lines = f'amount = {{ path = "$.a", {how} }}\ncurrency = "$.c"'

    assert one({"a": amount, "c": currency}, lines).amount == read_as


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("12.50", "EUR", "no whole number"),
        (12, "ZUVAVA", "exponents"),
        (12, None, "exponents"),
        (True, "EUR", "no"),
    ],
)
def test_minor_units_that_cannot_be_scaled_refuse_the_payment(amount: Any, currency: Any, words: str) -> None:
    with pytest.raises(PaymentError, match=words):
        one({"a": amount, "c": currency}, 'amount = { path = "$.a", minor_units = true }\ncurrency = "$.c"')


def test_the_exponents_of_iso_4217() -> None:
    assert [exponent(code, {}) for code in ("EUR", "JPY", "BHD", "CLF", "XXX", None)] == [
        2,
        0,
        3,
        4,
        None,
        None,
    ]
    assert scaled("٣", 2) is None


@pytest.mark.parametrize(
    ("value", "how", "iso"),
    [
        (1764237600, 'epoch = "s"', "2025-11-27T10:00:00+00:00"),
        ("1764237600123", 'epoch = "ms"', "2025-11-27T10:00:00.123000+00:00"),
        (1764237600000000, 'epoch = "auto"', "2025-11-27T10:00:00+00:00"),
        (1764237600000000001, 'epoch = "auto"', "2025-11-27T10:00:00+00:00"),
        (250_000_000_000, 'epoch = "s"', "9892-03-08T12:26:40+00:00"),
        ("2026-07-01 10:00:00", 'zone = "Europe/Berlin"', "2026-07-01T10:00:00+02:00"),
        ("2026-07-01T10:00:00Z", 'zone = "Europe/Berlin"', "2026-07-01T10:00:00+00:00"),
        ("01.07.2026 10:00", 'zone = "UTC", layout = "%d.%m.%Y %H:%M"', "2026-07-01T10:00:00+00:00"),
    ],
)
def test_a_time_is_read_as_the_mapping_says_it_is_written(value: Any, how: str, iso: str) -> None:
    time = one({"t": value}, f'time = {{ path = "$.t", {how} }}').time

    assert time is not None and time.isoformat() == iso


@pytest.mark.parametrize(
    ("value", "how", "words"),
    [
        (1764237600, 'zone = "UTC"', "which epoch"),
        ("2026-07-01 10:00:00", 'epoch = "s"', "offset"),
        ("soon", 'zone = "UTC"', "ISO 8601"),
        ("01.07.2026 10:00", 'layout = "%d.%m.%Y %H:%M"', "name its zone"),
        (10**19, 'epoch = "s"', "no time"),
        (250_000_000_001, 'epoch = "s"', "no time"),
    ],
)
def test_a_time_that_could_be_several_refuses_the_payment(value: Any, how: str, words: str) -> None:
    with pytest.raises(PaymentError, match=words) as caught:
        one({"t": value}, f'time = {{ path = "$.t", {how} }}')

    assert caught.value.problem is PaymentProblem.BAD_TIME


def test_fields_are_joined_to_a_name_and_several_paths_are_several_names() -> None:
    party = PARTY.replace('"$.name"', '{ join = ["$.first", "$.middle", "$.last"] }')
    payment = one({"first": "Ivan", "last": "Zuvavov"}, party=party)
    several = one({"trading": "Zuvava"}, party=PARTY.replace('"$.name"', '["$.name", "$.trading"]'))

    assert payment.parties[0].names == (("Ivan Zuvavov", "/first"),)
    assert [name.value for name in several.parties[0].names] == ["Bob", "Zuvava"]


def test_a_template_takes_parts_and_the_whole_text_is_screened_too() -> None:
    party = PARTY.replace('"$.name"', '{ path = "$.who", template = "[first={}, last={}, sex={-}]" }')
    payment = one({"who": "[first=Ivan, last=Zuvavov, sex=null]"}, party=party)

    assert payment.parties[0].names == (("Ivan Zuvavov", "/who"),)
    assert "[first=Ivan, last=Zuvavov, sex=null]" in texts(payment)


def test_a_template_takes_one_pass_whatever_the_text() -> None:
    template = Template.parse("a{}a{}a{}b")

    assert template.parts("a" * 200_000) is None
    assert template.parts("axxb") is None
    assert Template.parse("{} / {}").parts("Ann / Bob") == ["Ann", "Bob"]
    for broken in ("none", "{}{}", "{-}"):
        with pytest.raises(TemplateError):
            Template.parse(broken)


def test_constants_are_set_and_say_that_the_mapping_set_them() -> None:
    payment = one({}, 'currency = { constant = "BRL" }', PARTY + 'country = { constant = "IR" }\n')

    assert (payment.currency, payment.parties[0].countries) == ("BRL", (("IR", "(mapping)"),))


def test_what_is_left_out_is_not_screened_and_the_decision_says_so() -> None:
    payment = one({"before": {"name": "Zuvava"}, "memo": "rent"}, 'leave_out = ["$.before", "$.gone"]')

    assert texts(payment) == ["rent"]
    assert payment.notes == ("mapping 'm' leaves out /before",)


@pytest.mark.parametrize(("count", "more"), [(4, ""), (5, ""), (6, " and 1 more"), (7, " and 2 more")])
def test_five_of_the_places_that_are_left_out_are_named(count: int, more: str) -> None:
    event = {"memo": "rent"} | {f"v{number}": "Zuvava" for number in range(count)}
    left = ", ".join(f'"$.v{number}"' for number in range(count))

    payment = one(event, f"leave_out = [{left}]")

    shown = ", ".join(f"/v{number}" for number in range(min(count, 5)))
    assert payment.notes == (f"mapping 'm' leaves out {shown}{more}",)


def test_json_in_a_string_is_opened() -> None:
    payment = one(
        {"box": '{"name": "Ann", "memo": "hi there"}'},
        'open = "$.box"',
        PARTY.replace("$.name", "$.box.name"),
    )

    assert payment.parties[0].names == (("Ann", "/box/name"),)
    assert "hi there" in texts(payment)


def test_an_element_that_is_nothing_is_no_payment_of_its_own() -> None:
    head = '[[mapping]]\nname = "m"\nwhen = "$.items"\nid = "$.items[*].ref"\n'
    event = {"items": [None, {"ref": "R1", "name": "Bob"}, None]}

    (payment,) = read(event, 'split = "$.items[*]"', PARTY.replace("$.name", "$.items[*].name"), head)

    assert payment.id == "R1"


@pytest.mark.parametrize("place", range(3))
def test_json_in_a_string_of_a_list_leaves_the_others_beside_it(place: int) -> None:
    boxes = ["first", "second", "third"]
    boxes[place] = '{"memo": "hi there"}'

    payment = one({"boxes": boxes}, f'open = "$.boxes[{place}]"')

    assert texts(payment)[:3] == [*boxes[:place], "hi there", *boxes[place + 1 :]]


@pytest.mark.parametrize("box", ['{"name": "Ann", "name": "Zuvava"}', "[Zuvava", '{"a": NaN}'])
def test_a_string_that_is_no_clean_json_stays_a_text_that_is_screened(box: str) -> None:
    assert box in texts(one({"box": box}, 'open = "$.box"'))


def test_an_event_inside_is_read_by_its_own_format_with_what_stands_around() -> None:
    head = '[[mapping]]\nname = "m"\nwhen = "$.data"\nevent = "$.data"\n'
    inner = {"id": "P-1", "parties": [{"name": "Ann"}]}
    (nested,) = read({"data": inner, "memo": "by Zuvava"}, party="", head=head)
    (string,) = read({"data": json.dumps(inner), "memo": "by Zuvava"}, party="", head=head)
    with pytest.raises(PaymentError, match="finds no event"):
        read({"data": None}, party="", head=head)

    assert nested == string
    assert nested.parties[0].names == (("Ann", "/data/parties/0/name"),)
    assert texts(nested) == ["by Zuvava"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("kind", "Ivan Zuvavov"), ("gender", "Ivan Zuvavov"), ("country", "Ivan Zuvavov")),
        *(("bic", "Ivan Zuvavov"), ("lei", "Zuvavov"), ("account", "GB29 Ivan Zuvavov")),
    ],
)
def test_what_is_no_code_where_a_party_has_one_is_screened_as_text(key: str, value: str) -> None:
    payment = one({"x": value}, party=f'{PARTY}{key} = "$.x"\n')

    assert (value, "/x") in payment.parties[0].texts


@pytest.mark.parametrize("key", ["currency", "rail", "uetr", "id"])
def test_what_is_no_code_where_a_payment_has_one_is_screened_as_text(key: str) -> None:
    lines = "" if key == "id" else f'{key} = "$.x"'
    event = {"ref": "Ivan Zuvavov"} if key == "id" else {"x": "Ivan Zuvavov"}

    assert "Ivan Zuvavov" in texts(one(event, lines))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("currency", "EUR"), ("rail", "sepa_instant"), ("rail", "fednow")),
        ("uetr", "eb6305c9-1f7f-49de-aed0-16487c27b42d"),
    ],
)
def test_codes_are_not_screened_again_as_text(key: str, value: str) -> None:
    assert texts(one({"x": value}, f'{key} = "$.x"')) == []


def test_words_for_kind_and_gender_are_read_as_the_mapping_says() -> None:
    words = '[mapping.kinds]\nPF = "person"\n[mapping.genders]\nH = "male"\n'
    payment = one({"k": "PF", "g": "H"}, party=f'{words}{PARTY}kind = "$.k"\ngender = "$.g"\n')

    assert (payment.parties[0].kind, payment.parties[0].gender) == (Kind.PERSON, Gender.MALE)


def test_a_party_has_conditions_of_its_own() -> None:
    party = PARTY + '[[mapping.party]]\nrole = "debtor"\nwhen = "$.type == \'debit\'"\nname = "$.name"\n'

    assert {party.role for party in one({"type": "credit"}, party=party).parties if party.names} == {
        Role.CREDITOR
    }


XML = HEAD.replace('when = "$.ref"\nid = "$.ref"', 'format = "xml"\nwhen = "$.Pay"\nid = "$.Pay.@id"')


def test_an_xml_of_one_s_own_is_read_with_every_text_screened() -> None:
    to = b'<To n:kind="PERSON">Ivan <b>Zuvavov</b> jr</To>'
    raw = b'<n:Pay xmlns:n="u" id="7">' + to + b"<Memo>rent, Ann</Memo></n:Pay>"
    (payment,) = read(raw, party=PARTY.replace("$.name", "$.Pay.To"), head=XML)

    assert {name.value for name in payment.parties[0].names} >= {"Zuvavov"}
    assert texts(payment) == ["rent, Ann"]
    assert payment.id == "7"


def test_xml_and_json_do_not_take_each_other_s_mappings() -> None:
    with pytest.raises(PaymentError):
        read({"Pay": {"@id": "7", "To": "Ann"}}, party=PARTY.replace("$.name", "$.Pay.To"), head=XML)


def test_deep_xml_is_refused() -> None:
    with pytest.raises(PaymentError, match="levels"):
        read(
            b"<Pay>" + b"<a>" * 500 + b"</a>" * 500 + b"</Pay>",
            party=PARTY.replace("$.name", "$.Pay"),
            head=XML,
        )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("when = \"$.a = 'x'\"", "line 3: when"),
        ('amount = { path = "$.a", minor = true }', "line 5: amount: unknown key 'minor'"),
        ('amount = { path = "$.a", minor_units = true, scale = 2 }', "line 5: amount: scale"),
        ("amount = { minor_units = true }", "line 5: amount: one of path"),
        ('time = { path = "$.t", zone = "Berlin" }', "line 5: time: zone: 'Berlin' is no time zone"),
        ('time = { path = "$.t", epoch = "days" }', "line 5: time: epoch"),
        ('currency = { constant = "" }', "line 5: currency: constant"),
        ('split = "@.a"', "line 5: split: '@.a' must start with $"),
        ('open = "$.a[*]"', "line 5: open: '$.a[*]': name one place"),
        ('format = "yaml"', "line 5: format: json or xml"),
        ('event = "$.a"', "mapping 1 hands on the event inside, so 'id'"),
        ("ignore = true", "mapping 1 ignores the events, so 'id'"),
        ('ignore = "type"', "line 5: ignore"),
        ("leave_out = [7]", "line 5: leave_out"),
        ('[mapping.kinds]\nPF = "human"', "no kind 'human'; known are person"),
    ],
)
def test_what_a_mapping_cannot_say_is_refused_with_its_line(text: str, words: str) -> None:
    head = HEAD.replace('when = "$.ref"', text) if text.startswith("when") else HEAD + text
    with pytest.raises(MappingError) as caught:
        read_mappings(f"{head}\n{PARTY}")

    assert words in str(caught.value)


def test_an_error_in_the_second_mapping_names_its_own_line() -> None:
    second = HEAD.replace('id = "$.ref"', 'id = "ref"')

    with pytest.raises(MappingError, match="line 11: id"):
        read_mappings(HEAD + PARTY + second + PARTY)


def test_an_identifier_is_read_under_the_scheme_that_the_mapping_gives_it() -> None:
    payment = one(
        {"inn": "7707083893", "n": "X1"}, party=f'{PARTY}identifiers = {{ tax = "$.inn", seaman = "$.n" }}\n'
    )

    assert payment.parties[0].identifiers == (
        PartyIdentifier("tax", "7707083893", "/inn"),
        PartyIdentifier("seaman", "X1", "/n"),
    )


def test_every_value_of_a_party_is_told_to_who_tries_a_mapping() -> None:
    day = DateRange(date(1968, 5, 1), date(1968, 5, 1))
    field = [Field(f"v{number}", f"/{number}") for number in range(4)]
    party = Party(
        Role.DEBTOR,
        *((field[0],), (PartyIdentifier("tax", "T-1", "/t"),), (field[1],), (field[2],), (field[3],)),
        *(Kind.PERSON, day, Gender.MALE),
    )

    assert [(each.role, each.what, each.value, each.path) for each in placed(party)] == [
        (Role.DEBTOR, "name", "v0", "/0"),
        (Role.DEBTOR, "address", "v1", "/1"),
        (Role.DEBTOR, "country", "v2", "/2"),
        (Role.DEBTOR, "tax", "T-1", "/t"),
        (Role.DEBTOR, "kind", "person", ""),
        (Role.DEBTOR, "gender", "male", ""),
        (Role.DEBTOR, "birth date", str(day), ""),
        (Role.DEBTOR, "text", "v3", "/3"),
    ]


def test_a_path_within_an_element_that_is_no_list_goes_the_way_of_the_element() -> None:
    entries = JsonPath.parse("$.batches[*].entries[*]")

    within = JsonPath.parse("$.batches[*].entries[*].name").within(entries, ("batches", SINGLE, "entries", 7))

    assert within.steps == ("batches", "entries", 7, "name")


@pytest.mark.parametrize("key", ["when", "split", "event", "open"])
def test_what_is_said_of_the_whole_event_starts_at_its_root(key: str) -> None:
    beside = {} if key == "event" else {"split": "$.items[*]"}
    lines = {"name": "m", "when": "$.x", **beside, key: "@.x"}
    head = "[[mapping]]\n" + "".join(f'{each} = "{path}"\n' for each, path in lines.items())
    more = "" if key == "event" else f'id = "$.id"\n{PARTY}'

    with pytest.raises(MappingError, match=f"{key}: '@.x' must start with"):
        read_mappings(head + more)

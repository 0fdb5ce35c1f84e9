"""The Swiss list: de-listed targets stay in the file, old identities hide in modifications."""

from datetime import date
from pathlib import Path

from screening import Designation, Kind, NameType, Quality, parse_list
from screening.designations import Address, DateRange, Identifier
from screening.lists import list_issued
from tests.screening.lists.reading import listed, refusal, written
from tests.shared_data import SHARED_DATA, needs_shared_data

LISTED = '<modification modification-type="listed" effective-date="2016-05-18"/>'


def part(order: int, value: str, *variants: tuple[str, str, str]) -> str:
    spelled = "".join(
        f'<spelling-variant lang="{lang}" script="{script}">{text}</spelling-variant>'
        for lang, script, text in variants
    )
    return f'<name-part order="{order}"><value>{value}</value>{spelled}</name-part>'


def name(*parts: str, kind: str = "primary-name", quality: str = "good") -> str:
    return f'<name name-type="{kind}" quality="{quality}">{"".join(parts)}</name>'


def target(inside: str, *, tag: str = "individual", changes: str = LISTED, more: str = "") -> str:
    return (
        f'<target ssid="5142"><sanctions-set-id>4387</sanctions-set-id><{tag}>'
        f'<identity main="true">{inside}</identity>{more}</{tag}>{changes}</target>'
    )


def document(targets: str) -> str:
    return (
        '<swiss-sanctions-list list-type="whole-list" date="2026-08-27"><sanctions-program ssid="20">'
        '<program-key lang="eng">Belarus</program-key><sanctions-set ssid="4387" lang="eng">article 12'
        f'</sanctions-set></sanctions-program>{targets}<place ssid="77"><location>Minsk</location>'
        '<country iso-code="BY">Belarus</country></place></swiss-sanctions-list>'
    )


def one(tmp_path: Path, targets: str) -> Designation:
    (entry,) = listed("seco", tmp_path, "seco.xml", document(targets))
    return entry


@needs_shared_data
def test_the_real_excerpt_leaves_out_the_delisted() -> None:
    entries = {entry.id: entry for entry in parse_list("seco", SHARED_DATA / "seco")}

    assert set(entries) == {"seco:46130", "seco:34461"}
    assert entries["seco:34461"].kind is Kind.VESSEL
    assert entries["seco:34461"].identifiers == (Identifier("imo", "8405270"),)


def test_name_parts_go_by_order_and_variants_by_language_and_script(tmp_path: Path) -> None:
    entry = one(
        tmp_path,
        target(
            name(
                part(3, "Lukashenka", ("RUS", "LATN", "Lukashenko"), ("RUS", "CYRL", "Лукашенко")),
                part(1, "Dzmitry", ("RUS", "CYRL", "Дмитрий")),
            )
            + name(part(1, "Dima"), kind="alias", quality="low")
            + name(part(1, "D. Old"), kind="formerly-known-as")
        ),
    )

    assert [(item.text, item.type, item.quality) for item in entry.names] == [
        ("Dzmitry Lukashenka", NameType.PRIMARY, Quality.STRONG),
        ("Дмитрий Лукашенко", NameType.AKA, Quality.STRONG),
        ("Dzmitry Lukashenko", NameType.AKA, Quality.STRONG),
        ("Dima", NameType.AKA, Quality.WEAK),
        ("D. Old", NameType.FKA, Quality.STRONG),
    ]


def test_only_the_first_modification_tells_whether_a_target_is_listed(tmp_path: Path) -> None:
    gone = '<modification modification-type="de-listed"/>'
    named = name(part(1, "Somebody"))

    assert "no entries" in refusal("seco", tmp_path, "a.xml", document(target(named, changes=gone + LISTED)))
    assert one(tmp_path, target(named, changes=LISTED + gone)).listed_on == date(2016, 5, 18)


def test_identities_inside_modifications_are_history(tmp_path: Path) -> None:
    old = f"<identity main='true'>{name(part(1, 'Old Name'))}</identity>"
    changes = f'<modification modification-type="amended"><removed>{old}</removed></modification>'
    entry = one(tmp_path, target(name(part(1, "New Name")), changes=changes))

    assert [item.text for item in entry.names] == ["New Name"]


def test_facts_of_a_person_are_read_with_places_from_the_end_of_the_file(tmp_path: Path) -> None:
    entry = one(
        tmp_path,
        target(
            name(part(1, "Somebody"))
            + '<day-month-year day="23" month="3" year="1980" calendar="Gregorian"/>'
            '<day-month-year year="1359" calendar="Islamic"/><place-of-birth place-id="77"/>'
            '<nationality><country iso-code="BY">Belarus</country></nationality>'
            '<address place-id="77"><address-details>ul. 4</address-details><zip-code>220029</zip-code>'
            "</address>"
            '<identification-document document-type="passport"><number>AB1</number><issuer code="BY"/>'
            "</identification-document>",
            more="<other-information>SWIFT/BIC: AKBBBY2X</other-information>",
        ),
    )

    assert entry.birth_dates == (DateRange(date(1980, 3, 23), date(1980, 3, 23)),)
    assert (entry.birth_places, entry.countries) == (("Minsk, BY",), ("BY",))
    assert entry.addresses == (Address("ul. 4", "Minsk", "", "220029", "BY"),)
    assert entry.identifiers == (Identifier("passport", "AB1", "BY"), Identifier("bic", "AKBBBY2X"))
    assert entry.programs == ("Belarus",)


def test_the_list_says_when_it_was_made(tmp_path: Path) -> None:
    path = written(tmp_path, "seco.xml", document(target(name(part(1, "Somebody")))))

    assert list_issued("seco", path) == "2026-08-27"

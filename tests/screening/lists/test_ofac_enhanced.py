"""OFAC's enhanced XML: names in every script and strength, documents, features, relationships by id."""

from datetime import date
from pathlib import Path

from screening import Designation, Kind, NameType, Quality
from screening.designations import Address, DateRange, Gender, Identifier, Link, Name
from screening.lists import list_issued
from tests.screening.lists.reading import listed, refusal, written

NAMESPACE = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML"
PERSON = """<entity id="41563"><generalInfo><identityId>1</identityId><entityType>Individual</entityType>
<title>Arms broker</title></generalInfo>
<sanctionsLists><sanctionsList datePublished="2023-03-30T00:00:00">SDN List</sanctionsList></sanctionsLists>
<sanctionsPrograms><sanctionsProgram>DPRK4</sanctionsProgram></sanctionsPrograms>
<names>
<name id="2"><isPrimary>false</isPrimary><aliasType>A.K.A.</aliasType><isLowQuality>true</isLowQuality>
<translations><translation><isPrimary>true</isPrimary><formattedFullName>QORV</formattedFullName>
</translation></translations></name>
<name id="1"><isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations>
<translation><isPrimary>true</isPrimary><script>Latin</script>
<formattedFullName>QORVAZOV, Ivan</formattedFullName></translation>
<translation><isPrimary>false</isPrimary><script>Cyrillic</script>
<formattedFullName>Иван Корвазов</formattedFullName></translation>
</translations></name></names>
<addresses><address><country>Slovakia</country><translations><translation><addressParts>
<addressPart><type>ADDRESS1</type><value>1 Qwx Street</value></addressPart>
<addressPart><type>CITY</type><value>Bratislava</value></addressPart></addressParts></translation>
</translations></address></addresses>
<features>
<feature><type>Birthdate</type><value>circa 1967</value><valueDate>
<fromDateBegin>1967-01-01</fromDateBegin></valueDate></feature>
<feature><type>Nationality Country</type><value>Slovakia</value></feature>
<feature><type>Gender</type><value>Male</value></feature></features>
<identityDocuments><identityDocument><type>Passport</type><documentNumber>BD1234567</documentNumber>
<issuingCountry>Slovakia</issuingCountry></identityDocument></identityDocuments>
<relationships><relationship><type>Owned or Controlled By</type>
<relatedEntity entityId="44521">VERSOR S.R.O.</relatedEntity></relationship></relationships></entity>"""


def document(*entities: str) -> str:
    head = "<publicationInfo><dataAsOf>2026-09-04T00:00:00</dataAsOf></publicationInfo>"
    return (
        f'<sanctionsData xmlns="{NAMESPACE}">{head}<entities>{"".join(entities)}</entities></sanctionsData>'
    )


def test_every_fact_of_an_entity_is_read(tmp_path: Path) -> None:
    (entry,) = listed("ofac-enhanced", tmp_path, "SDN_ENHANCED.XML", document(PERSON))

    assert entry == Designation(
        id="ofac:41563",
        names=(
            Name("Ivan QORVAZOV", NameType.PRIMARY),
            Name("Иван Корвазов"),
            Name("QORV", quality=Quality.WEAK),
        ),
        kind=Kind.PERSON,
        programs=("DPRK4",),
        identifiers=(Identifier("passport", "BD1234567", "SK"),),
        birth_dates=(DateRange(date(1967, 1, 1), date(1967, 12, 31), circa=True),),
        countries=("SK",),
        gender=Gender.MALE,
        addresses=(Address("1 Qwx Street", "Bratislava", country="SK"),),
        links=(Link("VERSOR S.R.O.", "owned_by", "ofac:44521"),),
        listed_on=date(2023, 3, 30),
        remarks="Arms broker",
    )


def test_the_file_s_own_date_is_that_of_its_data(tmp_path: Path) -> None:
    path = written(tmp_path, "SDN_ENHANCED.XML", document(PERSON))

    assert list_issued("ofac-enhanced", path) == "2026-09-04"


def test_an_entity_of_an_unknown_type_is_refused(tmp_path: Path) -> None:
    other = PERSON.replace("<entityType>Individual", "<entityType>Wallet")

    assert "lacks id, type or name" in refusal("ofac-enhanced", tmp_path, "x.xml", document(other))


def test_a_delta_is_no_whole_list(tmp_path: Path) -> None:
    text = document(PERSON.replace('<entity id="41563">', '<entity id="41563" action="add">'))

    assert "this is a delta" in refusal("ofac-enhanced", tmp_path, "SDN_ENHANCED.XML", text)


def test_a_name_that_is_of_low_quality_once_only_is_strong(tmp_path: Path) -> None:
    name = PERSON[PERSON.index('<name id="1">') : PERSON.index("</names>")]
    weak = name.replace("<isPrimary>true</isPrimary><isLowQ", "<isPrimary>false</isPrimary><isLowQ").replace(
        "<isLowQuality>false", "<isLowQuality>true"
    )
    weak, strong = (each.replace("QORVAZOV, Ivan", "LOWLY, Ivan") for each in (weak, weak))
    strong = strong.replace("<isLowQuality>true", "<isLowQuality>false")

    (entry,) = listed(
        "ofac-enhanced", tmp_path, "SDN_ENHANCED.XML", document(PERSON.replace(name, name + weak + strong))
    )

    assert Name("Ivan LOWLY") in entry.names

"""Country names as lists and payments write them."""

import pytest

from screening.countries import country_code, stated_country


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Korea, North", "KP"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Republic of Korea", "KR"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo, Republic of the", "CG"),
        ("Cote d Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Burma", "MM"),
        ("Türkiye", "TR"),
        ("TURKEY", "TR"),
        ("U.S.A.", "US"),
        ("Bahamas, The", "BS"),
        ("The Gambia", "GM"),
        ("Region: Crimea", "UA"),
        ("China, Hong Kong Special Administrative Region", "HK"),
        ("United Kingdom of Great Britain and Northern Ireland", "GB"),
        ("uk", "GB"),
        ("SVK", "SK"),
        ("AND", "AD"),
    ],
)
def test_a_name_or_code_leads_to_its_country(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", " ", "undetermined", "na", "Netherlands Antilles", "the", "Atlantis"])
def test_what_is_no_country_has_no_code(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "IR",
        "ir",
        "IRN",
        "irn",
        "364",
        " 364 ",
        "Iran",
        "IRAN",
        "Iran (Islamic Republic of)",
        "I.R. Iran",
        "Иран",
    ],
)
def test_a_payment_states_a_country_by_code_number_or_name(text: str) -> None:
    assert stated_country(text) == "IR"


@pytest.mark.parametrize(
    ("text", "code"), [("004", "AF"), ("4", "AF"), ("Ireland", "IE"), ("Iraq", "IQ"), ("XX", "XX")]
)
def test_a_stated_country_is_the_one_it_says(text: str, code: str) -> None:
    assert stated_country(text) == code


@pytest.mark.parametrize(
    "text", ["", " ", "000", "Slobodan Milosevic", "Shiraz", "1234", "IRNX", "a" * 10_000]
)
def test_what_states_no_country_has_no_code(text: str) -> None:
    assert stated_country(text) is None

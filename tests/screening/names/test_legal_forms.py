"""Which words of a name are its legal form, and which are the name."""

import pytest

from screening import Policy, compare
from screening.names.legal_forms import split_forms
from screening.names.words import words_of


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Общество с ограниченной ответственностью «М-Финанс»", ["м", "финанс"]),
        ("OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU 'M-FINANS'", ["m", "finans"]),
        ("Versor limi ted", ["versor"]),
        ("Versor comp any", ["versor"]),
    ],
)
def test_what_is_put_together_again_was_parted_and_takes_no_letter_of_the_name(
    written: str, name: list[str]
) -> None:
    assert split_forms(words_of(written))[0] == name


NAME = "Quorvex"


@pytest.mark.parametrize(
    "form",
    [
        "S.à r.l.",
        "S.a r.l.",
        "eingetragener Verein",
        "Spółka komandytowa",
        "Sp. j.",
        "Spółka komandytowo-akcyjna",
        "Mažoji bendrija",
        "Ανώνυμη Εταιρεία",
        "Anonymi Etairia",
        "Godo Kaisha",
        "With Limited Liability",
        "B.S.C. (c)",
        "Public Company Limited",
        "PCL",
        "PrJSC",
        "S.A.B. de C.V.",
        "S.R.L. de C.V.",
        "S.c.a r.l.",
        "SRL a socio unico",
        "Sociedade por quotas",
        "Società in accomandita semplice",
        "Xususiy korxona",
        "Açıq Səhmdar Cəmiyyəti",
        "Муниципальное унитарное предприятие",
        "ՍՊԸ",
        "VZW",
        "AB (publ)",
        "(Persero) Tbk",
    ],
)
def test_a_company_is_the_same_with_its_form_and_without(form: str) -> None:
    assert split_forms(words_of(f"{NAME} {form}"))[0] == ["quorvex"]
    assert min(compare(f"{NAME} {form}", NAME), compare(NAME, f"{NAME} {form}")) >= Policy().threshold


@pytest.mark.parametrize(
    "name", ["Slovan Komandir", "Cooper Civil Works", "Delta Ansar", "Offshore Verein Trading"]
)
def test_words_near_a_form_stay_in_a_name(name: str) -> None:
    assert split_forms(words_of(name))[0] == words_of(name)

"""Which words of a name are its legal form, and which are the name."""

import pytest

from screening import Policy, compare
from screening.names.legal_forms import _has_no_spaces, keeps_words, split_forms
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
        "S.L.",
        "S.A.C.",
        "C.A.",
        "S.A.L.",
        "Unipessoal, Lda",
        "Ltda - ME",
        "SARLU",
        "(P) Ltd",
        "(SMC-Private) Limited",
        "DWC-LLC",
        "ОсОО",
        "СП ООО",
        "ДООЕЛ",
        "ՓԲԸ",
        "Μονοπρόσωπη Ι.Κ.Ε.",
        "S.A. de C.V., SOFOM, E.N.R.",
        "GmbH in Liquidation",
        "S.A. em liquidação",
        "Sp. z o.o. w likwidacji",
        "d.o.o. u stečaju",
    ],
)
def test_a_company_is_the_same_with_its_form_and_without(form: str) -> None:
    assert split_forms(words_of(f"{NAME} {form}"))[0] == ["quorvex"]
    assert min(compare(f"{NAME} {form}", NAME), compare(NAME, f"{NAME} {form}")) >= Policy().threshold


@pytest.mark.parametrize(
    "form",
    [
        *("OBSCHESTVO S OGRANICHENNOY OTVETSTVENNOSTYU", "Obshestvo s ogranichennoj otvetstvennostju"),
        *("PUBLICHNOE AKTSIONERNOE OBSCHESTVO", "Publichnoje akcionernoje obshhestvo"),
        *("Tovarystvo z obmezhenoiu vidpovidalnistiu", "Zakrytoye Aktsionernoye Obshchestvo"),
    ],
)
def test_a_form_of_cyrillic_is_one_in_each_way_to_write_it_in_latin_letters(form: str) -> None:
    assert split_forms(words_of(f"{form} {NAME}"))[0] == ["quorvex"]


@pytest.mark.parametrize(
    "name",
    [
        *("Slovan Komandir", "Cooper Civil Works", "Delta Ansar", "Offshore Verein Trading"),
        *(
            "Sal Tarvstone",
            "CA Quorvex",
            "BSC Quorvex Trading",
            "KSC Quorvex Trading",
            "Tran Dinh Phu",
            "Wang Mei",
        ),
    ],
)
def test_words_near_a_form_stay_in_a_name(name: str) -> None:
    assert split_forms(words_of(name))[0] == words_of(name)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        *(("qorvel trading", True), ("qorvel ltd", True), ("zorav inc", True), ("qorvelgmbh", False)),
        *(("limi ted", False), ("comp any", False), ("qorvel corpo ration", False)),
    ],
)
def test_words_are_kept_that_no_legal_form_parts_or_puts_together(words: str, kept: bool) -> None:
    assert keeps_words(words.split()) is kept


def test_a_script_without_spaces_is_told_by_its_first_sign() -> None:
    edges = {0xDFF: False, 0xE00: True, 0xE7F: True, 0xE80: False, 0x2FFF: False, 0x3000: True}

    assert {code: _has_no_spaces(chr(code)) for code in edges} == edges

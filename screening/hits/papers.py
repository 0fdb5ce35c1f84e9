"""Document numbers that a text introduces: "passport no. 6620505".

In a text, digits alone are mostly an invoice's number. After the word for a passport they are not, however
few.

>>> list(numbers_of_papers("fees passport no. AB 662050 May"))
[('AB662050', 'passport')]
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from screening.hits.codes import NOT_ALNUM, WORD, in_ascii

SHORTEST: Final = 6
"""Digits and letters of such a number."""
_WORDS: Final = (
    (
        ("passport",),
        "passport pasport passeport pasaporte passaporte passaporto reisepass paspoort pasaport pasaportu "
        "paszport paspor ppt pp p/p pass паспорт паспорта διαβατηριο διαβατήριο travel_document ho_chieu",
    ),
    (
        ("national_id",),
        "identity_card id_card national_id national_identity national_identification personal_id identity id "
        "cnic nic nid nric nik ktp aadhaar iqama emirates_id tazkira tc_kimlik kimlik personalausweis "
        "ausweis pesel cedula cédula cedula_de_ciudadania cédula_de_ciudadanía cedula_de_identidad "
        "cédula_de_identidad cc c.c c.i carnet carnet_de_identidad documento_de_identidad documento dni nie "
        "curp rg carta_d_identita carte_d_identite carte_d_identité",
    ),
    (
        ("tax", "registration"),
        "tax tax_id taxid taxpayer tin inn инн иин бин унп edrpou едрпоу єдрпоу nit rut ruc rfc cif nif cuit "
        "cuil cnpj cpf npwp vat vkn vergi_no pan gstin trn steuernummer steuer-id ust-id ust-idnr "
        "partita_iva p.iva p.i codice_fiscale c.f fiscal_code",
    ),
    (
        ("registration", "tax"),
        "registration reg registry company company_no commercial_register commercial_registration crn c.r "
        "cr_no ogrn огрн trade_license trade_licence handelsregister hrb hra kvk krs regon siren siret ico "
        "ičo oib matricula matrícula matricula_mercantil matrícula_mercantil reg_no",
    ),
)
"""Schemes that the number may stand under on a list, and the words for the paper."""
_SIGNS: Final = (
    (
        ("passport",),
        "护照号码 护照号 护照 護照號碼 護照號 護照 여권번호 여권 旅券番号 旅券 جواز_سفر_رقم جواز_سفر جواز "
        "گذرنامه پاسپورت",
    ),
    (
        ("national_id",),
        "身份证号码 身份证号 身份证 身分證 주민등록번호 رقم_الهوية الهوية الرقم_القومي کد_ملی شماره_ملی",
    ),
    (("tax", "registration"), "税号 统一社会信用代码 稅號"),
)
"""The same in scripts of which a number is written on to the word."""
_SCHEME_OF: Final = {
    in_ascii(word).replace("_", " "): of for of, words in (*_WORDS, *_SIGNS) for word in words.split()
}


def _alternatives(words: Iterable[tuple[tuple[str, ...], str]]) -> str:
    known = {in_ascii(word) for _, said in words for word in said.split()}
    return "|".join(re.escape(word).replace("_", r"[^\w\n]") for word in sorted(known, key=len, reverse=True))


_NUMERALS: Final = in_ascii("no|nr|num|numero|número|nummer|number|nomor|so|n|id|code|номер|серия")
_NUMBER: Final = re.compile(
    rf"(?:(?<![^\W_])({_alternatives(_WORDS)})[^\w\n]{{1,3}}|({_alternatives(_SIGNS)})[^\w\n]{{0,3}})"
    rf"(?:(?:{_NUMERALS})(?![^\W\d_])|№|#)?[^\w\n]{{0,3}}"
    r"((?:[A-Z]{1,3}[ -]?)?\d[A-Z\d]{0,19}(?:[ ./-]\d[A-Z\d]{0,11}){0,4})(?![^\W_])",
    re.IGNORECASE,
)
_LEADS: Final = frozenset(found for word in _SCHEME_OF if (found := WORD.findall(word)[0]).isascii())
_FOREIGN_LEADS: Final = tuple({WORD.findall(word)[0] for word in _SCHEME_OF if not word.isascii()})
_DIGITS: Final = re.compile(r"(?:\d[A-Z ./-]?){3}\d")


def numbers_of_papers(text: str) -> Iterator[tuple[str, str]]:
    """Each number with each of its possible schemes, also extended by the groups that follow it, because the
    text goes on."""
    if not _DIGITS.search(text):
        return
    small = text.casefold()
    if _LEADS.isdisjoint(WORD.findall(small)) and (
        small.isascii() or not any(lead in small for lead in _FOREIGN_LEADS)
    ):
        return
    for found in _NUMBER.finditer(text):
        schemes = _SCHEME_OF.get(_blanks(found[1] or found[2]), ())
        number = ""
        for group in WORD.findall(found[3]):
            number += group
            if len(number) >= SHORTEST:
                for scheme in schemes:
                    yield number, scheme


def _blanks(word: str) -> str:
    """The word for a paper as it is kept, whatever parts it: "Cedula-de-Ciudadania"."""
    small = word.casefold()
    return small if small in _SCHEME_OF else NOT_ALNUM.sub(" ", small)

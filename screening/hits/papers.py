"""Document numbers that a text introduces: "passport no. 6620505".

In a text, digits alone are mostly an invoice's number. After the word for a passport they are not, however
few.

>>> list(numbers_of_papers("fees passport no. AB 662050 May"))
[('AB662050', 'passport')]
"""

import re
from collections.abc import Iterator
from typing import Final

from screening.hits.codes import WORD, in_ascii

SHORTEST: Final = 6
"""Digits and letters of such a number."""
_WORDS: Final = (
    (
        ("passport",),
        "passport pasport passeport pasaporte passaporte passaporto reisepass paspoort pasaport pasaportu "
        "ppt паспорт паспорта travel_document",
    ),
    (
        ("national_id",),
        "identity_card id_card national_id national_identity national_identification personal_id identity "
        "cnic nric tazkira cedula cédula dni personalausweis carte_d.identite carte_d.identité",
    ),
    (("tax", "registration"), "tax tax_id taxid taxpayer tin inn инн nit rut rfc cuit vat fiscal_code"),
    (
        ("registration", "tax"),
        "registration reg registry company ogrn огрн trade_license trade_licence handelsregister hrb kvk",
    ),
)
"""Schemes that the number may stand under on a list, and the words for the paper."""
_SCHEME_OF: Final = {in_ascii(word).replace("_", " "): of for of, words in _WORDS for word in words.split()}
_ANY: Final = "|".join(sorted(_SCHEME_OF, key=len, reverse=True))
_NUMBER: Final = re.compile(
    rf"(?<![^\W_])({_ANY})[^\w\n]{{1,3}}(?:(?:no|nr|num|number|n|id|code)(?![^\W\d_])|№|#)?[^\w\n]{{0,3}}"
    r"((?:[A-Z]{1,3}[ -]?)?\d[A-Z\d]{0,19}(?:[ ./-]\d[A-Z\d]{0,11}){0,4})(?![^\W_])",
    re.IGNORECASE,
)
_LEADS: Final = tuple({word.partition(" ")[0].partition(".")[0] for word in _SCHEME_OF})
_DIGITS: Final = re.compile(r"\d[ ./-]?\d[ ./-]?\d[ ./-]?\d")


def numbers_of_papers(text: str) -> Iterator[tuple[str, str]]:
    """Each number with each of its possible schemes, also extended by the groups that follow it, because the
    text goes on."""
    if not _DIGITS.search(text):
        return
    small = text.casefold()
    if not any(lead in small for lead in _LEADS):
        return
    for found in _NUMBER.finditer(text):
        schemes = _SCHEME_OF.get(found[1].casefold().replace("'", "."), ())
        number = ""
        for group in WORD.findall(found[2]):
            number += group
            if len(number) >= SHORTEST:
                for scheme in schemes:
                    yield number, scheme

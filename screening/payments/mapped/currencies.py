"""Minor units: how many decimals a currency has (ISO 4217), and amounts given in them."""

from collections.abc import Mapping

_WITHOUT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
_WITH_FOUR = "CLF UYW"
_NO_CURRENCIES = frozenset(
    ("XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX")
)

_EXPONENTS: Mapping[str, int] = (
    dict.fromkeys(_WITHOUT.split(), 0)
    | dict.fromkeys(_WITH_THREE.split(), 3)
    | dict.fromkeys(_WITH_FOUR.split(), 4)
)
LONGEST_AMOUNT = 30
"""Digits; as `amount_of` has it."""


def exponent(currency: str | None, own: Mapping[str, int]) -> int | None:
    """Decimals of a currency; `own` are a platform's own rules. None for what is no currency's code.

    >>> exponent("JPY", {}), exponent("KWD", {}), exponent("EUR", {}), exponent("CLP", {"CLP": 2})
    (0, 3, 2, 2)
    """
    if currency is None:
        return None
    if currency in own:
        return own[currency]
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha() or currency in _NO_CURRENCIES:
        return None
    return _EXPONENTS.get(currency, 2)


def scaled(minor: int | str, decimals: int) -> str | None:
    """An amount of minor units as its decimal text; None for what is no whole number.

    >>> scaled(250000, 2), scaled("5000", 0), scaled(-5, 3)
    ('2500.00', '5000', '-0.005')
    """
    text = str(minor)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > LONGEST_AMOUNT:
        return None
    if not decimals:
        return sign + digits
    digits = digits.zfill(decimals + 1)
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"

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
_NUMBERED = (
    "008ALL 012DZD 032ARS 036AUD 044BSD 048BHD 050BDT 051AMD 052BBD 060BMD 064BTN 068BOB 072BWP "
    "084BZD 090SBD 096BND 104MMK 108BIF 116KHR 124CAD 132CVE 136KYD 144LKR 152CLP 156CNY 170COP "
    "174KMF 188CRC 191HRK 192CUP 203CZK 208DKK 214DOP 222SVC 230ETB 232ERN 238FKP 242FJD 262DJF "
    "270GMD 292GIP 320GTQ 324GNF 328GYD 332HTG 340HNL 344HKD 348HUF 352ISK 356INR 360IDR 364IRR "
    "368IQD 376ILS 388JMD 392JPY 398KZT 400JOD 404KES 408KPW 410KRW 414KWD 417KGS 418LAK 422LBP "
    "426LSL 430LRD 434LYD 446MOP 454MWK 458MYR 462MVR 480MUR 484MXN 496MNT 498MDL 504MAD 512OMR "
    "516NAD 524NPR 532XCG 533AWG 548VUV 554NZD 558NIO 566NGN 578NOK 586PKR 590PAB 598PGK 600PYG "
    "604PEN 608PHP 634QAR 643RUB 646RWF 654SHP 682SAR 690SCR 694SLL 702SGD 704VND 706SOS 710ZAR "
    "728SSP 748SZL 752SEK 756CHF 760SYP 764THB 776TOP 780TTD 784AED 788TND 800UGX 807MKD 818EGP "
    "826GBP 834TZS 840USD 858UYU 860UZS 882WST 886YER 901TWD 924ZWG 925SLE 926VED 927UYW 928VES "
    "929MRU 930STN 932ZWL 933BYN 934TMT 936GHS 938SDG 940UYI 941RSD 943MZN 944AZN 946RON 947CHE "
    "948CHW 949TRY 950XAF 951XCD 952XOF 953XPF 967ZMW 968SRD 969MGA 970COU 971AFN 972TJS 973AOA "
    "975BGN 976CDF 977BAM 978EUR 979MXV 980UAH 981GEL 984BOV 985PLN 986BRL 990CLF 997USN"
)
_NUMBERS: Mapping[str, str] = {code[:3]: code[3:] for code in _NUMBERED.split()}
"""Codes by number, which cards' messages have."""
LONGEST_AMOUNT = 30
"""Digits; as `amount_of` has it."""


def currency_code(written: str) -> str:
    """The letters of a currency's code that is written in small ones, or as a number.

    >>> currency_code("eur"), currency_code("978"), currency_code("USDT"), currency_code("000")
    ('EUR', 'EUR', 'USDT', '000')
    """
    return _NUMBERS.get(written) or (written.upper() if len(written) == 3 else written)


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

    >>> scaled(250000, 2), scaled("000000005000", 0), scaled(-5, 3)
    ('2500.00', '5000', '-0.005')
    """
    text = str(minor)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > LONGEST_AMOUNT:
        return None
    digits = digits.lstrip("0").zfill(decimals + 1)
    if not decimals:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"

"""How much one payment may ask for. Beyond a limit it is not screened to the end: it is an `error`, never
clear.

Each limit is far above what payments need, and is counted, not timed, so that a replay meets it at the same
point. A record says what a limit left out of it. `docs/limits.md` lists all limits.
"""

import hashlib

from screening.payments.model import Payment

MOST_WORDS = 2_500
"""Words of one payment that are looked up, its names, texts and addresses together: about 15,000 characters.
The longest structured remittance in cross-border rules has 9,000. A word never seen costs some 40 us."""
MOST_CHARACTERS = 30_000
"""Characters of all of these and of identifiers, so that longer texts are not even split."""
MOST_VALUES = 2_500
"""Names, texts, addresses, countries and identifiers of one payment."""
MOST_STEPS = 70_000
"""Effort of comparing one payment with the list, in steps of about half a microsecond (uncompiled, each word
new): nine times what a payment takes, and twice what one takes with a hit on a common name. A list grants a
step more for each of its names."""
MOST_READINGS = 32
"""Names in one name field ("X f/k/a Y f/k/a Z ..."), each different from the others."""
MOST_HITS = 100
"""Hits that a decision and an alert show, the strongest of them; a record says how many more there are."""
MOST_ROWS = 60
"""Rows of an explanation that a record shows."""
LONGEST_ID = 1_000
"""Characters of a payment's id, which is the key of all that is written about it."""
LONGEST_VALUE = 1_000
"""Characters of a value that a hit shows: of a longer one, what stands around the match."""


APART = "send the remittance apart from the payment, or screen it by hand"


class LimitError(ValueError):
    """The payment goes beyond a limit, or a name cannot be compared; the text says why, and what to do."""


def check_readings(count: int) -> None:
    """Raises LimitError if one field holds too many names."""
    if count > MOST_READINGS:
        raise LimitError(f"a name field with {count} different names in it; at most {MOST_READINGS} are read")


def check_size(payment: Payment) -> None:
    """Raises LimitError if a payment holds too many values, or too long ones."""
    if len(payment.id) > LONGEST_ID:
        raise LimitError(f"an id of {len(payment.id)} characters; at most {LONGEST_ID} are read as one")
    values = characters = 0
    for party in payment.parties:
        values += len(party.identifiers) + len(party.countries)
        for texts in (party.names, party.addresses, party.texts):
            values += len(texts)
            for text, _ in texts:
                characters += len(text)
        for _, code, _ in party.identifiers:
            characters += len(code)
    if values > MOST_VALUES:
        raise LimitError(
            f"{values} names, texts and identifiers; at most {MOST_VALUES} are screened together"
        )
    if characters > MOST_CHARACTERS:
        raise LimitError(
            f"{characters} characters in its names and texts, at most {MOST_CHARACTERS}; {APART}"
        )


def short_id(payment_id: str) -> str:
    """An id as a decision names it; one that is too long is cut and ends in a hash of the whole."""
    if len(payment_id) <= LONGEST_ID:
        return payment_id
    digest = hashlib.sha256(payment_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{payment_id[:200]}…{digest[:32]}"


def excerpt(value: str, around: str) -> str:
    """A long value shortened to the text around one of its words; a short value is returned as it is.

    >>> excerpt("invoice " * 500 + "Versor", "versor")[-8:]
    'e Versor'
    """
    if len(value) <= LONGEST_VALUE:
        return value
    first = max(0, value.casefold().find(around.casefold()) - LONGEST_VALUE // 2)
    last = first + LONGEST_VALUE
    return ("…" if first else "") + value[first:last] + ("…" if last < len(value) else "")

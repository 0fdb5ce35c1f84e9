"""What the decoders promise for any bytes, as one function."""

from screening.payments import FORMATS, PaymentError, decode_payment


def holds(raw: bytes) -> None:
    """Raises AssertionError, or whatever else escaped, where `decode_payment` breaks its promise."""
    try:
        payments = decode_payment(raw)
    except PaymentError:
        return
    assert payments, "no payment and no error"
    for payment in payments:
        assert payment.id.encode(), "a payment that no topic can be keyed by"
        assert payment.format in FORMATS, "a label that no metric knows"
        assert payment.parties or payment.refused, "a payment with nothing to screen"
    assert not all(payment.refused for payment in payments), "refused one by one, not as a whole"
    assert payments == decode_payment(raw), "the same bytes gave two readings"

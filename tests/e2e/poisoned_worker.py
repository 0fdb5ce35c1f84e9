"""`interdict worker` with a defect that the real one has not: over one payment it computes for ever."""

import sys
from typing import Any

from screening import Payment
from screening.judge import Judged, judged
from streams.cli import main
from streams.worker import desk

POISON = "poison"


def never_ending(payment: Payment, *rest: Any) -> Judged:
    while payment.id == POISON:
        pass
    return judged(payment, *rest)


if __name__ == "__main__":
    vars(desk)["judged"] = never_ending
    sys.argv = ["interdict", "worker"]
    main()

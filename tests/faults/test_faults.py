"""A short set of the faults in every run of the suite; `python -m tests.faults` is the long series."""

from pathlib import Path

import pytest

from tests.faults.ground import ground
from tests.faults.run import run

pytestmark = [pytest.mark.kafka, pytest.mark.usefixtures("kafka_here")]

SHORT = (
    "worker killed",
    "alerts refused",
    "rights withdrawn",
    "agent raises",
    "broker killed",
    "worker frozen",
    "list published anew",
)


def test_no_payment_is_lost_or_cleared_wrongly_whatever_fails(tmp_path: Path) -> None:
    with ground(1, tmp_path) as under:
        done = run(under, tmp_path, seed=1, faults=SHORT, count=5000, rate=100)

    assert done.wrong == {}
    assert done.account.decided == 5000

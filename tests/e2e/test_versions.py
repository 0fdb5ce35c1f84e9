"""What tries an older version beside this one is tried with this one as both."""

from pathlib import Path

import pytest

from tests.e2e.versions import HERE, together

pytestmark = pytest.mark.kafka


def test_workers_and_gates_of_two_versions_answer_each_payment_once(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    assert together(kafka, tmp_path, HERE, topic_prefix) == []

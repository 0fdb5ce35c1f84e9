"""The measure of matching on payments runs from the repository alone."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.matching import payments


def test_the_samples_that_ship_are_measured_and_every_miss_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = tmp_path / "named.jsonl"
    arguments = ["payments", "--samples", "--every", "9", "--rivals", "2", "--named", str(named)]
    monkeypatch.setattr(sys, "argv", arguments)

    payments.main()

    printed = capsys.readouterr().out
    for section in payments.SECTIONS:
        assert f"## {section}" in printed
    assert "WRatio 85" in printed
    recall = float(next(line for line in printed.splitlines() if line.startswith("| all |")).split("|")[3])
    misses = [json.loads(line) for line in named.read_text().splitlines()]
    missed = [miss for miss in misses if miss["section"] == "planted"]
    assert len(missed) == round((1 - recall) * 22)

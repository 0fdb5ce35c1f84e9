"""`interdict screen`: any mix of files in, one decision per payment out, in input order."""

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from screening import Screener
from streams.commands import screen as module
from streams.commands.screen import command
from streams.offline.payments import FileMessage
from streams.offline.policies import load_policy

SAMPLE = files("screening.lists") / "data" / "sample-2023-08-16.csv"
LIST = ("--list", f"csv:{SAMPLE}")
CASES = Path(__file__).parents[2] / "screening" / "payments" / "mapped" / "cases"


def screen(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(command, [*LIST, *arguments], input=stdin)


def decisions(result: Result, exit_code: int = 0) -> list[dict[str, Any]]:
    assert result.exit_code == exit_code, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def event(payment_id: str, name: str) -> bytes:
    return json.dumps({"id": payment_id, "parties": [{"role": "creditor", "name": name}]}).encode() + b"\n"


def test_json_lines_from_stdin_give_decisions_in_input_order() -> None:
    result = screen("-", stdin=event("P-1", "Acme") + event("P-2", "Versor, s.r.o.") + event("P-3", "Acme"))

    assert [(item["payment_id"], item["outcome"]) for item in decisions(result)] == [
        ("P-1", "clear"),
        ("P-2", "hit"),
        ("P-3", "clear"),
    ]


def test_a_hit_names_the_designation_the_place_and_the_list() -> None:
    (decision,) = decisions(screen("-", stdin=event("P-1", "Versor, s.r.o.")))

    (hit,) = decision["hits"]
    assert (hit["designation"]["name"], hit["path"], hit["role"]) == (
        "Versor S.R.O.",
        "/parties/0/name",
        "creditor",
    )
    assert [name for name in decision["list"] if name != "offsets"] == ["csv"]
    assert decision["list"]["csv"]["entries"] > 0


def test_a_folder_of_mixed_formats_is_screened_by_file_name(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_bytes(event("P-1", "Acme"))
    (tmp_path / "2.fin").write_text("{1:F01TATRSKBXAXXX0000000000}{4:\n:20:P-2\n:59:VERSOR S.R.O.\n-}")
    (tmp_path / "3.xml").write_text(
        "<Document><FIToFICstmrCdtTrf><GrpHdr><MsgId>P-3</MsgId></GrpHdr>"
        "<CdtTrfTxInf><Cdtr><Nm>Versor s.r.o.</Nm></Cdtr></CdtTrfTxInf>"
        "<CdtTrfTxInf><Cdtr><Nm>Acme</Nm></Cdtr></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>"
    )

    assert [(item["payment_id"], item["outcome"]) for item in decisions(screen(str(tmp_path)))] == [
        ("P-1", "clear"),
        ("P-2", "hit"),
        ("P-3#1", "hit"),
        ("P-3#2", "clear"),
    ]


def test_what_cannot_be_read_is_an_error_decision_and_the_rest_goes_on() -> None:
    result = screen("-", stdin=b"{broken\n" + event("P-2", "Acme") + b'{"id": "P-3"}\n')

    rows = decisions(result, 1)
    found = [(item["payment_id"], item["outcome"], item.get("error", "")[:10]) for item in rows]
    assert found == [("stdin:1", "error", "not_json: "), ("P-2", "clear", ""), ("P-3", "error", "no_parties")]
    assert "2 messages could not be read" in result.stderr


def test_a_path_without_payments_is_named(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_bytes(b"")

    result = screen(str(tmp_path / "none.jsonl"), "-", stdin=event("P-1", "Acme"))

    assert [item["payment_id"] for item in decisions(result)] == ["P-1"]
    assert result.stderr == f"{tmp_path / 'none.jsonl'}: holds no payments\n"


def test_output_can_be_a_file(tmp_path: Path) -> None:
    out = tmp_path / "decisions.jsonl"

    result = screen("--output", str(out), "-", stdin=event("P-1", "Acme"))

    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(out.read_text())["payment_id"] == "P-1"


def test_an_embargoed_country_is_a_hit_with_the_shipped_policy() -> None:
    raw = b'{"id": "P-1", "parties": [{"name": "Acme", "country": "KP"}]}\n'

    (decision,) = decisions(screen("-", stdin=raw))

    assert [hit["designation"]["id"] for hit in decision["hits"]] == ["embargo:KP"]


def test_a_policy_may_begin_with_the_mark_that_some_editors_write(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("\ufeffthreshold = 0.9\n", encoding="utf-8")

    assert screen("--policy", str(policy), "-", stdin=b"").exit_code == 0


def test_a_wrong_policy_is_a_usage_error_that_names_the_line(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[[mapping]]\nname = 'x'\nwhen = 'transfer'\nid = '$.id'\nparty = [{}]\n")

    result = screen("--policy", str(policy), "-", stdin=b"")

    assert result.exit_code == 2
    assert "line 3" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--list", "csv", "-"), "SOURCE:PATH"),
        (("--list", "csv:/nowhere.csv", "-"), "no such file"),
        (("--list", f"nosuch:{SAMPLE}", "-"), "unknown list"),
        ((*LIST, "/nowhere.jsonl"), "no such file"),
        ((*LIST, "#nowhere.jsonl"), "no such file"),
        ((*LIST, "--output", "/nowhere/decisions", "-"), "/nowhere/decisions"),
        ((*LIST, "--max-bytes", "0", "-"), "x>=1"),
        (("-",), "--list"),
    ],
)
def test_a_wrong_list_or_path_is_a_usage_error(arguments: tuple[str, ...], words: str) -> None:
    result = CliRunner().invoke(command, list(arguments), input=b"{}")

    assert result.exit_code == 2
    assert words in result.stderr


def test_an_event_that_a_mapping_ignores_has_no_decision_and_is_counted_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('shipped_mappings = ["stripe"]\n')
    ignored = b'{"object": "event", "type": "customer.created", "data": {"object": {}}}\n'
    result = screen("--policy", str(tmp_path / "policy.toml"), "-", stdin=ignored + event("P-1", "Acme"))

    assert [item["payment_id"] for item in decisions(result)] == ["P-1"]
    assert "1 events are no payments by the mapping 'stripe: no payment'" in result.stderr


def test_a_message_too_large_is_named_with_its_place_and_remedy_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "day.jsonl"
    file.write_bytes(event("P-1", "Acme") + event("P-2", "x" * 2_000) + event("P-3", "Acme"))
    result = screen("--max-bytes", "1000", str(file))

    first, second, third = decisions(result, exit_code=1)
    assert (first["outcome"], second["outcome"], third["outcome"]) == ("clear", "error", "clear")
    assert second["payment_id"] == f"{file}:2"
    assert "send its transactions in several messages, or give --max-bytes" in second["error"]


def test_each_payment_of_a_message_took_its_part_of_the_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "policy.toml").write_text('shipped_mappings = ["pix"]\n')
    moments = iter([10.0, 10.5, 20.0, 20.25])
    clock = SimpleNamespace(perf_counter=lambda: next(moments))
    monkeypatch.setattr(module, "time", clock)
    two = FileMessage("two", (CASES / "pix_like.json").read_bytes())
    screener = Screener(load_policy(tmp_path / "policy.toml"))
    for message, count, latency_ms in ((two, 2, 250.0), (FileMessage("none", b"{"), 1, 250.0)):
        decided = [orjson.loads(line) for _, line in module._decide(screener, message, 1 << 20, Counter())]
        assert [each["latency_ms"] for each in decided] == [latency_ms] * count

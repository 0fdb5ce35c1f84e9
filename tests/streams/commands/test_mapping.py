"""`interdict mapping try`: what is read, from where, what falls to other, and why nothing is."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from streams.cli import main

CASES = Path(__file__).parents[2] / "screening" / "payments" / "mapped" / "cases"


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(
        main, ["mapping", "try", *map(str, arguments)], input=stdin, env={"COLUMNS": "200"}
    )


def read(*arguments: object, stdin: bytes | None = None) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in run(*arguments, "--json", stdin=stdin).output.splitlines()]


def test_every_value_is_shown_with_its_place_and_the_rest_as_other() -> None:
    result = run("stripe", CASES / "stripe_like.json")

    assert result.exit_code == 0
    lines = [line.split() for line in result.output.splitlines()]
    assert ["debtor", "name", "Alice", "Green", "/data/object/billing_details/name"] in lines
    assert ["other", "text", "payment_intent.succeeded", "/type"] in lines
    assert "payment pi_3Qx  amount 2500.00 USD  time 2025-11-27T10:00:00+00:00" in result.output
    assert "mapping 'stripe payment'" in result.output


def test_each_payment_is_a_line_and_a_table_of_what_was_read() -> None:
    first, *lines = run("pix", CASES / "pix_like.json").output.splitlines()
    day = "time 2026-11-27T13:22:00+00:00  rail pix  uetr -"

    assert first == f"{CASES / 'pix_like.json'}: mapping 'pix'"
    assert lines[0] == f"  payment E0000000020261127100000000000001  amount 110.00 BRL  {day}"
    assert lines[1:6] == [
        f"{line:60}"
        for line in (
            "  role          what    value          from",
            "  debtor        name    Alice Green    /pix/0/pagador/nome",
            "  debtor        tax     00000000191    /pix/0/pagador/cpf",
            "  remittance    text    aluguel        /pix/0/infoPagador",
            "  other         text    t1             /pix/0/txid",
        )
    ]


def test_json_has_the_same_for_programs() -> None:
    (event,) = read("pix", CASES / "pix_like.json")
    first, second = event["payments"]

    assert (event["mapping"], event["ignored"], event["problem"]) == ("pix", 0, None)
    assert second["amount"] == "99000.00"
    assert {
        "role": "debtor",
        "what": "name",
        "value": "Ivan Zuvavov",
        "path": "/pix/1/pagador/nome",
    } in second["read"]
    assert [value["path"] for value in first["other"]] == ["/pix/0/txid"]


def test_an_event_that_no_mapping_covers_says_which_condition_does_not_hold() -> None:
    result = run("pix", CASES / "stripe_like.json")

    assert result.exit_code == 1
    assert "no mapping covers it" in result.output
    assert "'pix': does not hold: $.pix" in result.output


def test_an_ignored_event_is_said_to_be_no_payment() -> None:
    (event,) = read(
        "stripe", "-", stdin=b'{"object": "event", "type": "customer.created", "data": {"object": {}}}'
    )

    assert (event["mapping"], event["ignored"], event["payments"]) == ("stripe: no payment", 1, [])


def test_a_payment_that_cannot_be_read_is_exit_code_1_with_the_reason(tmp_path: Path) -> None:
    event = json.loads((CASES / "stripe_like.json").read_text())
    event["data"]["object"]["amount"] = "12.5"
    (tmp_path / "event.json").write_text(json.dumps(event))
    result = run("stripe", tmp_path / "event.json")

    assert result.exit_code == 1
    assert "no whole number of minor units" in result.output


def test_lines_are_events_of_their_own_and_a_laid_out_file_is_one(tmp_path: Path) -> None:
    event = json.loads((CASES / "pix_like.json").read_text())
    (tmp_path / "lines.jsonl").write_text(f"{json.dumps(event)}\n{json.dumps(event)}\n")
    (tmp_path / "one.json").write_text('{"pix":\n' + json.dumps(event["pix"]) + "\n}")

    assert len(read("pix", tmp_path / "lines.jsonl")) == 2
    assert len(read("pix", tmp_path / "lines.jsonl", "--most", "1")) == 1
    assert len(read("pix", tmp_path / "one.json")) == 1


@pytest.mark.parametrize(
    ("content", "from_file"),
    [
        (b'{"pix": [\n]}', ["event.txt"]),
        (b'{"a": 1}\n{"a": 2}\n', ["event.txt:1", "event.txt:2"]),
        (b"<a>\n</a>\n", ["event.txt"]),
        (b" \n<a>\n</a>\n", ["event.txt"]),
        (b"no json\nnor this\n", ["event.txt:1", "event.txt:2"]),
    ],
)
def test_lines_of_a_file_of_stdin_and_of_a_pipe_are_events_where_the_whole_is_none(
    tmp_path: Path, content: bytes, from_file: list[str]
) -> None:
    (tmp_path / "event.txt").write_bytes(content)

    origins = [event["event"] for event in read("pix", tmp_path / "event.txt")]
    assert [Path(origin).name for origin in origins] == from_file
    from_stdin = [origin.replace("event.txt", "stdin") for origin in from_file]
    assert [event["event"] for event in read("pix", "-", stdin=content)] == from_stdin
    with made_pipe(content) as pipe:
        assert len(read("pix", pipe)) == len(from_file)


@contextmanager
def made_pipe(content: bytes) -> Iterator[str]:
    """As a shell hands over `<(command)`."""
    ours, theirs = os.pipe()
    os.write(theirs, content)
    os.close(theirs)
    try:
        yield f"/dev/fd/{ours}"
    finally:
        os.close(ours)


def test_a_policy_with_shipped_mappings_is_tried_as_a_worker_uses_it(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('threshold = 0.8\nshipped_mappings = ["pix", "stripe"]\n')

    assert read(policy, CASES / "stripe_like.json")[0]["mapping"] == "stripe payment"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("nothing", "none that ships: adyen, debezium"),
        ("bad.toml", "bad.toml: line 2: mapping 1 needs 'when'"),
        ("empty.toml", "no [[mapping]] in this file"),
    ],
)
def test_a_file_that_cannot_be_used_is_exit_code_2(tmp_path: Path, file: str, words: str) -> None:
    (tmp_path / "bad.toml").write_text('# mine\n[[mapping]]\nname = "x"\n')
    (tmp_path / "empty.toml").write_text("threshold = 0.8\n")
    result = run(tmp_path / file if file.endswith("toml") else file, CASES / "pix_like.json")

    assert result.exit_code == 2
    assert words.split()[0] in " ".join(result.output.split())


def test_markup_in_a_value_is_shown_as_it_stands(tmp_path: Path) -> None:
    event = json.loads((CASES / "pix_like.json").read_text())
    event["pix"][0]["pagador"]["nome"] = "[red]Ann"
    (tmp_path / "event.json").write_text(json.dumps(event))

    assert "[red]Ann" in run("pix", tmp_path / "event.json").output


def test_a_framed_record_is_one_event_and_json_in_it_needs_no_registry(tmp_path: Path) -> None:
    record = tmp_path / "record.bin"
    record.write_bytes(b"\x00\x00\x00\x00\x0a" + (CASES / "stripe_like.json").read_bytes())
    (event,) = read("stripe", record)

    assert (event["mapping"], event["problem"]) == ("stripe payment", None)


def test_a_framed_record_without_a_registry_names_the_setting(tmp_path: Path) -> None:
    record = tmp_path / "record.bin"
    record.write_bytes(b"\x00\x00\x00\x00\x0a\x06R-1\x06Ann")
    result = run("stripe", record)

    assert result.exit_code == 1
    assert "schema_registry_url" in result.output


def test_a_registry_that_does_not_answer_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "record.bin"
    record.write_bytes(b"\x00\x00\x00\x00\x0a\x06R-1\x06Ann")
    monkeypatch.setenv("INTERDICT_SCHEMA_REGISTRY_URL", "http://127.0.0.1:1")
    result = run("stripe", record)

    assert result.exit_code == 2
    assert result.stderr == "Error: schema registry http://127.0.0.1:1: no answer (ClientConnectorError)\n"

"""The examples of the documentation on mappings and records are what the code does."""

import io
import json
import re
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import fastavro
import pytest
from click.testing import CliRunner

from screening.payments import decode_payment
from screening.payments.mapped.trial import placed
from screening.payments.registry.framing import SchemaKey
from screening.payments.registry.readers import read_schema
from screening.payments.registry.schemas import Schemas, SchemaText
from streams.cli import main
from streams.offline.policies import shipped_mappings

DOCS = Path(__file__).parents[3] / "docs"
BLOCK = r"((?:(?!```).*\n)*)```\n"
EXAMPLE = re.compile(rf"```toml\n{BLOCK}\n```(json|xml)\n{BLOCK}\n```text\n{BLOCK}")
PAGE = (DOCS / "mappings.md").read_text(encoding="utf-8")
EXAMPLES = EXAMPLE.findall(PAGE)


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("```text") == 6


@pytest.mark.parametrize(("mapping", "kind", "event", "shown"), EXAMPLES)
def test_an_example_shows_what_the_command_shows(
    mapping: str, kind: str, event: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mapping.toml").write_text(mapping)
    (tmp_path / f"event.{kind}").write_text(event)
    monkeypatch.chdir(tmp_path)
    arguments = ["mapping", "try", "mapping.toml", f"event.{kind}"]
    result = CliRunner().invoke(main, arguments, env={"COLUMNS": "110"})

    assert [line.rstrip() for line in result.output.splitlines()] == shown.splitlines()


def test_the_page_names_every_mapping_that_ships() -> None:
    table = PAGE.partition("## Those that ship")[2].partition("\n\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(shipped_mappings())


def test_the_record_of_the_page_on_formats_is_read_as_it_says() -> None:
    page = (DOCS / "payment-formats.md").read_text(encoding="utf-8")
    section = page.partition("## Avro and Protobuf")[2]
    schema = section.partition("```json\n")[2].partition("```")[0]
    shown = section.partition("```text\n")[2].partition("```")[0]
    record = {"id": UUID(int=1), "amount": Decimal("12.50"), "currency": "EUR", "memo": "rent, May"}
    out = io.BytesIO(b"\x00\x00\x00\x00\x07")
    out.seek(5)
    creditor = {"creditor": {"name": "Ann Green", "country": "AT"}}
    fastavro.schemaless_writer(out, fastavro.parse_schema(json.loads(schema)), record | creditor)
    known = Schemas()
    known.put(SchemaKey(7), read_schema(SchemaText("AVRO", schema)))
    (payment,) = decode_payment(out.getvalue(), schemas=known)

    read = [list(value) for party in payment.parties for value in placed(party)]
    assert read == [re.split(r"\s{2,}", line) for line in shown.splitlines()]
    assert (payment.amount, payment.currency) == ("12.50", "EUR")

"""Whatever opens a client with aiokafka calls one function, which makes every change to it."""

import ast
from pathlib import Path

import pytest
from aiokafka import client
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer import fetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.record import default_records

from streams.faust_internals.patches import patch_aiokafka

STREAMS = Path(__file__).parents[3] / "streams"
PATCHED = (
    (fetcher, "MemoryRecords"),
    (client, "create_conn"),
    (AIOKafkaClient, "_metadata_update"),
    (default_records, "zstd_decode"),
    (GroupCoordinator, "_send_req"),
)


def test_one_call_changes_headers_connections_metadata_decompression_and_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for owner, name in PATCHED:
        monkeypatch.setattr(owner, name, None)

    patch_aiokafka()

    assert [name for owner, name in PATCHED if getattr(owner, name) is None] == []


def test_no_part_of_the_product_makes_only_some_of_the_changes() -> None:
    """The exports had no limit on what a batch holds."""
    found = {
        str(file.relative_to(STREAMS))
        for file in STREAMS.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        if ast.unparse(node.func)
        in (
            "bound_decompression",
            "read_any_header_names",
            "pace_connections",
            "pace_metadata",
            "ask_committed_places_again",
        )
    }

    assert found == {"faust_internals/patches.py"}

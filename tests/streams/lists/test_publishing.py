"""Publishing: only the difference goes out, and the topic ends as the file's state whoever interferes."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from screening import Designation, ListError, Name, parse_list
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import DESIGNATIONS, Topics
from streams.lists import claimed_log
from streams.lists.publishing import Difference, Published, publish
from streams.lists.status import read_topic
from tests.streams.list_topic import ListTopic, designation

TOPIC = "designations"
MARKER_OF_ANOTHER = orjson.dumps(
    {"marker": "commit", "list": "un", "version": "v", "count": 0, "sha256": "", "published_at": "2023-08-16"}
)


@pytest.fixture
def client() -> Iterator[dict[str, str]]:
    with EmbeddedBroker({TOPIC: 1}) as embedded:
        yield {"bootstrap_servers": embedded.bootstrap}


def entries(*names: str) -> list[Designation]:
    return [designation(str(number), name) for number, name in enumerate(names)]


async def publish_ofac(client: dict[str, str], listed: list[Designation], **options: Any) -> Published:
    return await publish(client, listed, list_name="ofac", topic=TOPIC, **options)


async def test_only_the_difference_is_sent_and_an_unchanged_list_sends_nothing(
    client: dict[str, str],
) -> None:
    first = await publish_ofac(client, entries("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"))
    again = await publish_ofac(client, entries("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"))
    changed = await publish_ofac(client, entries("A", "B", "C", "D", "E", "F", "G", "H", "I", "Jay"))

    assert (first.added, first.committed) == (11, True)
    assert (again.added, again.amended, again.removed, again.committed) == (0, 0, 0, False)
    assert (changed.added, changed.amended, changed.removed) == (0, 1, 1)
    assert changed.version != first.version


async def test_a_dry_run_sends_nothing(client: dict[str, str]) -> None:
    tried = await publish_ofac(client, entries("A"), dry_run=True)
    done = await publish_ofac(client, entries("A"))

    assert tried.added == done.added == 1


async def test_a_list_that_shrinks_too_much_is_refused_and_nothing_changes(client: dict[str, str]) -> None:
    await publish_ofac(client, entries("A", "B", "C"))

    with pytest.raises(ListError, match="--max-shrink"):
        await publish_ofac(client, entries("A"))
    assert not (await publish_ofac(client, entries("A", "B", "C"))).committed
    assert (await publish_ofac(client, entries("A"), max_shrink=1.0)).removed == 2


async def test_a_list_that_loses_its_aliases_is_refused_though_no_entry_goes(client: dict[str, str]) -> None:
    whole = [replace(entry, names=(*entry.names, Name(f"{entry.name} also"))) for entry in entries("A", "B")]
    await publish_ofac(client, whole)

    with pytest.raises(ListError, match="2 of 4 names would go"):
        await publish_ofac(client, entries("A", "B"))
    assert not (await publish_ofac(client, whole)).committed


async def test_an_empty_list_an_older_one_and_a_double_entry_are_refused(client: dict[str, str]) -> None:
    await publish_ofac(client, entries("A"), source_date="2023-08-16")

    with pytest.raises(ListError, match="no entries"):
        await publish_ofac(client, [])
    with pytest.raises(ListError, match="2023-08-15"):
        await publish_ofac(client, entries("A"), source_date="2023-08-15")
    with pytest.raises(ListError, match="stands twice"):
        await publish_ofac(client, entries("A") + entries("A"))


async def test_a_file_without_a_date_does_not_let_an_older_one_in(client: dict[str, str]) -> None:
    await publish_ofac(client, entries("A"), source_date="2023-08-16")
    undated = await publish_ofac(client, entries("A", "B"))

    assert undated.committed and not undated.version.startswith("2023")
    with pytest.raises(ListError, match="the file is of 2023-08-15, the list in force of 2023-08-16"):
        await publish_ofac(client, entries("A", "B", "C"), source_date="2023-08-15")
    assert (await publish_ofac(client, entries("A", "C", "B"), source_date="2023-08-16")).committed


async def test_an_interrupted_publication_is_completed_by_the_next_run(
    client: dict[str, str],
) -> None:
    async with ListTopic(client["bootstrap_servers"]) as topic:
        await topic.begin("v1")
        await topic.entry("0", "A")

    completed = await publish_ofac(client, entries("A", "B"))

    assert (completed.added, completed.committed) == (1, True)
    assert not (await publish_ofac(client, entries("A", "B"))).committed


async def test_a_commit_that_is_missing_is_sent_though_no_entry_differs(
    client: dict[str, str],
) -> None:
    async with ListTopic(client["bootstrap_servers"]) as topic:
        await topic.begin("v1")
        await topic.entry("0", "A")

    completed = await publish_ofac(client, entries("A"))

    assert (completed.added, completed.committed) == (0, True)


async def test_entries_changed_by_somebody_else_are_repaired_though_the_version_stands(
    client: dict[str, str],
) -> None:
    await publish_ofac(client, entries("A", "B", "C"))
    async with ListTopic(client["bootstrap_servers"]) as topic:
        await topic.raw("ofac:0", None)

    repaired = await publish_ofac(client, entries("A", "B", "C"))

    assert (repaired.added, repaired.committed) == (1, True)
    assert "1 entries were changed without a publication (ofac:0)" in repaired.repaired
    assert not (await publish_ofac(client, entries("A", "B", "C"))).committed


async def test_entries_deleted_by_somebody_else_do_not_hide_that_a_file_is_cut(
    client: dict[str, str],
) -> None:
    await publish_ofac(client, entries(*"ABCDEFGHIJ"))
    async with ListTopic(client["bootstrap_servers"]) as topic:
        for number in range(5, 10):
            await topic.raw(f"ofac:{number}", None)

    with pytest.raises(ListError, match="5 of 10 entries would go"):
        await publish_ofac(client, entries(*"ABCDE"))


async def test_an_entry_may_begin_with_an_at_sign_but_not_be_called_like_a_marker(
    client: dict[str, str],
) -> None:
    await publish_ofac(client, [designation("@acme", "Acme")])

    assert not (await publish_ofac(client, [designation("@acme", "Acme")])).committed
    with pytest.raises(ListError, match="key of a marker"):
        await publish_ofac(client, [designation("@commit", "Acme")])


@pytest.mark.parametrize("name", ["embargo", "offsets", "a:b", "a,b", " ofac", "ofac\n", ""])
async def test_a_list_has_no_name_that_means_something_else(client: dict[str, str], name: str) -> None:
    listed = [replace(designation("1", "Acme"), id=f"{name}:1")]
    with pytest.raises(ListError, match="cannot be a list's name"):
        await publish(client, listed, list_name=name, topic="designations")


async def test_a_topic_that_is_made_while_a_publication_looks_for_it_is_found(
    kafka: str, topic_prefix: str
) -> None:
    topic = Topics(topic_prefix).designations
    found = publish({"bootstrap_servers": kafka}, entries("A"), list_name="ofac", topic=topic)
    publishing = asyncio.create_task(found)
    await asyncio.sleep(2 * claimed_log.LOOK_SECONDS)

    await asyncio.to_thread(TopicAdmin({"bootstrap.servers": kafka}, topic_prefix, [DESIGNATIONS]).create, 1)

    assert (await publishing).added == 1


async def test_a_topic_that_does_not_exist_is_named_with_its_remedy(
    client: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claimed_log, "NEW_TOPIC_SECONDS", 0.1)
    with pytest.raises(ListError, match="interdict topics create"):
        await publish(client, entries("A"), list_name="ofac", topic="nope")


@pytest.mark.parametrize("key", ["ofac:@commit", "ofac:@begin", "@lists"])
@pytest.mark.parametrize("value", [b"{", MARKER_OF_ANOTHER])
async def test_a_marker_that_somebody_else_wrote_is_mended_though_the_file_has_not_changed(
    client: dict[str, str], key: str, value: bytes
) -> None:
    """It ended `publish`, `withdraw`, `status` and the lookback, so that nothing could mend it."""
    await publish_ofac(client, entries("A", "B"))
    async with ListTopic(client["bootstrap_servers"], TOPIC) as somebody:
        await somebody.raw(key, value)
    (problem,) = read_topic({"bootstrap.servers": client["bootstrap_servers"]}, TOPIC).problems
    assert f"{key}: " in problem

    again = await publish_ofac(client, entries("A", "B"))

    assert (again.committed, again.repaired) == (True, problem)
    now = read_topic({"bootstrap.servers": client["bootstrap_servers"]}, TOPIC)
    assert (now.problems, now.lists["ofac"].entries) == ([], 2)
    assert not (await publish_ofac(client, entries("A", "B"))).committed


def test_delistings_are_sent_last() -> None:
    difference = Difference.between({"ofac:1": b"new", "ofac:3": b"x"}, {"ofac:1": b"old", "ofac:2": b"gone"})

    assert list(difference.records()) == [("ofac:3", b"x"), ("ofac:1", b"new"), ("ofac:2", None)]


CASES = Path(__file__).parents[2] / "screening" / "lists" / "cases"


@pytest.mark.parametrize(
    ("file", "refused"),
    [
        ("sixty_all_weak.csv", "strong names"),
        ("sixty_no_facts.csv", "identifiers|birth dates"),
        ("sixty_ten_gone.csv", "entries"),
        ("sixty_one_changed.csv", ""),
        ("sixty_one_gone.csv", ""),
    ],
)
async def test_a_list_that_loses_a_kind_of_fact_is_refused_and_an_amended_one_is_not(
    client: dict[str, str], file: str, refused: str
) -> None:
    await publish(client, parse_list("csv", CASES / "sixty.csv"), list_name="csv", topic=TOPIC)
    later = parse_list("csv", CASES / file)

    if refused:
        with pytest.raises(ListError, match=rf"of \d+ ({refused}) would go"):
            await publish(client, later, list_name="csv", topic=TOPIC)
    else:
        assert (await publish(client, later, list_name="csv", topic=TOPIC)).committed

"""An export takes what is new since the one before, byte for byte, and says exactly what it took."""

import stat
from collections.abc import Iterator
from errno import ENOSPC
from pathlib import Path

import pytest
from confluent_kafka import Producer

from streams.audit.archive import ArchiveError, _alone, _holds_nothing, _new, export, markers
from streams.audit.auditor import Gap
from streams.audit.exported import read_export
from streams.audit.manifest import ExportedFile, manifests, next_offsets, read_manifest, sha256_of
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.log import Span, TopicLog

KEY = b"k"
TOPICS = ("decisions", "alerts")
RECORDS = ((b"P-1", b'{"a": 1}'), (b"\xff", b"\xfe\x00"), (None, None), (b"P-2", b""))


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"decisions": 2, "alerts": 1}) as embedded:
        yield embedded


def write(
    broker: EmbeddedBroker, topic: str, partition: int, *records: tuple[bytes | None, bytes | None]
) -> None:
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    for key, value in records:
        producer.produce(topic, value, key, partition=partition, timestamp=1_000_001, headers={"h": b"\xff"})
    assert producer.flush(10) == 0


def exported(broker: EmbeddedBroker, folder: Path) -> list[ExportedFile]:
    done = export({"bootstrap.servers": broker.bootstrap}, TOPICS, folder, KEY)
    written = read_manifest(done.manifest)
    assert (done.files, done.records) == (len(written.files), sum(file.records for file in written.files))
    assert written.holds(KEY)
    return written.files


def told(files: list[ExportedFile]) -> list[tuple[str, int, int, int, int, int]]:
    return [
        (file.topic, file.partition, file.log_start, file.first_offset, file.last_offset, file.records)
        for file in files
    ]


def test_each_export_goes_on_where_the_one_before_ended(broker: EmbeddedBroker, tmp_path: Path) -> None:
    write(broker, "decisions", 0, *RECORDS)
    write(broker, "alerts", 0, *RECORDS[:1])
    assert told(exported(broker, tmp_path)) == [("decisions", 0, 0, 0, 3, 4), ("alerts", 0, 0, 0, 0, 1)]

    assert told(exported(broker, tmp_path)) == []
    write(broker, "decisions", 0, *RECORDS[:2])
    write(broker, "decisions", 1, *RECORDS[:1])
    assert told(exported(broker, tmp_path)) == [("decisions", 0, 0, 4, 5, 2), ("decisions", 1, 0, 0, 0, 1)]

    found = [read_manifest(path) for path in manifests(tmp_path)]
    assert [each.number for each in found] == [0, 1, 2]
    assert [each.previous_sha256 for each in found] == ["", *map(sha256_of, manifests(tmp_path)[:2])]
    assert next_offsets(found) == {"decisions-0": 6, "alerts-0": 1, "decisions-1": 1}


def test_two_exports_at_once_do_not_write_one_file_together(broker: EmbeddedBroker, tmp_path: Path) -> None:
    """The manifest of one named what the other was still writing: the audit found it altered."""
    write(broker, "decisions", 0, *RECORDS)
    with _alone(tmp_path), pytest.raises(ArchiveError, match="another export writes there"):
        exported(broker, tmp_path)

    assert [*tmp_path.iterdir()] == []
    assert len(exported(broker, tmp_path)) == 1


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No space left.*full\.part"), _new(tmp_path / "full.part"):
        raise OSError(ENOSPC, "No space left on device")


def test_a_file_holds_the_records_byte_for_byte_and_is_its_owners_alone(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    write(broker, "decisions", 1, *RECORDS)
    (file,) = exported(broker, tmp_path)

    assert file.name == "decisions-1-00000000000000000000.jsonl.gz"
    assert file.sha256 == sha256_of(tmp_path / file.name)
    entries = list(read_export(tmp_path / file.name))
    assert [(entry.key, entry.value) for entry in entries] == list(RECORDS)
    assert {(entry.topic, entry.partition, entry.timestamp) for entry in entries} == {
        ("decisions", 1, 1_000_001)
    }
    assert [entry.offset for entry in entries] == [0, 1, 2, 3]
    assert {entry.headers["h"] for entry in entries} == {b"\xff"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert {path.suffix for path in tmp_path.iterdir()} == {".gz", ".json"}


def test_an_export_does_not_go_on_behind_a_manifest_that_cannot_be_read(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    write(broker, "decisions", 0, *RECORDS)
    exported(broker, tmp_path)
    manifests(tmp_path)[0].write_bytes(b"{}")

    with pytest.raises(ArchiveError, match=r"manifest-000000\.json: .*interdict audit verify --files"):
        exported(broker, tmp_path)


def test_a_gap_in_which_no_payment_stands_is_told_from_one_that_nobody_decided(
    broker: EmbeddedBroker,
) -> None:
    """Of markers there are none here: what lies behind the end stands for them."""
    write(broker, "decisions", 0, *RECORDS)
    gaps = [
        Gap("decisions", 0, 3, 4),
        Gap("decisions", 0, 4, 5),
        Gap("decisions", 7, 0, 1),
        Gap("alerts", 0, 0, 2),
    ]

    found = markers({"bootstrap.servers": broker.bootstrap}, gaps)

    assert found == [gaps[1], gaps[3]]


@pytest.mark.parametrize(("first", "nothing"), [(2, False), (3, False), (4, True)])
def test_of_a_gap_that_retention_has_taken_nobody_can_say_what_it_was(
    broker: EmbeddedBroker, first: int, nothing: bool
) -> None:
    """The partition is said to begin with offset 3, the last that is there."""
    write(broker, "decisions", 0, *RECORDS)
    with TopicLog({"bootstrap.servers": broker.bootstrap}, "decisions") as log:
        assert _holds_nothing(log, Span(0, 3, 4), Gap("decisions", 0, first, 4)) is nothing
        assert _holds_nothing(log, None, Gap("decisions", 0, first, 4)) is False

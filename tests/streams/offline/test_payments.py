"""Files of payments to single messages: no message is lost for the company it is in."""

from pathlib import Path

from streams.offline.payments import messages_in

MT = b"{1:F01BOFSGB2LXXXX0000000000}{2:I103CLYDGB2SXXXXN}{4:\r\n:20:A\r\n-}"


def write(path: Path, raw: bytes) -> str:
    path.write_bytes(raw)
    return str(path)


def test_each_line_of_json_lines_is_a_message_named_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "p.jsonl", b'\n{"id": "1"}\r\n\n{"id": "2"}')

    assert [tuple(message) for message in messages_in(path)] == [
        (f"{path}:2", b'{"id": "1"}'),
        (f"{path}:4", b'{"id": "2"}'),
    ]


def test_a_broken_first_line_does_not_take_the_others_along(tmp_path: Path) -> None:
    path = write(tmp_path / "p.jsonl", b'{"id": "1", "par\n{"id": "2"}\n')

    assert [message.raw for message in messages_in(path)] == [b'{"id": "1", "par', b'{"id": "2"}']


def test_an_indented_json_document_is_one_message(tmp_path: Path) -> None:
    raw = b'{\n  "id": "1",\n  "parties": []\n}\n'

    assert [message.raw for message in messages_in(write(tmp_path / "p.json", raw))] == [raw]


def test_an_xml_file_is_one_message_in_any_encoding(tmp_path: Path) -> None:
    for number, encoding in enumerate(("utf-8", "utf-8-sig", "utf-16", "utf-16-be")):
        raw = "<?xml version='1.0'?>\n<Document>\n</Document>\n".encode(encoding)

        assert [message.raw for message in messages_in(write(tmp_path / f"{number}.xml", raw))] == [raw]


def test_several_mt_messages_of_one_file_are_told_apart(tmp_path: Path) -> None:
    for separator in (b"", b"\r\n", b"$", b"\x03\x01"):
        path = write(tmp_path / "p.fin", MT + separator + MT + b"\n")

        messages = list(messages_in(path))

        assert [message.origin for message in messages] == [f"{path}:1", f"{path}:2"]
        assert all(message.raw.strip() == MT for message in messages)


def test_a_folder_is_read_by_name_with_everything_below_it(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write(tmp_path / "b" / "1.fin", MT)
    write(tmp_path / "a.jsonl", b'{"id": "1"}\n')
    write(tmp_path / ".hidden", b"x")
    write(tmp_path / "empty", b"")

    assert [message.origin for message in messages_in(str(tmp_path))] == [
        f"{tmp_path}/a.jsonl:1",
        f"{tmp_path}/b/1.fin",
    ]

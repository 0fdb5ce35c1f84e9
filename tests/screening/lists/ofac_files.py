"""Small OFAC CSV folders in the real files' shape: no header, CRLF, "-0- " for null, a Ctrl-Z at the end."""

from collections.abc import Iterable, Mapping
from pathlib import Path

NULL = "-0- "
END = "\x1a"


def field(value: str | int) -> str:
    return str(value) if isinstance(value, int) or value == NULL else f'"{value}"'


def rows(*lines: tuple[str | int, ...]) -> str:
    return "".join(",".join(map(field, line)) + "\r\n" for line in lines)


def sdn(
    number: int,
    name: str,
    kind: str = NULL,
    program: str = "CUBA",
    remarks: str = NULL,
    **columns: str,
) -> tuple[str | int, ...]:
    """One row of sdn.csv or cons_prim.csv."""
    order = ("title", "call_sign", "vessel_type", "tonnage", "gross_tonnage", "flag", "owner")
    return (number, name, kind, program, *(columns.get(column, NULL) for column in order), remarks)


def ofac_folder(
    folder: Path,
    entries: Iterable[tuple[str | int, ...]],
    *,
    aliases: Iterable[tuple[str | int, ...]] = (),
    addresses: Iterable[tuple[str | int, ...]] = (),
    comments: Iterable[tuple[str | int, ...]] = ((1, ""),),
    consolidated: Iterable[tuple[str | int, ...]] = (),
    replaced: Mapping[str, str] | None = None,
) -> Path:
    """Writes all eight files. Entry 1 and entry 2 are always there, so that no file is empty."""
    first = sdn(1, "FIRST ENTRY TRADING CO.")
    second = sdn(2, "SECOND, Entry", "individual", "NS-PLC")
    files = {
        "sdn.csv": rows(first, *entries) + END,
        "alt.csv": rows(*aliases) + END,
        "add.csv": rows(*addresses) + END,
        "sdn_comments.csv": rows(*comments),
        "cons_prim.csv": rows(second, *consolidated) + END,
        "cons_alt.csv": END,
        "cons_add.csv": END,
        "cons_comments.csv": rows((2, "")),
    }
    folder.mkdir(exist_ok=True)
    for name, text in {**files, **(replaced or {})}.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    return folder

"""Sanctions lists: one module per list, one line each in PARSERS.

`parse_list` is the only entry point. For every parser it checks what must be true of any list: at least one
entry, and for each a unique id and a readable name.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from screening.designations import Designation, NameType
from screening.lists import australia, canada, csl, eu, seco, un
from screening.lists.dates import moment
from screening.lists.errors import ListError, Tolerance
from screening.lists.files import is_spreadsheet
from screening.lists.ofac import advanced as ofac_advanced
from screening.lists.ofac import enhanced as ofac_enhanced
from screening.lists.ofac import files as ofac
from screening.lists.opensanctions import ftm as opensanctions
from screening.lists.private import files as private
from screening.lists.text import has_control_characters, has_lost_letters, is_mojibake, is_nobody
from screening.lists.uk import files as uk


class ListFormat(Protocol):
    """What a list's module offers."""

    LIST: str
    """The list's name and the first part of its entries' ids; two formats of one list share it."""

    def parse(self, path: Path) -> Iterator[Designation]:
        """Every designation of a file, folder or zip, one at a time; raises ListError."""

    def issued(self, path: Path) -> str:
        """The source's own date in ISO form, "" where the file does not say."""


PARSERS: Mapping[str, ListFormat] = {
    "ofac": ofac,
    "ofac-advanced": ofac_advanced,
    "ofac-enhanced": ofac_enhanced,
    "un": un,
    "eu": eu,
    "uk": uk,
    "seco": seco,
    "csl": csl,
    "canada": canada,
    "australia": australia,
    "opensanctions": opensanctions,
    "csv": private,
}

MOST_MISREAD = 0.1
"""Sources have a broken name of their own here and there; a file misread as a whole has them all over."""
MOST_LOST = 0.01
"""Of all names, as letters that are lost are not seen to be foreign any more."""

__all__ = ["PARSERS", "ListError", "ListFormat", "Tolerance", "list_issued", "list_name", "parse_list"]


def parse_list(
    source: str, path: str | Path, *, name: str | None = None, tolerance: Tolerance | None = None
) -> Iterator[Designation]:
    """Every designation of a list file, folder or zip. Raises ListError for a file that must not be
    published.

    A `tolerance` lets a few malformed rows beside the entries pass and names them, for `ofac`.

    `name` puts the entries under another list name than the source's own, which a private list needs:
    `parse_list("csv", "owned.csv", name="owned")` yields `owned:...`.
    """
    if tolerance and tolerance.most and source != "ofac":
        raise ListError(f"{source} has no rows that may be malformed; only the CSV of ofac does")
    place = _existing(path)
    if source != "australia" and is_spreadsheet(place):
        detail = "save its sheet as CSV (UTF-8)" if source == "csv" else f"fetch the form that {source} reads"
        raise ListError(f"{path}: this is a spreadsheet (xlsx, ods); {detail}")
    listed = ofac.parse(place, tolerance) if source == "ofac" else _format(source).parse(place)
    seen: set[str] = set()
    foreign = misread = names = lost = 0
    for designation in map(_without_nobody, _of_the_format(listed, path)):
        problem = _problem(designation, seen)
        if problem:
            raise ListError(f"{path}: {problem}")
        seen.add(designation.id)
        names += len(designation.names)
        for text in (item.text for item in designation.names):
            if not text.isascii():
                foreign += 1
                misread += is_mojibake(text)
            lost += has_lost_letters(text)
        yield _renamed(designation, name) if name else designation
    if not seen:
        raise ListError(f"{path}: no entries; an empty list would clear everybody. Fetch the file again")
    if misread > foreign * MOST_MISREAD:
        raise ListError(
            f"{path}: {misread} of {foreign} names with foreign letters were read with the wrong encoding "
            "(MÃ¼ller for Müller); fetch the file again and keep its bytes"
        )
    if lost > names * MOST_LOST:
        raise ListError(
            f"{path}: {lost} of {names} names have question marks for letters (M?ller for Müller); they were "
            "saved or read in an alphabet without those letters. Fetch the file again, or save it as UTF-8"
        )


def _of_the_format(listed: Iterator[Designation], path: str | Path) -> Iterator[Designation]:
    """The entries; an exception that no reader foresees, such as for a number in place of a text, refuses the
    file as well."""
    try:
        yield from listed
    except (AttributeError, KeyError, TypeError, ValueError, csv.Error) as error:
        if isinstance(error, ListError):
            raise
        detail = f"{path}: a value is of another kind than the format has ({error}); fetch the file again"
        raise ListError(detail) from error


def list_name(source: str) -> str:
    """The name under which a source is published unless the caller chooses one. Raises ListError."""
    return _format(source).LIST


def list_issued(source: str, path: str | Path) -> str:
    """The source's own date of a list file (ISO 8601), "" where the format has none. Raises ListError."""
    issued = _format(source).issued(_existing(path))
    if issued and moment(issued) is None:
        raise ListError(
            f"{path}: the file says that it is of {issued!r}, which is no date in ISO form; without one "
            "nobody can tell whether a file is older. Fetch it again"
        )
    return issued


def _format(source: str) -> ListFormat:
    try:
        return PARSERS[source]
    except KeyError:
        raise ListError(f"unknown list {source!r}; known are {', '.join(PARSERS)}") from None


def _existing(path: str | Path) -> Path:
    path = Path(path)
    if not path.exists():
        raise ListError(f"{path}: no such file or folder")
    if not (path.is_file() or path.is_dir()):
        raise ListError(f"{path}: neither a file nor a folder; a list is read twice, so not from a pipe")
    return path


def _without_nobody(designation: Designation) -> Designation:
    """Without names that are none ("N/A", "unknown"), which stand in payments, too, if another is left."""
    names = [name for name in designation.names if not is_nobody(name.text)]
    if not names or len(names) == len(designation.names):
        return designation
    return replace(designation, names=(replace(names[0], type=NameType.PRIMARY), *names[1:]))


def _problem(designation: Designation, seen: set[str]) -> str:
    """Why this entry shows that the file must not be published; empty if it is sound."""
    if designation.id in seen:
        return f"{designation.id} stands twice; fetch the file again"
    if not designation.id.partition(":")[2]:
        return f"an entry named {designation.names[0].text if designation.names else '?'!r} has no id"
    if not designation.names or not all(any(map(str.isalnum, name.text)) for name in designation.names):
        return f"{designation.id} has a name without a letter or digit; fetch the file again"
    if any(has_control_characters(name.text) for name in designation.names):
        return f"{designation.id} has control characters in a name; fetch the file again"
    return ""


def _renamed(designation: Designation, name: str) -> Designation:
    """The same entry under another list's name; ties within the list are renamed with it."""

    def under(designation_id: str) -> str:
        source, _, uid = designation_id.partition(":")
        return f"{name}:{uid}" if source == designation.source else designation_id

    links = tuple(replace(link, to=under(link.to)) if link.to else link for link in designation.links)
    return replace(designation, id=under(designation.id), links=links)

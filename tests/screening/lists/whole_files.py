"""A whole file of each list format, invented: what is mutilated, and what its entries are counted by."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson

from tests.screening.lists import test_australia as australia
from tests.screening.lists import test_canada as canada
from tests.screening.lists import test_csl as csl
from tests.screening.lists import test_ofac_enhanced as enhanced
from tests.screening.lists import test_uk_xml as uk_xml

Files = dict[str, bytes]
ENTRIES = 40


def csl_json() -> Files:
    records = [{**csl.PERSON, "id": f"{n}", "name": f"QORVAZOV{n}, Ivan"} for n in range(ENTRIES)]
    return {"consolidated.json": orjson.dumps({"total": len(records), "results": records})}


def csl_csv() -> Files:
    records = [csl.in_cells({**csl.PERSON, "id": f"{n}"}) for n in range(ENTRIES)]
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    return {"consolidated.csv": out.getvalue().encode()}


def ofac_enhanced() -> Files:
    people = [enhanced.PERSON.replace('id="41563"', f'id="{n}"') for n in range(ENTRIES)]
    return {"SDN_ENHANCED.XML": enhanced.document(*people).encode()}


def canada_xml() -> Files:
    people = [canada.PERSON.replace("<Item>14<", f"<Item>{n}<") + "\n" for n in range(ENTRIES)]
    return {"sema-lmes.xml": f"<data-set>{''.join(people)}</data-set>".encode()}


def uk_list() -> Files:
    entries = [uk_xml.ENTRY.replace("RUS0123", f"RUS{n:04}") for n in range(ENTRIES)]
    return {"UK-Sanctions-List.xml": uk_xml.document(*entries).encode()}


def australia_xlsx(folder: Path) -> Files:
    rows = [australia.HEADER]
    for number in range(ENTRIES):
        _, person, _ = australia.ROWS
        rows.append([str(number), *person[1:]])
    return {"list.xlsx": australia.workbook(folder / "list.xlsx", rows).read_bytes()}


WHOLE: Mapping[str, tuple[str, Callable[[Path], Files]]] = {
    "csl json": ("csl", lambda _: csl_json()),
    "csl csv": ("csl", lambda _: csl_csv()),
    "ofac-enhanced": ("ofac-enhanced", lambda _: ofac_enhanced()),
    "canada": ("canada", lambda _: canada_xml()),
    "uk xml": ("uk", lambda _: uk_list()),
    "australia": ("australia", australia_xlsx),
}
"""By format: the source to read it as, and what makes it."""

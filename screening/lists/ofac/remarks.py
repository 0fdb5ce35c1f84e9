"""The remarks of OFAC's CSV: clauses split by "; ", each a label and a value.

"DOB 10 Dec 1948; POB Beirut, Lebanon; Passport 432298 (Egypt); a.k.a. 'ABU'; Linked To: HAMAS."
"""

import re
from dataclasses import dataclass, field

from screening.countries import country_code
from screening.designations import DateRange, Gender, Identifier
from screening.lists.dates import date_range

_ALIAS = re.compile(r"([afn])\.k\.a\.,? '(.+?)'?")
_COUNTRY = re.compile(r"\s*\(([^()]+)\)\s*$")
_VALIDITY = re.compile(r",? (?:issued|expires|valid|dated|Date of Issue) .*$")
_WALLET = re.compile(r"Digital Currency Address - (\w+) (\S+)")
_LEI = re.compile(r"[0-9A-Z]{18}\d\d")

_SCHEMES: tuple[tuple[str, str], ...] = (
    ("SWIFT/BIC", "bic"),
    ("Vessel Registration Identification IMO", "imo"),
    ("Vessel Registration Identification", "registration"),
    ("MMSI", "mmsi"),
    ("Aircraft Tail Number", "aircraft_tail"),
    ("Aircraft Manufacturer's Serial Number (MSN)", "aircraft_serial"),
    ("Aircraft Construction Number (also called L/N or S/N or F/N)", "aircraft_serial"),
    ("Diplomatic Passport", "passport"),
    ("Stateless Person Passport", "passport"),
    ("Passport", "passport"),
    ("Pasaporte", "passport"),
    ("Email Address", "email"),
    ("Website", "website"),
    ("Phone Number", "phone"),
    ("Telephone:", "phone"),
    ("Telephone", "phone"),
    ("Legal Entity Number", "registration"),
    ("Tax ID No.", "tax"),
    ("R.F.C.", "tax"),
    ("RFC", "tax"),
    ("NIT #", "tax"),
    ("RUC #", "tax"),
    ("RIF #", "tax"),
    ("C.U.I.T.", "tax"),
    ("V.A.T. Number", "tax"),
    ("US FEIN", "tax"),
    ("Italian Fiscal Code", "tax"),
    ("Fiscal Code", "tax"),
    ("Romanian Tax Registration", "tax"),
    ("Registration ID", "registration"),
    ("Registration Number", "registration"),
    ("Company Number", "registration"),
    ("Commercial Registry Number", "registration"),
    ("Business Registration Document #", "registration"),
    ("Business Registration Number", "registration"),
    ("Business Number", "registration"),
    ("Public Registration Number", "registration"),
    ("Enterprise Number", "registration"),
    ("Chamber of Commerce Number", "registration"),
    ("Certificate of Incorporation Number", "registration"),
    ("UK Company Number", "registration"),
    ("Economic Register Number (CBLS)", "registration"),
    ("Folio Mercantil No.", "registration"),
    ("Matricula Mercantil No", "registration"),
    ("Unified Social Credit Code (USCC)", "registration"),
    ("Government Gazette Number", "registration"),
    ("Registered Charity No.", "registration"),
    ("Trade License No.", "registration"),
    ("C.R. No.", "registration"),
    ("Cedula No.", "national_id"),
    ("Cedula de Residencia", "national_id"),
    ("National ID No.", "national_id"),
    ("National Foreign ID Number", "national_id"),
    ("Identification Number", "national_id"),
    ("Personal ID Card", "national_id"),
    ("Turkish Identification Number", "national_id"),
    ("Citizen's Card Number", "national_id"),
    ("Residency Number", "national_id"),
    ("SSN", "national_id"),
    ("C.U.R.P.", "national_id"),
    ("D.N.I.", "national_id"),
    ("N.I.E.", "national_id"),
    ("C.I.", "national_id"),
    ("Electoral Registry No.", "other"),
    ("Credencial electoral", "other"),
    ("Birth Certificate Number", "other"),
    ("Driver's License No.", "other"),
    ("D-U-N-S Number", "other"),
    ("ISIN", "other"),
    ("BIK (RU)", "other"),
    ("Fax:", "other"),
    ("Fax", "other"),
)
"""Label -> identifier scheme, first match wins; the label stays in the identifier's note."""
_SELF_EXPLAINING = frozenset({"bic", "imo", "mmsi", "email", "website", "phone", "passport"})


@dataclass(slots=True)
class Remarks:
    """What the remarks of one entry say; `rest` holds the clauses that are none of these facts."""

    aliases: list[tuple[str, str]] = field(default_factory=list)
    """(a, f or n; name): the weak aliases, which the alias file leaves out."""
    births: list[DateRange] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    gender: Gender | None = None
    identifiers: list[Identifier] = field(default_factory=list)
    linked_to: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def read_remarks(text: str) -> Remarks:
    """Every clause of the remarks, whose spill from the comments file is already joined on."""
    remarks = Remarks()
    for clause in text.removesuffix(".").split("; "):
        clause = clause.strip().removeprefix("alt. ")
        if clause and not _read(clause, remarks):
            remarks.rest.append(clause)
    return remarks


def _read(clause: str, into: Remarks) -> bool:
    """True when the clause became a fact."""
    if clause.startswith("Linked To: "):
        into.linked_to.append(clause.removeprefix("Linked To: "))
    elif alias := _ALIAS.fullmatch(clause):
        into.aliases.append((alias[1], alias[2]))
    elif clause.startswith("DOB ") and (born := date_range(clause.removeprefix("DOB "))):
        into.births.append(born)
    elif clause.startswith("POB "):
        into.places.append(clause.removeprefix("POB "))
    elif clause.startswith(("nationality ", "citizen ")) and (code := country_code(clause.partition(" ")[2])):
        into.countries.append(code)
    elif clause.startswith("Gender ") and clause.removeprefix("Gender ") in ("Male", "Female"):
        into.gender = Gender(clause.removeprefix("Gender ").lower())
    elif identifier := read_identifier(clause):
        into.identifiers.append(identifier)
    else:
        return False
    return True


def read_identifier(clause: str) -> Identifier | None:
    """ "Passport 084010 (Egypt)" -> passport 084010, EG; None for clauses that identify nobody."""
    if wallet := _WALLET.fullmatch(clause):
        return Identifier("wallet", wallet[2], note=wallet[1])
    for label, scheme in _SCHEMES:
        if clause.startswith(f"{label} "):
            return _labelled(label, scheme, clause.removeprefix(f"{label} "))
    return None


def _labelled(label: str, scheme: str, value: str) -> Identifier | None:
    """ "084010 (Egypt) issued 1998" -> value 084010, country EG."""
    value = _VALIDITY.sub("", value)
    country = None
    if found := _COUNTRY.search(value):
        country = country_code(found[1])
        value = value[: found.start()] if country else value
    value = value.strip(" ,")
    if not value:
        return None
    if label == "Legal Entity Number" and _LEI.fullmatch(value):
        scheme = "lei"
    note = "" if scheme in _SELF_EXPLAINING else label.rstrip(":#").strip()
    return Identifier(scheme, value, country, note)

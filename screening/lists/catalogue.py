"""Where each authority publishes its own list, in which form, under which terms, and how often.

Facts for `interdict lists sources` and `interdict lists watch SOURCE --official`. Addresses move; each is the
one that the authority's own page names. A file whose own date stands still for longer than `usual_days` may
have been abandoned by its publisher: the UK's consolidated list of 28 January 2026 can still be fetched.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Official:
    """One list at its source."""

    source: str
    """The format to read it with, a key of `PARSERS`."""
    authority: str
    urls: tuple[str, ...]
    """Every file that the format needs; empty where there is no address that everybody may fetch."""
    licence: str
    usual_days: int
    """How old the file's own date usually gets before there is a newer one, in days."""
    note: str = ""


_OFAC = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/"
_OPENSANCTIONS = "https://data.opensanctions.org/datasets/latest/sanctions/"

OFFICIAL: Mapping[str, Official] = {
    found.source: found
    for found in (
        Official(
            "ofac",
            "US Treasury, Office of Foreign Assets Control: SDN and consolidated lists",
            (f"{_OFAC}SDN.XML", f"{_OFAC}CONSOLIDATED.XML"),
            "public domain",
            14,
        ),
        Official(
            "ofac-advanced",
            "the same, with original scripts and relations",
            (f"{_OFAC}SDN_ADVANCED.XML", f"{_OFAC}CONS_ADVANCED.XML"),
            "public domain",
            14,
        ),
        Official(
            "ofac-enhanced",
            "the same, names put together",
            (f"{_OFAC}SDN_ENHANCED.XML", f"{_OFAC}CONS_ENHANCED.XML"),
            "public domain",
            14,
        ),
        Official(
            "csl",
            "US Department of Commerce: Consolidated Screening List (OFAC, BIS, State)",
            ("https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.json",),
            "public domain",
            7,
            "carries no date of its own",
        ),
        Official(
            "un",
            "United Nations Security Council: Consolidated List",
            ("https://scsanctions.un.org/resources/xml/en/consolidated.xml",),
            "free to use",
            60,
        ),
        Official(
            "eu",
            "European Commission: Financial Sanctions Files 1.1",
            (
                "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content"
                "?token=dG9rZW4tMjAxNw",
            ),
            "reuse with acknowledgement",
            30,
            "refuses some programs; drop the file into a watched folder then",
        ),
        Official(
            "uk",
            "Foreign, Commonwealth & Development Office: UK Sanctions List",
            ("https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.xml",),
            "Open Government Licence 3.0",
            30,
            "OFSI's consolidated list is frozen since 28 January 2026",
        ),
        Official(
            "seco",
            "Swiss State Secretariat for Economic Affairs: whole list",
            (
                "https://www.sesam.search.admin.ch/sesam-search-web/pages/downloadXmlGesamtliste.xhtml"
                "?lang=en&action=downloadXmlGesamtlisteAction",
            ),
            "free to use",
            60,
        ),
        Official(
            "canada",
            "Global Affairs Canada: Consolidated Canadian Autonomous Sanctions List",
            (
                "https://www.international.gc.ca/world-monde/assets/office_docs/"
                "international_relations-relations_internationales/sanctions/sema-lmes.xml",
            ),
            "Open Government Licence Canada",
            90,
        ),
        Official(
            "australia",
            "Department of Foreign Affairs and Trade: Consolidated List",
            ("https://www.dfat.gov.au/sites/default/files/Australian_Sanctions_Consolidated_List.xlsx",),
            "CC BY 4.0",
            60,
            "refuses some programs and countries; drop the file into a watched folder then",
        ),
        Official(
            "opensanctions",
            "OpenSanctions: consolidated sanctions",
            (f"{_OPENSANCTIONS}entities.ftm.json",),
            "CC BY-NC 4.0; commercial use needs a licence",
            3,
            "no authority: a collection of the lists of many",
        ),
    )
}

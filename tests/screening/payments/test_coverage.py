"""The coverage list: a listed name in every place of every message type is a hit at that place.

The places are written down here as the standards name them, independent of the decoders' tables. For each
one a small message is made with the name there and nowhere else.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from screening import Designation, Name, NameType, Role, Screener, decode_payment

LISTED = "Versor Trading s.r.o."
PARTY = (
    "Nm",
    "PstlAdr/AdrLine",
    "PstlAdr/StrtNm",
    "PstlAdr/BldgNm",
    "PstlAdr/Dept",
    "CtctDtls/Nm",
    "Id/OrgId/Othr/Id",
)
AGENT = ("FinInstnId/Nm", "FinInstnId/PstlAdr/AdrLine", "FinInstnId/Othr/Id", "BrnchId/Nm")
ACCOUNT = ("Nm", "Prxy/Id", "Id/Othr/Id")
REMITTANCE = (
    "RmtInf/Ustrd",
    "RmtInf/Strd/AddtlRmtInf",
    "RmtInf/Strd/RfrdDocInf/Nb",
    "RmtInf/Strd/TaxRmt/Cdtr/TaxId",
    "RltdRmtInf/RmtLctnDtls/PstlAdr/Nm",
)
TEXTS = (
    "InstrForCdtrAgt/InstrInf",
    "InstrForNxtAgt/InstrInf",
    "Purp/Prtry",
    "RgltryRptg/Authrty/Nm",
    "RgltryRptg/Dtls/Inf",
    "SplmtryData/Envlp/Any/Thing",
)
D, C, UD, UC, IP = (
    Role.DEBTOR,
    Role.CREDITOR,
    Role.ULTIMATE_DEBTOR,
    Role.ULTIMATE_CREDITOR,
    Role.INITIATING_PARTY,
)
DA, CA, IA = Role.DEBTOR_AGENT, Role.CREDITOR_AGENT, Role.INTERMEDIARY_AGENT
RA, FROM, TO = Role.REIMBURSEMENT_AGENT, Role.INSTRUCTING_AGENT, Role.INSTRUCTED_AGENT

CUSTOMERS = {"Dbtr": D, "Cdtr": C, "UltmtDbtr": UD, "UltmtCdtr": UC}
ROUTE = {"DbtrAgt": DA, "CdtrAgt": CA, "IntrmyAgt1": IA, "IntrmyAgt2": IA, "IntrmyAgt3": IA}
PREVIOUS = {
    "PrvsInstgAgt1": FROM,
    "PrvsInstgAgt2": FROM,
    "PrvsInstgAgt3": FROM,
    "InstgAgt": FROM,
    "InstdAgt": TO,
}
REIMBURSEMENT = {f"SttlmInf/{agent}RmbrsmntAgt": RA for agent in ("Instg", "Instd", "Thrd")}
INVOICE = {"RmtInf/Strd/Invcr": Role.INVOICER, "RmtInf/Strd/Invcee": Role.INVOICEE}
GARNISHMENT = {
    "RmtInf/Strd/GrnshmtRmt/Grnshee": Role.OTHER,
    "RmtInf/Strd/GrnshmtRmt/GrnshmtAdmstr": Role.OTHER,
}


class Message(NamedTuple):
    """Where parties, agents, accounts and texts stand below the root of one message type."""

    root: str
    parties: dict[str, Role]
    agents: dict[str, Role]
    accounts: dict[str, Role]
    texts: tuple[str, ...]


def below(path: str, places: dict[str, Role], end: str = "") -> dict[str, Role]:
    return {f"{path}/{place}{end}": role for place, role in places.items()}


TX = "CdtTrfTxInf"
COVER = f"{TX}/UndrlygCstmrCdtTrf"
MESSAGES = {
    "pacs.008": Message(
        "FIToFICstmrCdtTrf",
        below(TX, CUSTOMERS | {"InitgPty": IP} | INVOICE | GARNISHMENT),
        below(TX, ROUTE | PREVIOUS | {"ChrgsInf/Agt": IA})
        | below("GrpHdr", REIMBURSEMENT | {"InstgAgt": FROM, "InstdAgt": TO}),
        below(TX, {"DbtrAcct": D, "CdtrAcct": C, "DbtrAgtAcct": DA, "IntrmyAgt1Acct": IA}),
        tuple(f"{TX}/{text}" for text in (*REMITTANCE, *TEXTS)),
    ),
    "pacs.009": Message(
        "FICdtTrf",
        below(COVER, CUSTOMERS | {"InitgPty": IP} | INVOICE),
        below(TX, {"Dbtr": D, "Cdtr": C, "UltmtDbtr": UD, "UltmtCdtr": UC} | ROUTE | PREVIOUS)
        | below(COVER, ROUTE),
        below(TX, {"DbtrAcct": D, "CdtrAcct": C}) | below(COVER, {"DbtrAcct": D, "CdtrAcct": C}),
        tuple(f"{TX}/{text}" for text in (REMITTANCE[0], *TEXTS[:2]))
        + tuple(f"{COVER}/{text}" for text in REMITTANCE),
    ),
    "pacs.004": Message(
        "PmtRtr",
        below("TxInf/RtrChain", CUSTOMERS, "/Pty")
        | below("TxInf/OrgnlTxRef", CUSTOMERS, "/Pty")
        | below("TxInf/OrgnlTxRef", INVOICE)
        | {"TxInf/RtrRsnInf/Orgtr": IP},
        below("TxInf/RtrChain", ROUTE | PREVIOUS)
        | below("TxInf/OrgnlTxRef", {"DbtrAgt": DA, "CdtrAgt": CA} | REIMBURSEMENT)
        | below("TxInf/RtrChain", {"Dbtr": D, "Cdtr": C}, "/Agt"),
        below("TxInf/OrgnlTxRef", {"DbtrAcct": D, "CdtrAcct": C}),
        ("TxInf/RtrRsnInf/AddtlInf", *(f"TxInf/OrgnlTxRef/{text}" for text in REMITTANCE[:3])),
    ),
    "pain.001": Message(
        "CstmrCdtTrfInitn",
        below("PmtInf", {"Dbtr": D, "UltmtDbtr": UD})
        | below(f"PmtInf/{TX}", {"Cdtr": C, "UltmtDbtr": UD, "UltmtCdtr": UC} | INVOICE)
        | {"GrpHdr/InitgPty": IP},
        below("PmtInf", {"DbtrAgt": DA, "ChrgsAcctAgt": DA})
        | below(f"PmtInf/{TX}", {"CdtrAgt": CA, "IntrmyAgt1": IA, "IntrmyAgt2": IA, "IntrmyAgt3": IA})
        | {"GrpHdr/FwdgAgt": IA},
        {"PmtInf/DbtrAcct": D, "PmtInf/ChrgsAcct": D, f"PmtInf/{TX}/CdtrAcct": C},
        (
            *(f"PmtInf/{TX}/{text}" for text in (*REMITTANCE, TEXTS[0], *TEXTS[3:])),
            f"PmtInf/{TX}/ChqInstr/DlvrTo/Nm",
            f"PmtInf/{TX}/Tax/Cdtr/TaxId",
            f"PmtInf/{TX}/Tax/Dbtr/Authstn/Nm",
            f"PmtInf/{TX}/Tax/Rcrd/AddtlInf",
            "GrpHdr/Authstn/Prtry",
        ),
    ),
    "camt.056": Message(
        "FIToFIPmtCxlReq",
        below("Undrlyg/TxInf/OrgnlTxRef", CUSTOMERS, "/Pty")
        | below("Undrlyg/TxInf/OrgnlTxRef", CUSTOMERS)
        | {"Undrlyg/TxInf/CxlRsnInf/Orgtr": IP, "Case/Cretr/Pty": IP},
        {"Assgnmt/Assgnr/Agt": FROM, "Assgnmt/Assgne/Agt": TO}
        | below("Undrlyg/TxInf/OrgnlTxRef", {"DbtrAgt": DA, "CdtrAgt": CA} | REIMBURSEMENT),
        below("Undrlyg/TxInf/OrgnlTxRef", {"DbtrAcct": D, "CdtrAcct": C}),
        (
            "Undrlyg/TxInf/CxlRsnInf/AddtlInf",
            *(f"Undrlyg/TxInf/OrgnlTxRef/{text}" for text in REMITTANCE[:3]),
        ),
    ),
}


TXS = "Ntry/NtryDtls/TxDtls"
ENTRY_PARTIES = below("RltdPties", CUSTOMERS | {"InitgPty": IP}, "/Pty")
ENTRY_AGENTS = below("RltdAgts", ROUTE)
ENTRY_ACCOUNTS = below("RltdPties", {"DbtrAcct": D, "CdtrAcct": C})


def statement(root: str, inside: str) -> Message:
    """A statement, a report or a notification: they differ by two names."""
    at = f"{inside}/{TXS}"
    return Message(
        root,
        below(at, ENTRY_PARTIES) | below(at, INVOICE),
        below(at, ENTRY_AGENTS),
        below(at, ENTRY_ACCOUNTS),
        (
            *(f"{at}/{text}" for text in (*REMITTANCE, "AddtlTxInf", "Purp/Prtry")),
            f"{inside}/Ntry/AddtlNtryInf",
            f"{inside}/Acct/Ownr/Nm",
            f"{inside}/AddtlStmtInf",
        ),
    )


MESSAGES |= {
    "pain.013": Message(
        "CdtrPmtActvtnReq",
        below("PmtInf", {"Dbtr": D, "UltmtDbtr": UD})
        | below("PmtInf/CdtTrfTx", {"Cdtr": C, "UltmtCdtr": UC} | INVOICE)
        | {"GrpHdr/InitgPty": IP},
        below("PmtInf", {"DbtrAgt": DA}) | below("PmtInf/CdtTrfTx", {"CdtrAgt": CA, "IntrmyAgt1": IA}),
        {"PmtInf/DbtrAcct": D, "PmtInf/CdtTrfTx/CdtrAcct": C},
        tuple(f"PmtInf/CdtTrfTx/{text}" for text in (*REMITTANCE, *TEXTS)),
    ),
    "camt.029": Message(
        "RsltnOfInvstgtn",
        below("CxlDtls/TxInfAndSts/OrgnlTxRef", CUSTOMERS, "/Pty")
        | {"CxlDtls/TxInfAndSts/CxlStsRsnInf/Orgtr": IP},
        {"Assgnmt/Assgnr/Agt": FROM, "Assgnmt/Assgne/Agt": TO}
        | below("CxlDtls/TxInfAndSts/OrgnlTxRef", {"DbtrAgt": DA, "CdtrAgt": CA}),
        below("CxlDtls/TxInfAndSts/OrgnlTxRef", {"DbtrAcct": D, "CdtrAcct": C}),
        (
            "CxlDtls/TxInfAndSts/CxlStsRsnInf/AddtlInf",
            *(f"CxlDtls/TxInfAndSts/OrgnlTxRef/{text}" for text in REMITTANCE[:3]),
        ),
    ),
    "camt.052": statement("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": statement("BkToCstmrStmt", "Stmt"),
    "camt.054": statement("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def places(message: Message) -> Iterator[tuple[str, Role | None]]:
    """Every place of a message type and the role of what stands there; None where that is not the point."""
    for blocks, leaves in ((message.parties, PARTY), (message.agents, AGENT), (message.accounts, ACCOUNT)):
        for block, role in blocks.items():
            yield from ((f"{block}/{leaf}", role) for leaf in leaves)
    yield from ((text, None) for text in message.texts)


def planted(root: str, place: str) -> bytes:
    """A message with the listed name in one place, and an innocent debtor so that it is a payment at all."""
    steps = ["Document", root, *place.split("/")]
    inside = (
        "".join(f"<{step}>" for step in steps) + LISTED + "".join(f"</{step}>" for step in reversed(steps))
    )
    return inside.replace(f"</{root}>", f"<GrpHdr><MsgId>M1</MsgId></GrpHdr></{root}>").encode()


@pytest.fixture(scope="module")
def screener() -> Screener:
    found = Screener()
    found.upsert(Designation("ofac:1", (Name("VERSOR TRADING S.R.O.", NameType.PRIMARY),)))
    return found


@pytest.mark.parametrize("type_", MESSAGES)
def test_a_listed_name_in_any_place_of_an_iso_20022_message_is_a_hit_there(
    type_: str, screener: Screener
) -> None:
    message = MESSAGES[type_]
    missed = []
    for place, role in places(message):
        (payment,) = decode_payment(planted(message.root, place))
        hits = screener.screen(payment).hits
        path = f"/Document/{message.root}/{place}"
        if not any(hit.path == path and (role is None or hit.role is role) for hit in hits):
            missed.append((place, [(hit.role, hit.path) for hit in hits]))
        assert payment.format == type_

    assert missed == []


HEADER = "{1:F01TATRSKBXAXXX0000000000}{2:I%sABCDGB2LXXXXN}{4:\n:20:REF-1\n%s\n-}"
NAME = LISTED.upper()
FREE = "{tag}:/1\n{name}", "{tag}:{name}\nSTREET 1", "{tag}:/1\nSOMEBODY ELSE\n{name}\nTOWN"
STRUCTURED = (
    "{tag}:/1\n1/{name}",
    "{tag}:/1\n1/VERSOR\n1/TRADING S.R.O.",
    "{tag}:/1\n1/ELSE\n2/{name}",
    "{tag}:/1\n1/E\n8/{name}",
)
CUSTOMER_TAGS = {"50K": D, "59": C}
AGENT_TAGS = {"52D": DA, "53D": RA, "54D": RA, "55D": RA, "56D": IA, "57D": CA}
MT_FIELDS = [
    *(
        (form.format(tag=tag, name=NAME), role)
        for tag, role in (CUSTOMER_TAGS | AGENT_TAGS).items()
        for form in FREE
    ),
    *(
        (form.format(tag=tag, name=NAME), role)
        for tag, role in {"50F": D, "59F": C}.items()
        for form in STRUCTURED
    ),
    *((form.format(tag="58D", name=NAME), C) for form in FREE),
    (f"70:{NAME}", Role.REMITTANCE),
    (f"70:/RFB/1\n//2\nINVOICE OF\n{NAME}", Role.REMITTANCE),
    ("70:/INV/1 FOR VERSOR TRAD\n//ING S.R.O.", Role.REMITTANCE),
    (f"70:/ULTB/{NAME}", UC),
    (f"70:/ULTD/{NAME}", UD),
    (f"72:/BNF/{NAME}", Role.OTHER),
    (f"72:/INS/TATRSKBX\n/REC/FOR\n//{NAME}", Role.OTHER),
    (f"77B:/BENEFRES/SK//{NAME}", None),
    (f"53B:/1\n{NAME}", RA),
    (f"57C:/{NAME}", CA),
]


@pytest.mark.parametrize("type_", ["103", "202", "205"])
def test_a_listed_name_in_any_party_or_text_field_of_an_mt_message_is_a_hit_there(
    type_: str, screener: Screener
) -> None:
    missed = []
    for field, role in MT_FIELDS:
        (payment,) = decode_payment((HEADER % (type_, f":{field}")).encode())
        hits = screener.screen(payment).hits
        tag = field.partition(":")[0]
        if not any(hit.path.startswith(f"{tag}/") and (role is None or hit.role is role) for hit in hits):
            missed.append((field, [(hit.role, hit.path) for hit in hits]))
        assert payment.format == f"mt{type_}"

    assert missed == []


BATCH = "{1:F01TATRSKBXAXXX0000000000}{2:I%sABCDGB2LXXXXN}{4:\n%s\n-}"
FIRST_OF_TWO = ":20:R1\n:21:T1\n:32B:EUR5,\n:59:ANN\n"
BATCHES = {
    "101": FIRST_OF_TWO + ":21:T2\n:32B:EUR7,\n:%s",
    "102": FIRST_OF_TWO + ":21:T2\n:32B:EUR7,\n:%s\n:32A:230817EUR12,",
    "203": ":19:12,\n:20:R1\n:21:X\n:32B:EUR5,\n:58A:ABCDGB2L\n:20:R2\n:21:Y\n:32B:EUR7,\n:%s",
}


@pytest.mark.parametrize("type_", BATCHES)
def test_a_listed_name_in_a_transaction_of_an_mt_batch_is_a_hit_of_that_one_alone(
    type_: str, screener: Screener
) -> None:
    missed = []
    for field, role in MT_FIELDS:
        first, second = decode_payment((BATCH % (type_, BATCHES[type_] % field)).encode())
        hits = screener.screen(second).hits
        if screener.screen(first).hits or not any(role is None or hit.role is role for hit in hits):
            missed.append((field, [(hit.role, hit.path) for hit in hits]))
        assert second.format == f"mt{type_}"

    assert missed == []


JSON_PLACES: dict[str, dict[str, Any]] = {
    "/parties/0/name": {"parties": [{"name": LISTED}]},
    "/parties/0/names/0": {"parties": [{"names": [LISTED]}]},
    "/parties/0/address": {"parties": [{"name": "Acme", "address": LISTED}]},
    "/parties/0/address/text": {"parties": [{"name": "Acme", "address": {"text": LISTED}}]},
    "/parties/0/contact": {"parties": [{"name": "Acme", "contact": LISTED}]},
    "/parties/0/identifiers/other": {"parties": [{"name": "Acme", "identifiers": {"other": LISTED}}]},
    "/parties/0/account/holder": {"parties": [{"name": "Acme", "account": {"holder": LISTED}}]},
    "/parties/0/role": {"parties": [{"name": "Acme", "role": LISTED}]},
    "/remittance/0": {"remittance": [LISTED]},
    "/remittance": {"remittance": LISTED},
    "/rail": {"rail": LISTED},
    "/currency": {"currency": LISTED},
    "/anything/at/0/all": {"anything": {"at": [{"all": LISTED}]}},
}


@pytest.mark.parametrize("place", JSON_PLACES)
def test_a_listed_name_in_any_place_of_a_json_event_is_a_hit_there(place: str, screener: Screener) -> None:
    event = {"id": "P-1", "parties": [{"name": "Acme"}]} | JSON_PLACES[place]

    (payment,) = decode_payment(json.dumps(event).encode())

    assert place in [hit.path for hit in screener.screen(payment).hits]

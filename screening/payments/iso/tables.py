"""The coverage list of ISO 20022: which element is which party, and which leaf is what kind of value.

It goes by local name, so that it holds for every version and every message: `Dbtr` is the debtor in pacs.008
as in camt.054. Elements in no table are still screened, as text; see `iso.document`.
"""

from collections.abc import Mapping

from screening.payments.model import Role

MESSAGES: Mapping[str, str] = {
    "FIToFICstmrCdtTrf": "pacs.008",
    "FICdtTrf": "pacs.009",
    "PmtRtr": "pacs.004",
    "CstmrCdtTrfInitn": "pain.001",
    "FIToFIPmtCxlReq": "camt.056",
    "CdtrPmtActvtnReq": "pain.013",
    "RsltnOfInvstgtn": "camt.029",
    "BkToCstmrAcctRpt": "camt.052",
    "BkToCstmrStmt": "camt.053",
    "BkToCstmrDbtCdtNtfctn": "camt.054",
}
"""Message roots with a table of their own, and the `Payment.format` they get."""

_PAYMENTS = frozenset(
    "CdtTrfTxInf CdtTrfTx DrctDbtTxInf DrctDbtTx TxInf TxInfAndSts TxDtls Ntry Itm".split()  # noqa: SIM905
)
_MANDATES_AND_REPORTS = frozenset(
    "OrgnlItm OrgnlItmAndSts TxRpt AcctRpt RptgReq BllgStmt Vrfctn Mndt UndrlygAmdmntDtls UndrlygCxlDtls"  # noqa: SIM905
    " UndrlygAccptncDtls UndrlygCpyReqDtls UndrlygSspnsnDtls".split()
)
"""What pays nobody: mandates, accounts and what is asked about them, of which a message holds as many."""
TRANSACTIONS = _PAYMENTS | _MANDATES_AND_REPORTS
"""One payment each; an entry of a statement that has details is one payment for each of these."""
BATCHES = frozenset(
    (
        *("PmtInf", "Undrlyg", "CdtInstr", "OrgnlPmtInfAndSts", "OrgnlPmtInfAndCxl", "OrgnlPmtInfAndRvsl"),
        *("Stmt", "Rpt", "Ntfctn", "CxlDtls"),
    )
)
"""Groups of transactions whose own parties belong to each transaction inside, and to no other."""

ROLES: Mapping[str, Role] = {
    "Dbtr": Role.DEBTOR,
    "Pyer": Role.DEBTOR,
    "ChqFr": Role.DEBTOR,
    "Cdtr": Role.CREDITOR,
    "CdtrSchmeId": Role.CREDITOR,
    "Pyee": Role.CREDITOR,
    "DlvrTo": Role.CREDITOR,
    "UltmtDbtr": Role.ULTIMATE_DEBTOR,
    "UltmtCdtr": Role.ULTIMATE_CREDITOR,
    "InitgPty": Role.INITIATING_PARTY,
    "Orgtr": Role.INITIATING_PARTY,
    "Cretr": Role.INITIATING_PARTY,
    "DbtrAgt": Role.DEBTOR_AGENT,
    "ChrgsAcctAgt": Role.DEBTOR_AGENT,
    "CdtrAgt": Role.CREDITOR_AGENT,
    "FwdgAgt": Role.INTERMEDIARY_AGENT,
    "IntrmyAgt1": Role.INTERMEDIARY_AGENT,
    "IntrmyAgt2": Role.INTERMEDIARY_AGENT,
    "IntrmyAgt3": Role.INTERMEDIARY_AGENT,
    "ChrgsInf": Role.INTERMEDIARY_AGENT,
    "InstgRmbrsmntAgt": Role.REIMBURSEMENT_AGENT,
    "InstdRmbrsmntAgt": Role.REIMBURSEMENT_AGENT,
    "ThrdRmbrsmntAgt": Role.REIMBURSEMENT_AGENT,
    "SttlmAcct": Role.REIMBURSEMENT_AGENT,
    "Fr": Role.INSTRUCTING_AGENT,
    "From": Role.INSTRUCTING_AGENT,
    "Assgnr": Role.INSTRUCTING_AGENT,
    "InstgAgt": Role.INSTRUCTING_AGENT,
    "PrvsInstgAgt": Role.INSTRUCTING_AGENT,
    "PrvsInstgAgt1": Role.INSTRUCTING_AGENT,
    "PrvsInstgAgt2": Role.INSTRUCTING_AGENT,
    "PrvsInstgAgt3": Role.INSTRUCTING_AGENT,
    "To": Role.INSTRUCTED_AGENT,
    "Assgne": Role.INSTRUCTED_AGENT,
    "InstdAgt": Role.INSTRUCTED_AGENT,
    "Invcr": Role.INVOICER,
    "Invcee": Role.INVOICEE,
    "RmtInf": Role.REMITTANCE,
    "RltdRmtInf": Role.REMITTANCE,
    "Grnshee": Role.OTHER,
    "GrnshmtAdmstr": Role.OTHER,
    "RgltryRptg": Role.OTHER,
    "Ownr": Role.OTHER,
    "Svcr": Role.OTHER,
}
"""Elements that open a party (or, for the last ones, a place of text)."""

ACCOUNTS: Mapping[str, str] = {
    f"{owner}Acct": owner
    for owner in ROLES
    if owner not in ("ChrgsInf", "SttlmAcct", "RmtInf", "RltdRmtInf", "RgltryRptg")
} | {"ChrgsAcct": "Dbtr"}
"""Account elements and the party beside them that they belong to."""

SAME_ROLE = frozenset(("CtctDtls", "Authstn"))
"""A person inside a party: screened in the party's role, but as a name of its own and of unknown kind."""


NAMES = frozenset(("Nm", "ShrtNm", "LglNm", "FullLglNm"))
COUNTRIES = frozenset(("Ctry", "CtryOfRes", "Ctzsh", "Ntlty"))
ADDRESSES = frozenset(
    (
        "AdrLine",
        "StrtNm",
        "BldgNm",
        "Dept",
        "SubDept",
        "TwnNm",
        "TwnLctnNm",
        "DstrctNm",
        "CtrySubDvsn",
        "PstCd",
    )
)
TEXTS = frozenset(("Ustrd", "AddtlRmtInf", "InstrInf", "AddtlInf", "Inf"))
AMOUNTS = (
    "IntrBkSttlmAmt",
    "RtrdIntrBkSttlmAmt",
    "InstdAmt",
    "RtrdInstdAmt",
    "OrgnlIntrBkSttlmAmt",
    "OrgnlInstdAmt",
    "RvsdIntrBkSttlmAmt",
    "RvsdInstdAmt",
    "AmtWthCcy",
    "Amt",
)
"""Which amount is the payment's: what banks settle comes before what the customer asked for."""
OTHER_AMOUNTS = frozenset(
    ("Bal", "CdtLine", "Avlbty", "ChrgsInf", "Chrgs", "Rcrd", "Intrst", "TtlNtries", "AdjstmntAmtAndRsn")
)
"""Elements whose `Amt` is a balance, a charge or interest, and nobody's payment."""
TRANSACTION_IDS = (
    "UETR",
    "TxId",
    "EndToEndId",
    "InstrId",
    "RtrId",
    "CxlId",
    "OrgnlUETR",
    "OrgnlTxId",
    "OrgnlEndToEndId",
    "OrgnlInstrId",
    "CxlStsId",
    "StsId",
    "AcctSvcrRef",
    "NtryRef",
)
"""What names a transaction inside its message, best first: the UETR is unique by standard."""
REFERENCES = frozenset(
    (
        *TRANSACTION_IDS,
        "MsgId",
        "BizMsgIdr",
        "PmtInfId",
        "OrgnlMsgId",
        "OrgnlPmtInfId",
        "ClrSysRef",
        "BizSvc",
        "MsgDefIdr",
    )
)
"""References are screened only where they do not look like one: then they are text."""

RAILS: Mapping[str, str] = {
    "FDN": "fednow",
    "FDW": "fedwire",
    "STG": "chaps",
    "CHP": "chaps",
    "CHAPS": "chaps",
    "TGT": "t2",
    "T2": "t2",
    "TARGET2": "t2",
    "SIC": "sic",
    "TCH": "rtp",
    "RTP": "rtp",
}
"""Clearing systems (ExternalCashClearingSystem1Code, or a name in `Prtry`) and the rail they are."""
SERVICES: Mapping[str, str] = {
    "swift": "swift",
    "boe.chaps": "chaps",
    "chaps": "chaps",
    "fednow": "fednow",
    "fedwire": "fedwire",
    "t2": "t2",
    "target": "t2",
    "sic": "sic",
    "rtp": "rtp",
    "tch": "rtp",
}
"""How a business service (`BizSvc`) begins, and its rail."""
WRAPPERS: Mapping[str, str] = {"FedNow": "fednow", "FedwireFunds": "fedwire"}
"""How the elements around a message begin that only one rail uses."""

CODES = frozenset(
    (
        "Cd",
        "CdtDbtInd",
        "CdOrPrtry",
        "ChrgBr",
        "ClrChanl",
        "CpyDplct",
        "InstrPrty",
        "PmtMtd",
        "Prty",
        "Sts",
        "SttlmMtd",
        "SttlmPrty",
        "TxCxlSts",
        "TxSts",
    )
)
"""Leaves of external code lists: four letters or digits here are a code, elsewhere they may be a name."""

SEALED = frozenset(("OrderData", "CipherValue"))
"""Leaves of a whole message for its receiver alone: an order of EBICS, the content of XML Encryption."""

TYPE_NAMES = frozenset(("BizSvc", "MsgDefIdr"))
"""References with words in them, such as `swift.cbprplus.03`: only a blank makes them text."""

SCHEMES: Mapping[str, str] = {
    "BICFI": "bic",
    "BIC": "bic",
    "AnyBIC": "bic",
    "BICOrBEI": "bic",
    "BEI": "bic",
    "LEI": "lei",
    "IBAN": "iban",
    "MmbId": "clearing",
    "EmailAdr": "email",
    "PhneNb": "phone",
    "MobNb": "phone",
    "FaxNb": "phone",
    "URLAdr": "website",
    "TaxId": "tax",
    "RegnId": "registration",
}
"""Leaves that are identifiers by their name."""

SCHEME_CODES: Mapping[str, str] = {
    "TXID": "tax",
    "COID": "registration",
    "CINC": "registration",
    "SREN": "registration",
    "SRET": "registration",
    "CCPT": "passport",
    "NIDN": "national_id",
    "SOSE": "national_id",
    "ARNU": "national_id",
    "DRLC": "national_id",
}
"""External code lists of organisation and person identification: `Othr/SchmeNm/Cd` to our schemes."""

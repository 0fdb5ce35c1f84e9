"""Coverage-guided fuzzing of the payment decoders: any bytes are payments or a PaymentError, and soon.

    pip install atheris
    python -m benchmarks.payments.fuzz --minutes 30 [MESSAGES...]

MESSAGES are folders of real messages to start from, beside the few written here. It ends with exit code 0
and what it ran; an input that breaks the promise is written to the current folder and ends it with code 1,
as do an input that takes too long and a process that grows over 1 GiB. Time is that of the clock: on a busy
machine give more `--seconds-per-input`.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

MEGABYTES = 1024
LONGEST_INPUT = 1 << 16
"""Bytes; long enough for the largest real message, short enough for thousands of runs a second."""

PAYMENT = (
    '{"id": "P-1", "parties": [{"role": "creditor", "name": "Versor", "account": "GB29NWBK60161331926819"}]}'
)
SEEDS = (
    PAYMENT,
    '{"specversion": "1.0", "id": "E", "source": "/", "type": "t", "data": ' + PAYMENT + "}",
    '{"specversion": "1.0", "id": "E", "data_base64": "OjIwOlIKOjU5OlY="}',
    '{"Document": {"FICdtTrf": {"CdtTrfTxInf": [{"Cdtr": {"Nm": "V"}, "Amt": {"@Ccy": "EUR", "$": "1"}}]}}}',
    "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08'><FIToFICstmrCdtTrf><GrpHdr><MsgId>M"
    "</MsgId></GrpHdr><CdtTrfTxInf><PmtId><UETR>u</UETR></PmtId><IntrBkSttlmAmt Ccy='EUR'>1</IntrBkSttlmAmt>"
    "<Cdtr><Nm>V</Nm><Id><OrgId><Othr><Id>7</Id><SchmeNm><Cd>TXID</Cd></SchmeNm></Othr></OrgId></Id></Cdtr>"
    "<CdtrAcct><Id><IBAN>GB29</IBAN></Id></CdtrAcct></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>",
    "{1:F01TATRSKBXAXXX0000000000}{2:O1030925230817ABCDGB2LXXXX00000000002308170925N}{3:{121:u}}{4:\n"
    ":20:R\n:32A:230817USD1,\n:50F:/1\n1/A\n1/B\n3/SK/C\n4/19680501\n:52A:TATRSKBX\n:59:/1\nV\nW\n"
    ":70:/ULTB/V\n//W\n:72:/INS/TATRSKBX\n:77B:/ORDERRES/BE//X\n-}{5:{CHK:0}}",
    "\0\0\0\0\1" + PAYMENT,
    "{1:F21TATRSKBXAXXX0000000000}{4:{177:2308170925}{451:0}}{1:F01TATRSKBXAXXX0000000000}{2:I101ABCDGB2LXXXXN}"
    "{4:\r\n:20:B\r\n:50H:/1\r\nA\r\n:21:T1\r\n:32B:EUR5,\r\n:59:V\r\n:21:T2\r\n:32B:EUR7,\r\n:59F:1/W\r\n3/IRN/X\r\n-}"
    "{5:{CHK:0}}\3\1{2:I940ABCDGB2LXXXXN}{4:\n:20:S\n:25:1\n:86:166?00A?20B?32V?33W\n-}$:20:Z\n:59:V\n-}",
    "<B><AppHdr><Fr><FIId><FinInstnId><BICFI>TATRSKBX</BICFI></FinInstnId></FIId></Fr></AppHdr><Document>"
    "<BkToCstmrStmt><Stmt><Ntry><Amt Ccy='EUR'>+.5</Amt><NtryDtls><TxDtls><RltdPties><Dbtr>"
    "<Nm>I <b>V</b></Nm></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document></B>",
    "{1500}30 T {1510}1000{1520}20261127S{2000}000000001234{3100}121042882Q*{4200}D1*V*W*"
    "{5010}1/A*1/B*{6000}R*",
    "101 231380104 1210428822611271000A094101Q\n5220V               X                   123456789 PPDPAY\n"
    "622121042882123              0000000500EMP            ANN\n705V\n",
    "id,name\n1,V\n",
)


def main() -> int:
    """Fuzz for the minutes given. Returns the exit code."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--seconds-per-input", type=int, default=5)
    arguments.add_argument("messages", nargs="*", type=Path)
    given = arguments.parse_args()
    try:
        import atheris
    except ImportError:
        print("atheris is not installed here: pip install atheris", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["screening.payments"]):
        from benchmarks.payments.promise import holds

    with tempfile.TemporaryDirectory() as corpus:
        _seed(Path(corpus), given.messages)
        options = [
            f"-max_total_time={int(given.minutes * 60)}",
            f"-timeout={given.seconds_per_input}",
            f"-rss_limit_mb={MEGABYTES}",
            f"-max_len={LONGEST_INPUT}",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, corpus], holds)
        atheris.Fuzz()
    return 0


def _seed(corpus: Path, folders: Iterable[Path]) -> None:
    for number, seed in enumerate(SEEDS):
        (corpus / f"seed-{number}").write_text(seed)
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file():
                (corpus / f"real-{file.name}").write_bytes(file.read_bytes())


if __name__ == "__main__":
    sys.exit(main())

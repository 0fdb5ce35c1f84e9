"""What fuzzing starts from: a small message of every format, and the schemas of those that need one."""

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module

from benchmarks.payments.records import AVRO_SCHEMA, MAPPED, avro_record

PAYMENT = (
    '{"id": "P-1", "parties": [{"role": "creditor", "name": "Versor", "account": "GB29NWBK60161331926819"}]}'
)
_TEXTS = (
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

_MAPPED: tuple[dict[str, object], ...] = (
    {
        "type": "payment_intent.succeeded",
        "object": "event",
        "data": {
            "object": {
                "object": "payment_intent",
                "id": "pi",
                "amount": 5,
                "currency": "jpy",
                "shipping": {"name": "V"},
                "created": 1764237600,
            }
        },
    },
    {
        "notificationItems": [
            {
                "NotificationRequestItem": {
                    "eventCode": "AUTHORISATION",
                    "pspReference": "7",
                    "amount": {"currency": "EUR", "value": 1},
                    "additionalData": {
                        "shopperName": "[first name=V, infix=null, last name=W, gender=UNKNOWN]"
                    },
                }
            }
        ]
    },
    {
        "pix": [
            {
                "endToEndId": "E1",
                "valor": "1.00",
                "pagador": {"nome": "V", "cpf": "1"},
                "horario": "2026-11-27T10:00:00.000Z",
            }
        ]
    },
    {
        "payload": {
            "before": None,
            "after": {"id": "p", "amount": "1", "creditor_name": "V", "created_at": 1},
            "op": "c",
            "source": {"connector": "mysql"},
        }
    },
    {"payload": json.dumps({"id": "P-5", "parties": [{"name": "V"}]})},
    {
        "quoteId": "q",
        "payer": {"name": "V"},
        "payee": {"name": "W"},
        "amount": {"amount": "1", "currency": "X"},
    },
    {
        "id": 16521632,
        "targetAccount": 8,
        "targetCurrency": "GBP",
        "targetValue": 150.1,
        "recipient": {"accountHolderName": "V"},
        "created": "2017-11-24 10:47:49",
    },
    {"IATBatches": [{"IATEntryDetails": [{"amount": 1, "traceNumber": "1", "addenda10": {"name": "V"}}]}]},
    {
        "TxTp": "pacs.008.001.10",
        "FIToFICstmrCdtTrf": {
            "GrpHdr": {"MsgId": "m"},
            "CdtTrfTxInf": {"Dbtr": {"Nm": "V"}, "IntrBkSttlmAmt": {"Amt": {"Amt": 1.5, "Ccy": "USD"}}},
        },
    },
)
"""Events of the mappings that ship."""
_XML = (
    "<upi:ReqPay xmlns:upi='http://npci.org/upi/schema/'><Txn id='T' note='V'/><Payer name='A'><Amount "
    "value='1' curr='INR'/></Payer><Payees><Payee name='V'/></Payees></upi:ReqPay>"
)
AVRO = json.dumps(
    {
        "type": "record",
        "name": "Any",
        "fields": [
            {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
            {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
            {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
            {"name": "day", "type": {"type": "int", "logicalType": "date"}},
            {"name": "sum", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 4}},
            {"name": "creditor", "type": ["null", "string", {"type": "map", "values": ["null", "string"]}]},
            {"name": "lines", "type": {"type": "array", "items": ["long", "double", "string"]}},
            {"name": "how", "type": {"type": "enum", "name": "How", "symbols": ["A", "B"]}},
            {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 3}},
        ],
    }
)
PROTO = """syntax = "proto3";
import "google/protobuf/timestamp.proto"; import "google/protobuf/struct.proto";
import "confluent/type/decimal.proto";
message Payment {
  string id = 1; confluent.type.Decimal amount = 2; Party creditor = 3; repeated Party more = 4;
  map<string, Party> by = 5; google.protobuf.Timestamp at = 6; google.protobuf.Struct any = 7;
  oneof how { bytes blob = 8; Kind kind = 9; } optional double rate = 10; repeated sint64 numbers = 11;
  enum Kind { A = 0; B = 1; }
  message Party { string name = 1; Party parent = 2; }
}
"""
AVRO_ID, ANY_AVRO_ID, PROTO_ID, JSON_ID = 7, 8, 9, 10
"""Numbers of the schemas in the framing of records."""
SCHEMA_MARK = b"schema "
"""What an input begins with that is a schema: `schema AVRO {...`, `schema PROTOBUF syntax...`."""


def seeds() -> Iterator[bytes]:
    """One small input a format."""
    yield from (text.encode() for text in (*_TEXTS, _XML))
    yield MAPPED
    yield from (json.dumps(event).encode() for event in _MAPPED)
    yield avro_record()
    yield _framed(ANY_AVRO_ID, _any_avro())
    yield _framed(PROTO_ID, _PROTO_RECORD)
    yield _framed(JSON_ID, PAYMENT.encode())
    for kind, text in (("AVRO", AVRO_SCHEMA), ("AVRO", AVRO), ("PROTOBUF", PROTO)):
        yield SCHEMA_MARK + f"{kind} {text}".encode()


_PROTO_RECORD = (
    b"\x00\x0a\x02P1\x12\x06\x0a\x02\x04\xd2\x18\x02\x1a\x0a\x0a\x01V\x12\x05\x0a\x03Ann\x22\x03\x0a\x01W"
    b"\x2a\x08\x0a\x01k\x12\x03\x0a\x01X\x32\x04\x08\x01\x10\x02\x42\x02\xff\xfe\x5a\x02\x01\x02\xa2\x06\x03new"
)
"""A message of `PROTO` behind its indexes, with a field that the schema does not know."""


def _framed(schema: int, body: bytes) -> bytes:
    return b"\x00" + schema.to_bytes(4, "big") + body


def _any_avro() -> bytes:
    fastavro = import_module("fastavro")
    record = {
        "id": "3f0c1a52-7d5e-4a0b-9d61-0f5b2c9f4e10",
        "at": 1,
        "local": 2,
        "day": 3,
        "sum": Decimal("1.5"),
        "creditor": {"name": "V", "country": None},
        "lines": [1, 2.5, "x"],
        "how": "B",
        "hash": b"abc",
    }
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(json.loads(AVRO)), record)
    return out.getvalue()

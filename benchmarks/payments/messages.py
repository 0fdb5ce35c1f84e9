"""The messages that are measured: ours, of the size and shape of real ones."""

CANONICAL = b"""{"id": "P-1", "time": "2023-08-17T09:30:00Z", "amount": "12500.00", "currency": "USD",
 "rail": "swift", "uetr": "eb6305c9-1f7f-49de-aed0-16487c27b42d", "parties": [
  {"role": "debtor", "name": "Acme Trading Ltd", "country": "GB", "account": "GB29NWBK60161331926819"},
  {"role": "creditor", "name": "Versor s.r.o.", "kind": "organization", "country": "SK", "bic": "TATRSKBX",
   "identifiers": {"registration": "36000001"}}],
 "remittance": ["INV 4471 spare parts"]}"""

MT103 = b"""{1:F01NDEAFIHHXXXX0000000000}{2:O1030710230817ABNANL2AXXXX00000000002308170710N}\
{3:{121:8a562c67-ca16-48ba-b074-65581be6f001}}{4:
:20:PAY20230817-02
:23B:CRED
:32A:230817EUR15669,38
:33B:EUR15669,38
:50F:/12547896
1/Acme Trading Ltd
2/High Street 1
3/GB/London
:52A:RBOSGB2LXXX
:57A:TATRSKBXXXX
:59F:/98653214
1/Versor s.r.o.
2/Hlavna 19
3/SK/Bratislava
:70:/ROC/PAY20230817-E2E
:71A:OUR
-}""".replace(b"\n", b"\r\n")

PACS_008 = b"""<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="urn:swift:xsd:envelope">
  <AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02">
    <Fr><FIId><FinInstnId><BICFI>NDEAFIHHXXX</BICFI></FinInstnId></FIId></Fr>
    <To><FIId><FinInstnId><BICFI>TATRSKBXXXX</BICFI></FinInstnId></FIId></To>
    <BizMsgIdr>P008-20230817-5017</BizMsgIdr>
    <MsgDefIdr>pacs.008.001.08</MsgDefIdr>
    <BizSvc>swift.cbprplus.03</BizSvc>
    <CreDt>2023-08-17T10:30:00+00:00</CreDt>
  </AppHdr>
  <Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08">
    <FIToFICstmrCdtTrf>
      <GrpHdr>
        <MsgId>P008-20230817-5017</MsgId>
        <CreDtTm>2023-08-17T10:30:00+00:00</CreDtTm>
        <NbOfTxs>1</NbOfTxs>
        <SttlmInf><SttlmMtd>INDA</SttlmMtd></SttlmInf>
      </GrpHdr>
      <CdtTrfTxInf>
        <PmtId>
          <InstrId>INSTR-5017</InstrId>
          <EndToEndId>E2E-5017</EndToEndId>
          <UETR>a1b2c3d4-e5f6-4890-abcd-ef1234567890</UETR>
        </PmtId>
        <PmtTpInf>
          <SvcLvl><Cd>G001</Cd></SvcLvl>
        </PmtTpInf>
        <IntrBkSttlmAmt Ccy="EUR">750000.00</IntrBkSttlmAmt>
        <IntrBkSttlmDt>2023-08-17</IntrBkSttlmDt>
        <InstdAmt Ccy="EUR">750000.00</InstdAmt>
        <ChrgBr>SHAR</ChrgBr>
        <InstgAgt>
          <FinInstnId>
            <BICFI>NDEAFIHHXXX</BICFI>
          </FinInstnId>
        </InstgAgt>
        <InstdAgt>
          <FinInstnId>
            <BICFI>TATRSKBXXXX</BICFI>
          </FinInstnId>
        </InstdAgt>
        <Dbtr>
          <Nm>Acme Trading Ltd</Nm>
          <PstlAdr>
            <StrtNm>High Street</StrtNm>
            <BldgNb>1</BldgNb>
            <PstCd>E1 6AN</PstCd>
            <TwnNm>London</TwnNm>
            <Ctry>GB</Ctry>
          </PstlAdr>
        </Dbtr>
        <DbtrAcct>
          <Id>
            <IBAN>GB29NWBK60161331926819</IBAN>
          </Id>
        </DbtrAcct>
        <DbtrAgt>
          <FinInstnId>
            <BICFI>NDEAFIHHXXX</BICFI>
          </FinInstnId>
        </DbtrAgt>
        <CdtrAgt>
          <FinInstnId>
            <BICFI>TATRSKBXXXX</BICFI>
          </FinInstnId>
        </CdtrAgt>
        <Cdtr>
          <Nm>Versor s.r.o.</Nm>
          <PstlAdr>
            <StrtNm>Hlavna</StrtNm>
            <BldgNb>19</BldgNb>
            <PstCd>811 01</PstCd>
            <TwnNm>Bratislava</TwnNm>
            <Ctry>SK</Ctry>
          </PstlAdr>
        </Cdtr>
        <CdtrAcct>
          <Id>
            <IBAN>SK3112000000198742637541</IBAN>
          </Id>
        </CdtrAcct>
        <RmtInf>
          <Ustrd>INV 4471 spare parts</Ustrd>
        </RmtInf>
      </CdtTrfTxInf>
    </FIToFICstmrCdtTrf>
  </Document>
</Envelope>"""

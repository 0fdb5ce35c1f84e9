"""Kafka, Faust, HTTP: everything with a wire or a clock. `screening` decides, this package carries.

A worker (`worker/app.py`), its services in the order in which they start:

    WebServer     worker/web.py                    /live, /ready, /metrics, the console: first of all
    Replica       worker/replicas/designations.py  designations ──► Screener; starts when the list is complete
    Stopped       worker/replicas/stopped.py       alerts of the last days ──► StoppedPayments; waits likewise
    Producer      Faust                            decisions, alerts, dead letters
    Consumer      Faust                            joins the group only now, takes payments
    Agent         worker/desk.py                   ScreeningDesk.decide, one batch at a time
    Shadow        worker/shadow.py                 compares a shadow policy between batches, where one is set
    Watchdog      worker/watchdog.py               ends a worker that looks alive and decides nothing

    payments ─► BatchStream ─► ScreeningDesk ─► decode_payment ─► Screener.screen ─► Outbox ─► decisions,
                                    ▲                                                   │       alerts
                                    │              └─ PaymentError ─► dead letters, `error` decision
                                    └──────── acknowledged, then committed ◄────────────┘

    list file ─► parse_list ─► publish ─► designations ─► Replica ─► Ledger (complete?) ─► Screener.upsert
                 screening     lists/publishing.py                   screening/ledger.py

What bit us, or would, stands in `docs/invariants.md`, each with the test that guards it.
"""

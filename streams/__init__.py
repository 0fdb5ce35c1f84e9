"""Kafka, Faust, HTTP: everything with a wire or a clock. `screening` decides, this package carries.

A worker (`app.py`), its services in the order in which they start:

    WebServer     web.py        /live, /ready, /metrics, the console: first, to say what is missing
    Replica       replica.py    designations ──► Screener; its start returns when the list is complete
    Stopped       stopped_alerts.py   alerts of the last days ──► StoppedPayments; its start waits likewise
    Producer      Faust         decisions, alerts, dead letters
    Consumer      Faust         joins the group only now, takes payments
    Agent         agents.py     ScreeningDesk.decide, one batch at a time
    Shadow        shadow.py     compares a shadow policy between batches, where one is set
    Watchdog      watchdog.py   ends a worker that looks alive and decides nothing

    payments ─► BatchStream ─► ScreeningDesk ─► decode_payment ─► Screener.screen ─► Outbox ─► decisions,
                delivery.py    agents.py        screening         screening          delivery.py  alerts
                    ▲                                └─ PaymentError ─► dead letters, `error` decision │
                    └──────────── acknowledged, then committed ◄───────────────────────────────────────┘

    list file ─► parse_list ─► publish ─► designations ─► Replica ─► Ledger (complete?) ─► Screener.upsert
                 screening     publishing.py                         screening/ledger.py

What bit us, or would, stands in `docs/invariants.md`, each with the test that guards it.
"""

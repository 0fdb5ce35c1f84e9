"""For ops: are payments decided, how fast, how many stop."""

from config.grafana.panels import PER_SECOND, Dashboard, Panel, Row
from config.grafana.queries import quantiles, rate

FIRING = 'max by (alertname, severity, instance, list) (ALERTS{alertname=~"Interdict.+",alertstate="firing"})'
"""Of every job: exports, the lookback and the watches have alerts, too."""

BOARD = Dashboard(
    "interdict-overview",
    "Interdict: overview",
    "Are payments decided, how fast, and how many stop.",
    (
        Row(
            "Now",
            (
                Panel(
                    "Workers ready",
                    "Share of the workers known to Prometheus that may decide payments, or stand by for a "
                    "partition; /ready of a missing one says why.",
                    "percentunit",
                    (("(sum(interdict_ready{W}) + sum(interdict_standing_by{W})) / count(up{W})", "ready"),),
                    "stat",
                    4,
                    objective=1,
                    low_is_bad=True,
                ),
                Panel(
                    "Payments",
                    "Payments decided a second, all outcomes.",
                    PER_SECOND,
                    (("sum(rate(interdict_payments_total{W}[$__rate_interval]))", "payments"),),
                    "stat",
                    4,
                ),
                Panel(
                    "Read to decision, p99",
                    "From an event read from Kafka to its decision acknowledged. Objective: 100 ms.",
                    "s",
                    quantiles("interdict_end_to_end_seconds", 0.99),
                    "stat",
                    4,
                    objective=0.1,
                ),
                Panel(
                    "Payments with a hit",
                    "In the last hour.",
                    "short",
                    (('sum(increase(interdict_payments_total{W,outcome="hit"}[1h]))', "hits"),),
                    "stat",
                    4,
                ),
                Panel(
                    "Dead letters",
                    "In the last hour: payments that could not be read and are not screened.",
                    "short",
                    (("sum(increase(interdict_dead_letters_total{W}[1h]))", "dead letters"),),
                    "stat",
                    4,
                    objective=1,
                ),
                Panel(
                    "Oldest list",
                    "Of the version of a list in force that changed longest ago; red after two weeks.",
                    "s",
                    (("max(interdict_list_age_seconds{W})", "age"),),
                    "stat",
                    4,
                    objective=1209600,
                ),
            ),
        ),
        Row(
            "What is wrong",
            (
                Panel(
                    "Firing alerts",
                    "Each with its runbook; a worker's address leads to its console. Empty when all is well.",
                    "short",
                    ((FIRING, ""),),
                    "table",
                    16,
                    links=(
                        ("alertname", "Runbook", "${runbooks}#${__value.raw}"),
                        ("instance", "Console", "http://${__value.raw}/"),
                    ),
                ),
                Panel(
                    "Workers",
                    "Ready, and known to Prometheus. Apart when one is starting, waits or is gone.",
                    "short",
                    (
                        ("sum(interdict_ready{W})", "ready"),
                        ("sum(interdict_standing_by{W})", "standing by"),
                        ("count(up{W})", "known"),
                    ),
                ),
            ),
        ),
        Row(
            "Payments",
            (
                Panel(
                    "Payments by outcome",
                    "Clear, hit, or error. An error is a payment that could not be read.",
                    PER_SECOND,
                    rate("interdict_payments_total", "outcome"),
                    stacked=True,
                ),
                Panel(
                    "Payments by format",
                    "Which messages the senders use.",
                    PER_SECOND,
                    (
                        (
                            "sum by (format) (rate(interdict_payments_total{W}[$__rate_interval])) > 0",
                            "{{format}}",
                        ),
                    ),
                    stacked=True,
                ),
                Panel(
                    "Read to decision",
                    "From an event read from Kafka to its decision acknowledged by the broker.",
                    "s",
                    quantiles("interdict_end_to_end_seconds", 0.5, 0.95, 0.99),
                    objective=0.1,
                ),
            ),
        ),
        Row(
            "Hits and errors",
            (
                Panel(
                    "Share of payments with a hit",
                    "A jump after a list version took effect (blue marks) points at a short or common alias.",
                    "percentunit",
                    (
                        (
                            'sum(rate(interdict_payments_total{W,outcome="hit"}[$__rate_interval])) '
                            "/ sum(rate(interdict_payments_total{W}[$__rate_interval]))",
                            "hits",
                        ),
                    ),
                ),
                Panel(
                    "Hits by list",
                    "One payment can hit several lists.",
                    PER_SECOND,
                    rate("interdict_hits_total", "list"),
                    stacked=True,
                ),
                Panel(
                    "Dead letters by reason",
                    "What could not be read, and why. `internal` is an error of ours.",
                    PER_SECOND,
                    rate("interdict_dead_letters_total", "reason"),
                    stacked=True,
                ),
            ),
        ),
        Row(
            "Kafka",
            (
                Panel(
                    "Payments waiting",
                    "By partition. Zero or close to it when workers keep up.",
                    "short",
                    (("sum by (partition) (interdict_consumer_lag_records{W})", "partition {{partition}}"),),
                    stacked=True,
                ),
                Panel(
                    "Time to decide what waits",
                    "Waiting payments divided by the present pace.",
                    "s",
                    (
                        (
                            "sum(interdict_consumer_lag_records{W}) "
                            "/ sum(rate(interdict_payments_total{W}[$__rate_interval]))",
                            "drain",
                        ),
                    ),
                    objective=30,
                ),
                Panel(
                    "Wait in Kafka",
                    "From a payment's Kafka timestamp to taken by a worker, oldest of each batch.",
                    "s",
                    quantiles("interdict_payment_wait_seconds", 0.5, 0.99),
                ),
            ),
        ),
    ),
)

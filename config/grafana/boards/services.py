"""For whoever runs what stands beside the workers: the gate, the customer book, the console and `serve`."""

from config.grafana.panels import PER_SECOND, Dashboard, Panel, Row

BESIDE = 'job=~"$job.*"'
"""Jobs of services begin with the workers' own."""


def _p(share: float, metric: str, by: str = "") -> str:
    kept = f"le, {by}" if by else "le"
    return (
        f"histogram_quantile({share}, sum by ({kept}) (rate({metric}_bucket{{{BESIDE}}}[$__rate_interval])))"
    )


def _rate(metric: str, by: str) -> tuple[tuple[str, str], ...]:
    return ((f"sum by ({by}) (rate({metric}{{{BESIDE}}}[$__rate_interval]))", f"{{{{{by}}}}}"),)


def _in_an_hour(metric: str) -> str:
    return f"sum(increase({metric}{{{BESIDE}}}[1h]))"


GATE = Row(
    "Payments gated and answered",
    (
        Panel(
            "Answered",
            "Payment records a second, by what became of them.",
            PER_SECOND,
            _rate("interdict_answers_total", "course"),
            stacked=True,
        ),
        Panel(
            "Time to the first answer",
            "From a payment's record to its answer. Rails give seconds.",
            "s",
            tuple((_p(share, "interdict_answer_seconds"), f"p{share * 100:g}") for share in (0.5, 0.99)),
        ),
        Panel(
            "Waiting and stopped",
            "Without an answer, and stopped until a person decides.",
            "short",
            (
                (f"sum(interdict_answers_waiting{{{BESIDE}}})", "without an answer"),
                (f"sum(interdict_answers_open{{{BESIDE}}})", "stopped, open"),
            ),
        ),
        Panel(
            "Processes that have the turn",
            "One answers, the others stand by; none is an alert.",
            "short",
            ((f"sum(interdict_answers_active{{{BESIDE}}})", "active"),),
            width=12,
        ),
        Panel(
            "Not followed, not readable",
            "In an hour: stopped payments that nothing releases any more, and records that cannot be read.",
            "short",
            (
                (_in_an_hour("interdict_answers_forgotten_total"), "forgotten"),
                (_in_an_hour("interdict_answers_unreadable_total"), "unreadable"),
            ),
            width=12,
        ),
    ),
)
CUSTOMERS = Row(
    "The customer book",
    (
        Panel(
            "Since the last whole pass",
            "The oldest partition's; the rule is once every calendar day.",
            "s",
            (
                (f"time() - min(interdict_customers_wholly_timestamp_seconds{{{BESIDE}}})", "whole pass"),
                (f"time() - min(interdict_customers_proved_timestamp_seconds{{{BESIDE}}})", "proof"),
            ),
            objective=93600,
        ),
        Panel(
            "A designation's way to its customers",
            "p99, from its record to the last customer alert that it leads to.",
            "s",
            ((_p(0.99, "interdict_customer_effective_seconds"), "p99"),),
            objective=1,
        ),
        Panel(
            "Customers",
            "In the book, waiting to be screened, and those that could not be.",
            "short",
            (
                (f"sum(interdict_customers{{{BESIDE}}})", "in the book"),
                (f"sum(interdict_customers_waiting{{{BESIDE}}})", "waiting"),
                (f"sum(interdict_customers_unscreened{{{BESIDE}}})", "unscreened"),
            ),
        ),
        Panel(
            "Screened",
            "Customers a second, by what made them be screened.",
            PER_SECOND,
            _rate("interdict_customers_screened_total", "trigger"),
            stacked=True,
        ),
        Panel(
            "Customer alerts",
            "A second, by how they stand.",
            PER_SECOND,
            _rate("interdict_customer_alerts_total", "state"),
        ),
        Panel(
            "One customer in the matcher",
            "p99 of its screening; and hits of an hour that the day's pass found and the index had not.",
            "s",
            (
                (_p(0.99, "interdict_customer_screening_seconds"), "p99"),
                (_in_an_hour("interdict_customers_missed_total"), "missed hits"),
            ),
        ),
    ),
)
ASKED = Row(
    "Console, serve and all processes",
    (
        Panel(
            "The console's answers",
            "p99, by what was asked: a search ends after a second and a half.",
            "s",
            ((_p(0.99, "interdict_console_answer_seconds", "page"), "{{page}}"),),
            objective=2,
        ),
        Panel(
            "Payments decided",
            "A second, by job: workers, and `serve` beside them.",
            PER_SECOND,
            _rate("interdict_payments_total", "job"),
        ),
        Panel(
            "Answer their scrape",
            "The least of each job; nought is down.",
            "short",
            ((f"min by (job) (up{{{BESIDE}}})", "{{job}}"),),
        ),
    ),
)
BOARD = Dashboard(
    "interdict-services",
    "Interdict: gate, customers and services",
    "Are payments answered in time, is the customer book screened wholly, do the console and serve answer.",
    (GATE, CUSTOMERS, ASKED),
)

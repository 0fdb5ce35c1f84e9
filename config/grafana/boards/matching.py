"""For compliance: what hits, how surely, and at what cost."""

from config.grafana.panels import PER_SECOND, Dashboard, Panel, Row
from config.grafana.queries import quantiles, rate


def precision(label: str, text: str) -> Panel:
    """The share of true verdicts, by one label; workers all know the same verdicts."""
    known = "max by (list, reason, verdict) (interdict_dispositions{W%s})"
    true = known % ',verdict="true_positive"'
    return Panel(
        f"Precision by {label}",
        text,
        "percentunit",
        ((f"sum by ({label}) ({true}) / sum by ({label}) ({known % ''})", f"{{{{{label}}}}}"),),
        width=12,
    )


BOARD = Dashboard(
    "interdict-matching",
    "Interdict: matching quality",
    "What hits, by list and role, how close to the threshold, and what it costs.",
    (
        Row(
            "Hits",
            (
                Panel(
                    "Hits per 10 000 payments, by list",
                    "The workload each list makes.",
                    "short",
                    (
                        (
                            "10000 * sum by (list) (rate(interdict_hits_total{W}[$__rate_interval])) "
                            "/ on () group_left sum(rate(interdict_payments_total{W}[$__rate_interval]))",
                            "{{list}}",
                        ),
                    ),
                ),
                Panel(
                    "Hits by role",
                    "Which part of the payment names the party. Much `remittance` points at free text.",
                    PER_SECOND,
                    (
                        (
                            "sum by (role) (rate(interdict_hits_total{W}[$__rate_interval])) > 0",
                            "{{role}}",
                        ),
                    ),
                    stacked=True,
                ),
                Panel(
                    "Hits by action",
                    "Held, or left for review.",
                    PER_SECOND,
                    rate("interdict_hits_total", "action"),
                    stacked=True,
                ),
            ),
        ),
        Row(
            "Dispositions",
            (
                Panel(
                    "Hits suppressed",
                    "By a false-positive disposition of the case system on that very pair.",
                    PER_SECOND,
                    rate("interdict_suppressed_hits_total", "list"),
                    width=16,
                    stacked=True,
                ),
                Panel(
                    "Dispositions in force",
                    "Of case systems on pairs of party and designation. A false positive holds its hit back.",
                    "short",
                    (
                        (
                            "sum by (verdict) (max by (list, reason, verdict) (interdict_dispositions{W}))",
                            "{{verdict}}",
                        ),
                    ),
                ),
                precision("list", "Of the pairs with a disposition, how many were true; the rest is noise."),
                precision("reason", "The same by what hit: a low share asks for a higher threshold there."),
            ),
        ),
        Row(
            "Shadow policy",
            (
                Panel(
                    "Left out of the comparison",
                    "Payments not compared with the shadow policy, and comparisons not published, by reason.",
                    PER_SECOND,
                    rate("interdict_shadow_losses_total", "reason"),
                    stacked=True,
                ),
            ),
        ),
        Row(
            "Stripping",
            (
                Panel(
                    "Stopped payments that came back",
                    "Hits of payments sent again with what had hit removed, shortened or altered.",
                    PER_SECOND,
                    rate("interdict_resubmissions_total", "change"),
                    stacked=True,
                ),
                Panel(
                    "Stopped payments remembered",
                    "Hits of the window, by worker; each worker remembers those of all.",
                    "short",
                    (("interdict_stopped_payments{W}", "{{instance}}"),),
                ),
                Panel(
                    "Forgotten too early",
                    "Hits too many to remember for the window: above 0, it is shorter than set.",
                    "short",
                    (("interdict_stopped_payments_dropped{W}", "{{instance}}"),),
                ),
            ),
        ),
        Row(
            "Scores",
            (
                Panel(
                    "Scores of hits",
                    "How close to the threshold hits are. A crowd just above it asks for a policy rule.",
                    "short",
                    (("sum by (le) (increase(interdict_hit_score_bucket{W}[$__rate_interval]))", "{{le}}"),),
                    "heatmap",
                    16,
                ),
                Panel(
                    "Share of hits below 0.9",
                    "Hits that rest on spelling rather than on the same words.",
                    "percentunit",
                    (
                        (
                            'sum(increase(interdict_hit_score_bucket{W,le="0.9"}[1h])) '
                            "/ sum(increase(interdict_hit_score_count{W}[1h]))",
                            "below 0.9",
                        ),
                    ),
                ),
            ),
        ),
        Row(
            "Cost",
            (
                Panel(
                    "Time in the matcher",
                    "One payment, all its parties.",
                    "s",
                    quantiles("interdict_screening_seconds", 0.5, 0.95, 0.99),
                ),
                Panel(
                    "Candidates per name",
                    "Pairs scored for one name. It grows with the lists and with lower thresholds.",
                    "short",
                    quantiles("interdict_candidates", 0.5, 0.95, 0.99),
                ),
                Panel(
                    "Parties remembered",
                    "Share of parties that were screened before on the same list and are only looked up. "
                    "It falls to nothing when a list changes, and rises as payments repeat their parties.",
                    "percentunit",
                    (
                        (
                            'sum(rate(interdict_parties_total{W,remembered="yes"}[$__rate_interval])) '
                            "/ sum(rate(interdict_parties_total{W}[$__rate_interval]))",
                            "remembered",
                        ),
                    ),
                ),
                Panel(
                    "Time in the matcher, spread",
                    "Where a second peak shows, one kind of message is dear.",
                    "s",
                    (
                        (
                            "sum by (le) (increase(interdict_screening_seconds_bucket{W}[$__rate_interval]))",
                            "{{le}}",
                        ),
                    ),
                    "heatmap",
                ),
            ),
        ),
    ),
)

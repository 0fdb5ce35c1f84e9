"""For whoever publishes lists: what is in force where, and how fast it got there."""

from config.grafana.panels import PER_SECOND, Dashboard, Panel, Row

BOARD = Dashboard(
    "interdict-lists",
    "Interdict: lists and freshness",
    "Which list versions are in force, since when, and how fast a designation takes effect on every worker.",
    (
        Row(
            "In force",
            (
                Panel(
                    "Versions by worker",
                    "Every worker must show the same version of a list.",
                    "short",
                    (("interdict_list_version_info{W}", ""),),
                    "table",
                    16,
                ),
                Panel(
                    "Versions in force at once",
                    "By list; above one for longer than a publication takes, workers disagree.",
                    "short",
                    (
                        (
                            "count by (list) (count by (list, version) (interdict_list_version_info{W}))",
                            "{{list}}",
                        ),
                    ),
                    objective=2,
                ),
            ),
        ),
        Row(
            "Content",
            (
                Panel(
                    "Designations",
                    "Entries in force by list; the lowest of the workers.",
                    "short",
                    (("min by (list) (interdict_designations{W})", "{{list}}"),),
                ),
                Panel(
                    "Age",
                    "Since the version in force was published. An unchanged list is not published again.",
                    "s",
                    (("max by (list) (interdict_list_age_seconds{W})", "{{list}}"),),
                    objective=1209600,
                ),
                Panel(
                    "Records not yet applied",
                    "By worker; more than zero for longer than a full publication needs attention.",
                    "short",
                    (("interdict_list_lag_records{W}", "{{instance}}"),),
                    objective=1,
                ),
            ),
        ),
        Row(
            "Sources",
            (
                Panel(
                    "Last seen good",
                    "Since each watched source was last published, or the same as what is in force.",
                    "s",
                    (('max by (list) (interdict_list_source_age_seconds{job=~"$job.*"})', "{{list}}"),),
                    width=12,
                    objective=21600,
                ),
                Panel(
                    "Looks that came to nothing",
                    "In the last hour, by reason: download, refused, broker, internal.",
                    "short",
                    (
                        (
                            "sum by (list, reason) "
                            '(increase(interdict_list_source_failures_total{job=~"$job.*"}[1h]))',
                            "{{list}} {{reason}}",
                        ),
                    ),
                    width=12,
                ),
            ),
        ),
        Row(
            "From publication to effect",
            (
                Panel(
                    "Designation to effect, by worker",
                    "p99 of broker timestamp to searchable, over the last hour.",
                    "s",
                    (
                        (
                            "histogram_quantile(0.99, sum by (le, instance) "
                            "(increase(interdict_designation_effective_seconds_bucket{W}[1h])))",
                            "{{instance}}",
                        ),
                    ),
                    objective=1,
                ),
                Panel(
                    "Designations that took effect",
                    "In the last hour, by worker. All workers see all of them.",
                    "short",
                    (("increase(interdict_designation_effective_seconds_count{W}[1h])", "{{instance}}"),),
                ),
                Panel(
                    "Skew between workers",
                    "Between the first and the last worker to apply the version in force.",
                    "s",
                    (
                        (
                            "max by (list) (interdict_list_applied_timestamp_seconds{W}) "
                            "- min by (list) (interdict_list_applied_timestamp_seconds{W})",
                            "{{list}}",
                        ),
                    ),
                ),
                Panel(
                    "Decided again",
                    "Messages decided anew before publication, because the list had moved on meanwhile.",
                    PER_SECOND,
                    (
                        (
                            "sum by (instance) (rate(interdict_decided_again_total{W}[$__rate_interval]))",
                            "{{instance}}",
                        ),
                    ),
                ),
            ),
        ),
    ),
)

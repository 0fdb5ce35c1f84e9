"""For whoever runs the processes."""

from config.grafana.panels import PER_SECOND, Dashboard, Panel, Row
from config.grafana.queries import quantiles, rate

BOARD = Dashboard(
    "interdict-workers",
    "Interdict: workers",
    "Inside the processes: load, memory, event loop, batches and assignment.",
    (
        Row(
            "Load",
            (
                Panel(
                    "Payments by worker",
                    "Uneven when partitions are.",
                    PER_SECOND,
                    rate("interdict_payments_total", "instance"),
                    stacked=True,
                ),
                Panel(
                    "Processor",
                    "Cores in use; a worker uses one at most.",
                    "short",
                    (("rate(process_cpu_seconds_total{W}[$__rate_interval])", "{{instance}}"),),
                    objective=0.9,
                ),
                Panel(
                    "Share of time in the matcher",
                    "The rest is decoding, Kafka and waiting.",
                    "percentunit",
                    (("rate(interdict_screening_seconds_sum{W}[$__rate_interval])", "{{instance}}"),),
                ),
            ),
        ),
        Row(
            "Process",
            (
                Panel(
                    "Resident memory",
                    "The lists in force and their index are most of it; flat when they do not change.",
                    "bytes",
                    (("process_resident_memory_bytes{W}", "{{instance}}"),),
                ),
                Panel(
                    "Event loop lag, p99",
                    "How late timers wake. Above half a second heartbeats suffer.",
                    "s",
                    quantiles("interdict_event_loop_lag_seconds", 0.99, by="instance"),
                    objective=0.5,
                ),
                Panel(
                    "Open files and sockets",
                    "Grows without end only when something leaks.",
                    "short",
                    (("process_open_fds{W}", "{{instance}}"),),
                ),
            ),
        ),
        Row(
            "Kafka",
            (
                Panel(
                    "Payments per batch",
                    "Large batches mean a backlog: more is waiting than one turn takes.",
                    "short",
                    quantiles("interdict_batch_payments", 0.5, 0.99),
                ),
                Panel(
                    "Partitions assigned",
                    "Each partition is on one worker.",
                    "short",
                    (("interdict_assigned_partitions{W}", "{{instance}}"),),
                    stacked=True,
                ),
                Panel(
                    "Rebalances",
                    "In the last quarter of an hour. Each holds payments for a second or two.",
                    "short",
                    (("increase(interdict_rebalances_total{W}[15m])", "{{instance}}"),),
                ),
            ),
        ),
        Row(
            "Input that is not decided",
            (
                Panel(
                    "Events that are no payments",
                    "By the mapping that says so: read, not decided, committed.",
                    PER_SECOND,
                    (
                        (
                            "sum by (mapping) (rate(interdict_ignored_events_total{W}[$__rate_interval]))"
                            " or vector(0)",
                            "{{mapping}}",
                        ),
                    ),
                    stacked=True,
                ),
                Panel(
                    "Records that cannot be read",
                    "Of alerts and dispositions; the log names each, and workers pass it.",
                    PER_SECOND,
                    (
                        (
                            "sum by (topic) (rate(interdict_unreadable_records_total{W}[$__rate_interval]))"
                            " or vector(0)",
                            "{{topic}}",
                        ),
                    ),
                ),
                Panel(
                    "Dispositions not settled",
                    "Of which compaction loses what stands, for nobody approved the newest record.",
                    "short",
                    (("max(interdict_dispositions_unsettled{W}) or vector(0)", "pairs"),),
                ),
                Panel(
                    "Partitions begun behind unread payments",
                    "Somebody set the group's offsets, or payments went past their time: see audit verify.",
                    "short",
                    (("max by (instance) (interdict_payment_partitions_passed_over{W})", "{{instance}}"),),
                ),
                Panel(
                    "Tables that may lose what stands",
                    "Topics whose cleanup policy is not compact: what is in force there vanishes with age.",
                    "short",
                    (("max by (topic) (interdict_table_vanishing{W})", "{{topic}}"),),
                ),
                Panel(
                    "Schemas asked for",
                    "Of the schema registry, by outcome.",
                    PER_SECOND,
                    rate("interdict_schema_requests_total", "outcome"),
                ),
                Panel(
                    "Waiting for the schema registry",
                    "1 while a payment waits for it.",
                    "short",
                    (("interdict_schema_registry_waiting{W}", "{{instance}}"),),
                ),
                Panel(
                    "Lists the policy names and nobody published",
                    "1 for each: its rules apply to nothing.",
                    "short",
                    (("max by (list) (interdict_policy_list_missing{W}) or vector(0)", "{{list}}"),),
                ),
            ),
        ),
        Row(
            "Also",
            (
                Panel(
                    "Uptime",
                    "Since the process started.",
                    "s",
                    (("time() - process_start_time_seconds{W}", "{{instance}}"),),
                ),
                Panel(
                    "Garbage collections",
                    "Of the oldest generation, a second.",
                    PER_SECOND,
                    (
                        (
                            'rate(python_gc_collections_total{W,generation="2"}[$__rate_interval])',
                            "{{instance}}",
                        ),
                    ),
                ),
                Panel(
                    "Consoles open",
                    "Browsers that follow a worker live.",
                    "short",
                    (("interdict_console_clients{W}", "{{instance}}"),),
                ),
            ),
        ),
    ),
)

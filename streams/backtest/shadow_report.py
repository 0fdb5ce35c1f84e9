"""What a shadow policy was found to do, added up from its topic."""

from typing import cast

import orjson

from screening.evaluation.comparison import Comparison
from streams.backtest.report import BacktestReport
from streams.kafka.log import TopicLog
from streams.kafka.options import ClientOptions
from streams.records.shapes import ComparisonRecord


def shadow_report(client: ClientOptions, topic: str, since: float) -> BacktestReport:
    """One report, as `interdict backtest` makes it, of the comparisons since a moment (Unix time).

    Of several pairs of policies the newest counts, the rest is named in `other_policies`. Raises BrokerError.
    """
    pair: tuple[str, str] | None = None
    comparison, left_out, others = Comparison(), 0, 0
    with TopicLog(client, topic) as log:
        records: list[ComparisonRecord] = [
            orjson.loads(each.value) for each in log.read_all(log.spans(since)) if each.value
        ]
    for record in sorted(records, key=lambda record: str(record["until"]), reverse=True):
        own = record["current_policy"], record["proposed_policy"]
        pair = pair or own
        if own != pair:
            others += 1
            continue
        comparison.include(record)
        left_out += record["left_out"]
    current, proposed = pair or ("", "")
    report = {
        "current": "the policy in force",
        "proposed": "the shadow policy",
        "current_policy": current,
        "proposed_policy": proposed,
        "source": topic,
        "unreadable": 0,
        "left_out": left_out,
        "other_policies": others,
        **comparison.report(),
    }
    return cast(BacktestReport, report)

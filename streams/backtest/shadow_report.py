"""What a shadow policy was found to do, added up from its topic."""

from typing import cast

import orjson

from screening.evaluation.comparison import Comparison
from streams.backtest.report import BacktestReport
from streams.errors import NOT_OURS
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
        written = [each.value for each in log.read_all(log.spans(since)) if each.value]
    records = [record for record in map(_comparison, written) if record]
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
        "unreadable": len(written) - len(records),
        "left_out": left_out,
        "other_policies": others,
        **comparison.report(),
    }
    return cast(BacktestReport, report)


def _comparison(raw: bytes) -> ComparisonRecord | None:
    """None for what no worker wrote."""
    try:
        record: ComparisonRecord = orjson.loads(raw)
        Comparison().include(record)
        whole = {"until", "current_policy", "proposed_policy", "left_out"} <= record.keys()
    except NOT_OURS:
        return None
    return record if whole else None

"""The alerts of a while as cases: raised when, of what, closed when and with which verdict."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from screening.cases.caseload import Case
from screening.cases.dispositions import Given, SuppressionRules, Verdict
from screening.payments.model import Role
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics
from streams.lookback.updates import LatestAlert, latest_alerts
from streams.records.alerts import payment_in
from streams.records.dispositions import pair_of
from streams.records.shapes import PaymentInAlert

NONE = "none"
"""Stands where a payment does not say its rail or its bank."""


def read_cases(
    client: ClientOptions, topics: Topics, since: float, given: Iterable[Given], rules: SuppressionRules
) -> Iterator[Case]:
    """Every hit alerted since a moment (Unix time). Raises BrokerError.

    It is closed by the disposition that answers it, or by what the alerts topic says of it.
    """
    by_pair = {one.disposition.key: one for one in given}
    for latest in latest_alerts(client, topics.alerts, since, bool):
        yield _case(latest, by_pair, rules)


def _case(latest: LatestAlert, by_pair: Mapping[str, Given], rules: SuppressionRules) -> Case:
    hit, payment = latest.hit, payment_in(latest.alert)
    pair = pair_of(hit)
    closed, verdict = _closed(latest, by_pair.get(pair), rules)
    return Case(
        alert_id=hit["alert_id"],
        pair=pair,
        groups={
            "list": hit["designation"]["id"].partition(":")[0],
            "reason": str(hit.get("reason", NONE)),
            "action": str(hit.get("action", NONE)),
            "rail": str(payment.get("rail") or NONE),
            "bank": _bank(payment),
        },
        raised=datetime.fromtimestamp(latest.raised, UTC),
        closed=closed,
        verdict=verdict,
    )


def _closed(
    latest: LatestAlert, given: Given | None, rules: SuppressionRules
) -> tuple[datetime | None, Verdict | None]:
    raised = datetime.fromtimestamp(latest.raised, UTC)
    entry = latest.hit["designation"].get("fingerprint", "")
    if given and given.at and rules.answers(given, raised, entry):
        return max(given.at, raised), given.disposition.verdict
    update = latest.alert.get("update", {})
    if update.get("what") == "closed":
        return datetime.fromtimestamp(latest.last, UTC), Verdict(update["verdict"])
    return None, None


def _bank(payment: PaymentInAlert) -> str:
    """The bank whose customer pays: the branch or tenant in a shop that screens for several."""
    for party in payment.get("parties", ()):
        if party.get("role") == Role.DEBTOR_AGENT:
            return str(next(iter([*party.get("names", ()), *party.get("accounts", ())]), NONE))
    return NONE

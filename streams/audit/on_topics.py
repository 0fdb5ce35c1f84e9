"""The audit of what the topics hold, in the order in which their records name one another."""

import time
from collections.abc import Callable, Iterable, Mapping

from streams.audit.archive import entries_of, gone_with_age, markers
from streams.audit.auditor import Auditor, Gap
from streams.kafka.log import READ_ON_KIB, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics

UNDER_WAY_SECONDS = 2.0
"""A batch's decisions reach their partitions one by one: those of the last batch are waited for so long."""
LATE_SECONDS = 120.0
"""From so long before the audit began on, decisions are read again for those that were under way."""
PROGRESS_EVERY = 10_000
"""Records."""


def verify_topics(
    client: ClientOptions,
    topics: Topics,
    group: str,
    key: bytes,
    kept: Iterable[str] = (),
    *,
    customers: bool,
    progress: Callable[[Auditor], None],
    say: Callable[[str], None],
) -> tuple[Auditor, set[Gap]]:
    """Check every record on the topics, `customers` the customers' as well; what is wrong is in the auditor's
    findings.

    Returns the gaps among payments in which no payment is. `group` is the workers'; `say` takes the sentence
    about what cannot be looked at. Raises BrokerError.

    Checkpoints first: what they name is there by then. Alerts last: they are acknowledged before the
    decisions that name them.
    """
    auditor = Auditor(key, kept)
    passed = _passed(client, topics.payments, group, say)
    began = time.time()
    tables = (topics.customer_alerts, topics.customer_proofs) if customers else ()
    for topic in (topics.audit, topics.decisions, topics.alerts, *tables):
        _read_whole(client, topic, auditor, progress)
    since = auditor.decisions_kept_since()
    if passed:
        with TopicLog(client, topics.payments) as log:
            for span in log.spans(since):
                auditor.committed(log.topic, span.partition, span.first, passed.get(span.partition, 0))
    gaps = [*auditor.undecided()]
    if not gaps:
        return auditor, set()
    no_payment = {*markers(client, gaps), *gone_with_age(client, gaps, since)}
    if len(no_payment) < len(gaps):
        time.sleep(UNDER_WAY_SECONDS)
        with TopicLog(client, topics.decisions) as log:
            for entry in entries_of(log, log.spans(began - LATE_SECONDS)):
                auditor.also_decided(entry)
    return auditor, no_payment


def _read_whole(
    client: ClientOptions, topic: str, auditor: Auditor, progress: Callable[[Auditor], None]
) -> None:
    with TopicLog(client, topic, read_ahead_kib=READ_ON_KIB) as log:
        spans = log.spans()
        for span in spans:
            auditor.begins(topic, span.partition, span.first)
        for entry in entries_of(log, spans):
            auditor.take(entry)
            if not auditor.records % PROGRESS_EVERY:
                progress(auditor)


def _passed(
    client: ClientOptions, payments: str, group: str, say: Callable[[str], None]
) -> Mapping[int, int]:
    """Up to where the workers' group has committed each partition of payments: asked before decisions are
    read, so that these are there. Nothing where the broker does not say; raises BrokerError where it is away.
    """
    with TopicLog(client, payments, group) as log:
        log.partitions()
        try:
            return {partition: offset for partition, (offset, _) in log.noted().items()}
        except BrokerError as error:
            say(
                f"{error}: payments before the first decision and behind the last are not looked at; "
                f"DESCRIBE on the group {group} is needed"
            )
            return {}

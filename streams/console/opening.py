"""Settings to what serves the console: the desk that reads the topics, its work list, and the form."""

from collections.abc import Sequence

from config.settings import Settings
from screening.payments.mapping import EventMapping
from screening.policy.rails import rail_names
from streams.console.case_desk import CaseDesk
from streams.console.giving import Giving
from streams.console.routes import Console
from streams.console.work import WorkList
from streams.console.writers import writers_of
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.topics import Topics
from streams.records.dispositions import suppression_rules


def console_of(settings: Settings, mappings: Sequence[EventMapping]) -> Console:
    """`mappings` are those of the policy. Raises PolicyError for a deadline's rail in another spelling."""
    rail_names(settings.alert_deadlines, "INTERDICT_ALERT_DEADLINES")
    desk = CaseDesk(aiokafka_options(settings), Topics(settings.topic_prefix), mappings)
    return Console(desk, WorkList(desk, suppression_rules(settings), settings.alert_deadlines))


def giving_of(settings: Settings, console: Console) -> Giving | None:
    """The form, where somebody may give dispositions. Raises WritersError."""
    if not (settings.web_writers and settings.web_writers.get_secret_value()):
        return None
    return Giving(
        console.desk,
        console.work,
        writers_of(settings.web_writers.get_secret_value()),
        librdkafka_options(settings),
        Topics(settings.topic_prefix).dispositions,
        suppression_rules(settings),
    )

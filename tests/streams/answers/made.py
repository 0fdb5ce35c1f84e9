"""Payment records, decisions and dispositions for the gate's tests, as small as they can be."""

from datetime import UTC, datetime, timedelta

from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from screening.cases.releases import Release, Word
from screening.policy.answers import AnswerPolicy, Cause
from streams.answers.gate import Gate
from streams.answers.judged import Judged
from streams.answers.moves import Waiting
from streams.answers.stops import MOST_OPEN
from streams.kafka.log import Place, Record
from streams.records.decided import Decided
from streams.records.dispositions import release_key, release_to_json
from streams.records.json import disposition_to_json
from streams.records.stops import StoppedHit

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AT = NOW.timestamp()
HIT = StoppedHit(("party",), "ofac:1", "listed")
OTHER = StoppedHit(("other",), "ofac:2", "listed")
PAYMENTS = "payments"


def new_gate(
    policy: AnswerPolicy | None = None, *, four_eyes: bool = False, most_open: int = MOST_OPEN
) -> tuple[Gate, Judged]:
    judged = Judged(SuppressionRules(four_eyes), PAYMENTS)
    gate = Gate(policy or AnswerPolicy(), judged, most_open)
    gate.start(0, 0)
    gate.start(1, 0)
    return gate, judged


def waiting(offset: int, *, partition: int = 0, due: float = AT + 60, rail: str | None = None) -> Waiting:
    return Waiting(Place(partition, offset), due, rail, Record(offset, AT, b"k", b"{}", {}))


def said(
    offset: int,
    cause: Cause = Cause.CLEAR,
    *hits: StoppedHit,
    partition: int = 0,
    number: int = 1,
    count: int = 1,
    at: int | None = None,
    whole: bool = True,
) -> Decided:
    """A decision, which stands at the same offset of another topic unless `at` says where."""
    place = Place(partition, offset if at is None else at)
    return Decided(
        Place(partition, offset), number, count, cause, f"P-{offset}", f"D-{offset}", hits, whole, place
    )


def judge(gate: Gate, judged: Judged, hit: StoppedHit, verdict: Verdict, **more: str) -> None:
    """A case system's disposition comes."""
    given = Disposition(
        hit.fingerprints[0], hit.designation_id, "listed", verdict, "ann", "why", NOW + timedelta(9), **more
    )
    judged.take(given.key.encode(), disposition_to_json(given), AT)
    gate.stops.judged(given.key)


def speak(
    gate: Gate, judged: Judged, place: Place, word: Word, approved_by: str = "", at: float = AT
) -> None:
    """A person's word on one record comes."""
    event = f"{PAYMENTS}-{place.partition}@{place.offset}"
    release = Release(event, word, "ann", "why", approved_by)
    assert judged.take(release_key(event).encode(), release_to_json(release), at) == place
    gate.stops.touch(place)

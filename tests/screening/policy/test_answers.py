"""The `[answers]` of a policy: what a rail is told, and what may not be written there."""

import pytest

from config import settings
from screening.policy.answers import AnswerPolicy, Cause, Course, Reply
from screening.policy.answers_file import read_answers
from screening.policy.file import PolicyError, read_policy
from streams.offline.policies import load_answers


def test_a_policy_that_says_nothing_holds_and_rejects_what_is_true() -> None:
    answers = read_answers("")

    assert answers == AnswerPolicy()
    assert answers.reply(Cause.UNANSWERED, None) == Reply(Course.STOP, "PDNG")
    assert answers.reply(Cause.TRUE_POSITIVE, "swift") == Reply(Course.REJECT, "RJCT", "RR04")


def test_the_last_rail_that_names_it_says_what_is_different() -> None:
    answers = read_answers(
        """
        [answers]
        deadline_seconds = 60
        hold = {status = "ACTC"}
        [[answers.rail]]
        rails = ["fednow", "rtp"]
        deadline_seconds = 5
        hold = {status = "ACWP"}
        [[answers.rail]]
        rails = ["rtp"]
        late = "release"
        """
    )

    rails = (None, "fednow", "rtp")
    assert [answers.reply(Cause.HOLD, rail).status for rail in rails] == ["ACTC", "ACWP", "ACWP"]
    assert [answers.deadline(rail) for rail in rails] == [60, 5, 5]
    assert [answers.releases_late(rail) for rail in rails] == [False, False, True]


def test_the_shipped_policy_answers_an_instant_payment_within_its_ten_seconds() -> None:
    answers = load_answers(None)

    assert answers.deadline("sepa_instant") < 10
    assert answers.reply(Cause.HOLD, "sepa_instant") == Reply(Course.REJECT, "RJCT", "RR04")
    assert answers.reply(Cause.HOLD, "fednow") == Reply(Course.STOP, "ACWP")
    assert answers.reply(Cause.HOLD, "swift") == Reply(Course.STOP, "PDNG")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("answers = 1", "answers: a table"),
        ("[answers]\nholds = 1", "answers: 'holds' is no field"),
        ('[answers]\nhold = "PDNG"', "answers, hold: a table"),
        ('[answers]\nhold = {course = "release", status = "ACSP"}', "answers, hold, course: 'release'"),
        ('[answers]\nunanswered = {course = "release"}', "answers, unanswered, course"),
        ('[answers]\nclear = {course = "stop"}', "answers, clear, course"),
        ('[answers]\nhold = {status = "RJCT"}', "answers, hold, status: 'RJCT' cannot be said"),
        ('[answers]\nclear = {status = "PDNG"}', "answers, clear, status"),
        ('[answers]\nclear = {status = ["ACSP"]}', "answers, clear, status"),
        ('[answers]\nhold = {course = "reject"}', "answers, hold, status: None"),
        ('[answers]\nhold = {course = "reject", status = "RJCT"}', "answers, hold, reason: no rail"),
        ('[answers]\nhold = {reason = "because"}', "answers, hold, reason: a code"),
        ("[answers]\ndeadline_seconds = 0", "answers, deadline_seconds"),
        ("[answers]\ndeadline_seconds = 1e9", "answers, deadline_seconds"),
        ('[answers]\nlate = "reject"', "answers, late"),
        ('[answers]\npacs002 = "yes"', "answers, pacs002"),
        ("[answers]\nrail = 1", "answers, rail: write each as"),
        ("[[answers.rail]]\ndeadline_seconds = 5", "answers, rail 1, rails: a list"),
        ("[[answers.rail]]\nrails = []", "answers, rail 1, rails: a list"),
        ('[[answers.rail]]\nrails = "rtp"', "answers, rail 1, rails: a list"),
        ('[[answers.rail]]\nrails = ["rtp", 1]', "answers, rail 1, rails: a list"),
        ('[[answers.rail]]\nrails = ["x"]\nhold = {status = "RJCT"}', "answers, rail 1, hold, status"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_every_reader_of_the_policy(text: str, place: str) -> None:
    with pytest.raises(PolicyError) as told:
        read_answers(text)
    assert str(told.value).startswith(place)
    with pytest.raises(PolicyError):
        read_policy(text)


def test_answers_are_in_no_decisions_hash() -> None:
    assert read_policy('[answers]\nhold = {status = "ACTC"}').sha256 == read_policy("").sha256


def test_answers_are_off_unless_they_are_asked_for() -> None:
    assert not settings.Settings().answers


def test_a_payment_may_wait_for_a_day_and_no_longer() -> None:
    assert read_answers("[answers]\ndeadline_seconds = 86400").deadline(None) == 86_400
    with pytest.raises(PolicyError, match="at most 86400"):
        read_answers("[answers]\ndeadline_seconds = 86400.5")


def test_a_reply_keeps_the_reason_that_is_usual_for_its_course_and_for_no_other() -> None:
    answers = read_answers('[answers]\ntrue_positive = {status = "RJCT"}')
    assert answers.reply(Cause.TRUE_POSITIVE, None) == Reply(Course.REJECT, "RJCT", "RR04")

    held = read_answers(
        """
        [answers]
        hold = {status = "PDNG", reason = "AB01"}
        [[answers.rail]]
        rails = ["sepa_instant"]
        hold = {course = "reject", status = "RJCT", reason = "RR04"}
        [[answers.rail]]
        rails = ["rtp"]
        hold = {status = "ACTC"}
        """
    )
    assert held.reply(Cause.HOLD, "rtp") == Reply(Course.STOP, "ACTC", "AB01")
    assert held.reply(Cause.HOLD, "sepa_instant").reason == "RR04"

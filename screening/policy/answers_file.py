"""Reads the `[answers]` table of a policy file into an `AnswerPolicy`, with errors that name the place."""

import re
from collections.abc import Mapping
from typing import Any

from screening.policy.answers import (
    COURSES,
    STATUSES,
    USUAL,
    AnswerPolicy,
    Cause,
    Course,
    RailReplies,
    Reply,
)
from screening.policy.errors import PolicyError
from screening.policy.rails import rail_names
from screening.policy.tables import check_fields, read_toml, table_of, tables_of

LONGEST_DEADLINE_SECONDS = 24 * 3600.0
"""A payment that nobody looked at for a day is an incident; waiting longer hides it."""
_CAUSES = frozenset(map(str, Cause))
_ANSWERS = frozenset(("deadline_seconds", "late", "pacs002", "rail", *_CAUSES))
_RAIL = frozenset(("rails", "deadline_seconds", "late", *_CAUSES))
_REPLY = frozenset(("course", "status", "reason"))
_REASON = re.compile(r"[A-Z0-9]{4}")


def read_answers(text: str) -> AnswerPolicy:
    """The answers of a policy's TOML text. Raises PolicyError."""
    table = read_toml(text)
    return answers_of(table.get("answers", {}))


def answers_of(table: object) -> AnswerPolicy:
    """The answers of a table. Raises PolicyError."""
    table = table_of(table, "answers")
    check_fields(table, _ANSWERS, "answers")
    usual = AnswerPolicy()
    rails = tables_of(table.get("rail", []), "answers.rail")
    pacs002 = table.get("pacs002", usual.pacs002)
    if not isinstance(pacs002, bool):
        raise PolicyError("answers, pacs002: true or false is expected")
    replies = {**USUAL, **_replies(table, USUAL, "answers")}
    deadline = _deadline(table, "answers")
    return AnswerPolicy(
        replies,
        usual.deadline_seconds if deadline is None else deadline,
        _course_when_late(table, "answers") or usual.late,
        tuple(_rail(each, replies, f"answers, rail {number}") for number, each in enumerate(rails, 1)),
        pacs002,
    )


def _rail(table: Mapping[str, Any], general: Mapping[Cause, Reply], place: str) -> RailReplies:
    check_fields(table, _RAIL, place)
    rails = table.get("rails")
    if not isinstance(rails, list) or not rails or not all(isinstance(name, str) for name in rails):
        raise PolicyError(f'{place}, rails: a list of rails is expected, like ["fednow"]')
    return RailReplies(
        rail_names(rails, place),
        _replies(table, general, place),
        _deadline(table, place),
        _course_when_late(table, place),
    )


def _replies(table: Mapping[str, Any], general: Mapping[Cause, Reply], place: str) -> dict[Cause, Reply]:
    """The replies in a table; what one of them leaves out is as in `general`."""
    return {
        cause: _reply(table[cause], cause, general[cause], f"{place}, {cause}")
        for cause in Cause
        if cause in table
    }


def _reply(table: object, cause: Cause, general: Reply, place: str) -> Reply:
    if not isinstance(table, dict):
        raise PolicyError(f'{place}: a table is expected, like {{status = "{general.status}"}}')
    check_fields(table, _REPLY, place)
    course = table.get("course", general.course)
    if course not in COURSES[cause]:
        allowed = ", ".join(COURSES[cause])
        raise PolicyError(f"{place}, course: {course!r} is not possible here; {allowed} is")
    same = course == general.course
    status = table.get("status", general.status if same else None)
    if not isinstance(status, str) or status not in STATUSES[Course(course)]:
        allowed = ", ".join(sorted(STATUSES[Course(course)]))
        raise PolicyError(
            f"{place}, status: {status!r} cannot be said where it is to {course}; {allowed} can"
        )
    reason = table.get("reason", general.reason if same else "")
    if not isinstance(reason, str) or (reason and not _REASON.fullmatch(reason)):
        raise PolicyError(f"{place}, reason: a code of four letters or digits is expected, like RR04")
    if course == Course.REJECT and not reason:
        raise PolicyError(f"{place}, reason: no rail takes a refusal without one; give it, like RR04")
    return Reply(Course(course), str(status), reason)


def _deadline(table: Mapping[str, Any], place: str) -> float | None:
    value = table.get("deadline_seconds")
    if value is None:
        return None
    usable = not isinstance(value, bool) and isinstance(value, int | float)
    if not usable or not 0 < value <= LONGEST_DEADLINE_SECONDS:
        most = f"{LONGEST_DEADLINE_SECONDS:.0f}"
        raise PolicyError(f"{place}, deadline_seconds: a number above 0, at most {most}, is expected")
    return float(value)


def _course_when_late(table: Mapping[str, Any], place: str) -> Course | None:
    value = table.get("late")
    if value is None:
        return None
    if value not in (Course.STOP, Course.RELEASE):
        raise PolicyError(f"{place}, late: stop or release is expected, not {value!r}")
    return Course(value)

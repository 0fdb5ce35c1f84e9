"""A person's word on a record says who, why, and on what; the second pair of eyes is another's."""

import pytest

from screening.cases.people import same_person
from screening.cases.releases import Release, Word


@pytest.mark.parametrize("missing", ["event", "by", "reason"])
@pytest.mark.parametrize("blank", ["", "  "])
def test_a_word_without_who_why_or_on_what_is_none(missing: str, blank: str) -> None:
    said = {"event": "payments-3@17", "by": "ann", "reason": "seen"} | {missing: blank}

    with pytest.raises(ValueError, match=f"^{missing} is missing"):
        Release(said["event"], Word.RELEASE, said["by"], said["reason"])


@pytest.mark.parametrize(
    ("word", "approved_by", "four_eyes", "holds"),
    [
        (Word.RELEASE, "", True, False),
        (Word.RELEASE, "", False, True),
        (Word.RELEASE, "ben", True, True),
        (Word.REJECT, "", True, True),
    ],
)
def test_two_people_release_and_one_rejects(
    word: Word, approved_by: str, four_eyes: bool, holds: bool
) -> None:
    release = Release("payments-3@17", word, "ann", "seen", approved_by)

    assert release.holds(four_eyes=four_eyes) is holds


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ann", "Ann", True),
        ("ann.lee", "ann lee", True),
        ("Ann\u0301", "ann", True),
        ("anni", "annl", True),
        ("ann", "anne", False),
        ("\u0915\u093f", "\u0915\u0940", False),
        ("ann1", "ann2", False),
    ],
)
def test_one_person_is_one_however_the_name_is_written(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same

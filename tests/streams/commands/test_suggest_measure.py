"""What `interdict suggest measure` prints of suggestions against dispositions."""

from screening.cases.dispositions import Verdict
from screening.policy.suggestions import Suggested
from screening.suggestions.measure import Counted, Measured
from streams.commands.suggest import _as_json, _lines

FOUND = Measured(
    pairs=9,
    judged=7,
    found={
        (Suggested.FALSE_POSITIVE, Verdict.FALSE_POSITIVE): 4,
        (Suggested.FALSE_POSITIVE, Verdict.TRUE_POSITIVE): 1,
        (Suggested.UNDECIDED, Verdict.TRUE_POSITIVE): 2,
    },
    by_rule={"years": Counted(4, 1), "another": Counted(2, 1), "silent": Counted()},
    cleared_wrongly=["A-1"],
)


def test_rules_are_printed_with_how_often_each_was_right() -> None:
    head, *counted = _lines(FOUND)

    assert head == "7 of 9 pairs have a disposition that came after their suggestion"
    assert [line.split() for line in counted[: len(Suggested)]] == [
        [each.value, str(true), "found", "true", str(false), "found", "false"]
        for each, (true, false) in {
            Suggested.TRUE_POSITIVE: (0, 0),
            Suggested.FALSE_POSITIVE: (1, 4),
            Suggested.UNDECIDED: (2, 0),
        }.items()
    ]
    assert counted[len(Suggested) :] == [
        "another: right 2, wrong 1, 67 %",
        "years: right 4, wrong 1, 80 %",
        "A-1 was found true and had been suggested to be false",
    ]


def test_programs_read_the_same() -> None:
    told = _as_json(FOUND)

    assert (told["pairs"], told["judged"], told["cleared_wrongly"]) == (9, 7, ["A-1"])
    assert told["found"] == {
        Suggested.FALSE_POSITIVE: {"false_positive": 4, "true_positive": 1},
        Suggested.TRUE_POSITIVE: {"false_positive": 0, "true_positive": 0},
        Suggested.UNDECIDED: {"false_positive": 0, "true_positive": 2},
    }
    assert told["rules"] == {
        "another": {"right": 2, "wrong": 1, "precision": 2 / 3},
        "silent": {"right": 0, "wrong": 0, "precision": None},
        "years": {"right": 4, "wrong": 1, "precision": 0.8},
    }

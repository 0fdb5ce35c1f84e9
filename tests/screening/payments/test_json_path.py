"""Paths into JSON: how they are written, where they lead, and from one branch to another."""

from typing import Any

import pytest

from screening.payments.json_path import SINGLE, JsonPath, JsonPathError

EVENT = {
    "a": {"b~c/d": 1, "@x": 2, "e f": 3},
    "list": [{"n": "x", "in": [1, 2]}, {"n": None}, {"in": 7}, "text"],
    "one": {"n": "y"},
    "none": None,
    "zero": 0,
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$", [(EVENT, "")]),
        ("$.zero", [(0, "/zero")]),
        ("$['a']['b~c/d']", [(1, "/a/b~0c~1d")]),
        ('$.a["e f"]', [(3, "/a/e f")]),
        ("$.a.@x", [(2, "/a/@x")]),
        ("$.list[0].n", [("x", "/list/0/n")]),
        ("$.list[3]", [("text", "/list/3")]),
        ("$.list[4]", []),
        ("$.list.n", []),
        ("$.a[0]", []),
        ("$.one.n.m", []),
        ("$.missing", []),
        ("$.none", [(None, "/none")]),
        ("$.none[*]", []),
        ("$.zero[*]", [(0, "/zero")]),
        ("$.one[*].n", [("y", "/one/n")]),
        ("$.list[*].n", [("x", "/list/0/n"), (None, "/list/1/n")]),
        ("$.list[*].in[*]", [(1, "/list/0/in/0"), (2, "/list/0/in/1"), (7, "/list/2/in")]),
        ("$.list[*].in[1]", [(2, "/list/0/in/1")]),
        ("$.list[*].in[2]", []),
        ("$.list[?@.n == 'x'].in[1]", [(2, "/list/0/in/1")]),
        ('$.list[?@.in=="7"].in', [(7, "/list/2/in")]),
        ("$.list[?@.n == 'z']", []),
        ("$.one[?@.n == 'y'].n", [("y", "/one/n")]),
        ("$.one[?@.n == 'x'].n", []),
        ("$.a[?@.@x == '2'].@x", [(2, "/a/@x")]),
        ("$.zero[?@.n == 'x']", []),
    ],
)
def test_a_path_leads_to_every_value_that_it_names(path: str, values: list[tuple[Any, str]]) -> None:
    assert [*JsonPath.parse(path).values(EVENT)] == values


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        ".a",
        "$a",
        "$.",
        "$.a.",
        "$[]",
        "$[-1]",
        "$['']",
        "$.a[1234567890]",
        "$.a[?@.n]",
        "$.a[?@.n == 'x]",
    ],
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(JsonPathError):
        JsonPath.parse(text)


def test_a_path_may_stand_in_front_of_a_condition() -> None:
    path, rest = JsonPath.prefix("@.code == 'A'")

    assert (path.text, path.relative, path.steps, rest) == ("@.code", True, ("code",), " == 'A'")
    assert not JsonPath.parse("$.a").relative


def test_a_branch_knows_its_positions_and_leads_to_its_neighbours() -> None:
    trunk = JsonPath.parse("$.list[*].in[*]")
    branches = [steps for _, _, steps in trunk.branches(EVENT)]

    assert branches == [("list", 0, "in", 0), ("list", 0, "in", 1), ("list", 2, "in", SINGLE)]
    assert JsonPath.parse("$.list[*].n").within(trunk, branches[1]).steps == ("list", 0, "n")
    assert JsonPath.parse("$.list[*].in[*].x").within(trunk, branches[2]).steps == ("list", 2, "in", "x")
    assert JsonPath.parse("$.other[*].n").within(trunk, branches[0]).steps == ("other", None, "n")
    assert JsonPath.parse("$.list").within(trunk, branches[0]).steps == ("list",)

"""`interdict match`: what hits, why, and an exit code that scripts can ask."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from screening import Designation, Name, NameType, Screener
from streams.cli import main
from streams.commands.match import _show

SAMPLE = Path(__file__).parents[3] / "screening" / "lists" / "data" / "sample.csv"


def match(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["match", "--list", f"csv:{SAMPLE}", *arguments])


def test_a_hit_is_shown_with_its_reasons_and_exit_code_1() -> None:
    result = match("Mkrtychev, Ashot")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "0.990 Ashot Mkrtychev  csv:mkrtychev  DPRK",
        "payment    list       how    weight  similarity  ",
        "mkrtychev  mkrtychev  exact  1.00    1.00        ",
        "ashot      ashot      exact  0.88    1.00        ",
    ]


def test_no_hit_is_exit_code_0() -> None:
    result = match("Nordic Timber AB")

    assert (result.exit_code, result.output) == (0, "no hit\n")


def test_an_empty_name_is_no_name_that_does_not_hit() -> None:
    result = match(" ")

    assert (result.exit_code, "NAME is empty" in result.output) == (2, True)


def test_json_is_one_hit_a_line_best_first_as_in_an_alert() -> None:
    result = match("--json", "Islamic Revolutionary Guard Corps")

    hits = [orjson.loads(line) for line in result.output.splitlines()]
    assert hits[0]["designation"]["id"] == "csv:rgc"
    assert hits[0]["explanation"]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_a_name_in_another_script_hits() -> None:
    assert match("Ашот Мкртычев").exit_code == 1


@pytest.mark.parametrize("spec", ["csv:/nowhere.csv", "nonsense", "unknown:" + str(SAMPLE)])
def test_a_wrong_list_is_a_usage_error(spec: str) -> None:
    result = CliRunner().invoke(main, ["match", "--list", spec, "Somebody"])

    assert result.exit_code == 2
    assert spec.partition(":")[0] in result.output


def test_a_name_beyond_a_limit_is_no_hit_and_no_crash() -> None:
    result = match(" f/k/a ".join(f"abc{number}def" for number in range(40)))

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "at most 32 are read" in result.stderr


def test_two_lists_that_give_one_id_to_two_entries_are_refused(tmp_path: Path) -> None:
    for file, name in (("a.csv", "Quorvex Maritime"), ("b.csv", "Dragomir Velkanesku")):
        (tmp_path / file).write_text(f"uid,name\n1,{name}\n")
    twice = [f"--list=csv:{tmp_path / file}" for file in ("a.csv", "b.csv")]
    result = CliRunner().invoke(main, ["match", *twice, "Quorvex Maritime"])

    assert result.exit_code == 2
    assert "csv:1 stands for 'Quorvex Maritime' in a file before it" in result.stderr


def test_a_list_that_is_given_twice_is_the_same_list() -> None:
    once, twice = (
        match("--json", "Mkrtychev, Ashot"),
        match("--list", f"csv:{SAMPLE}", "--json", "Mkrtychev, Ashot"),
    )

    assert once.output == twice.output


def test_markup_in_a_name_stays_text(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("uid,name\n1,[red]Versor[/red] Holding\n")

    result = CliRunner().invoke(main, ["match", "--list", f"csv:{file}", "[red]Versor[/red] Holding"])

    assert "[red]Versor[/red] Holding" in result.output


def test_an_alias_is_named_beside_the_name_it_stands_for(capsys: pytest.CaptureFixture[str]) -> None:
    screener = Screener()
    names = (Name("Ashot Mkrtychev", NameType.PRIMARY), Name("Verus Trading House"))
    screener.upsert(Designation("x:1", names))
    for name, said in (("Verus Trading House", True), ("Ashot Mkrtychev", False)):
        _show(screener.match(name))
        told = capsys.readouterr().out
        assert ("by its strong aka 'Verus Trading House'" in told) is said
        assert "Ashot Mkrtychev  x:1" in told
    _show([])
    assert capsys.readouterr().out == "no hit\n"

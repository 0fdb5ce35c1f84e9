"""The rights that are written for a broker are those that are declared."""

import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from streams.cli import main
from streams.kafka.rights import PRINCIPALS, WORKER, Operation, Resource, Right, acl_commands, strimzi_user

DEPLOY = Path(__file__).parents[3] / "deploy" / "kafka"


@pytest.mark.parametrize(("file", "form"), [("acls.sh", "acls"), ("users.yaml", "strimzi")])
def test_the_examples_are_what_the_command_prints(file: str, form: str) -> None:
    told = CliRunner().invoke(main, ["topics", "rights", "--form", form], env={"INTERDICT_GROUP": None})

    assert told.output == (DEPLOY / file).read_text()


def test_a_worker_reads_the_alerts_that_it_writes() -> None:
    alerts = {right.operation for right in WORKER.rights("", "g") if right.name == "screening.alerts"}

    assert alerts == {Operation.READ, Operation.WRITE}


def test_a_worker_without_a_shadow_policy_needs_no_right_on_its_topic() -> None:
    shadow = Right(Operation.WRITE, Resource.TOPIC, "t.screening.shadow")

    assert shadow in set(WORKER.rights("t.", "g"))
    assert shadow not in set(WORKER.rights("t.", "g", shadow=False))


def test_strimzi_users_hold_every_declared_right() -> None:
    for principal in PRINCIPALS:
        (user,) = yaml.safe_load_all("\n".join(strimzi_user(principal, "t.", "g")))
        rules = user["spec"]["authorization"]["acls"]
        written = {
            (operation.upper().replace("CONFIGS", "_CONFIGS"), rule["resource"]["name"])
            for rule in rules
            for operation in rule["operations"]
        }
        assert written == {(right.operation, right.name) for right in principal.rights("t.", "g")}


def test_a_group_of_several_words_stays_one_word_for_the_shell() -> None:
    *_, of_group = acl_commands(WORKER, "", "my workers; rm -r /")

    assert shlex.split(of_group)[-1] == "my workers; rm -r /"

"""`interdict config show`: the value in force, where it comes from, and no secret."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from config.settings import Settings
from streams.cli import main


def shown(*arguments: str) -> dict[str, dict[str, Any]]:
    result = CliRunner().invoke(main, ["config", "show", "--json", *arguments])
    assert result.exit_code == 0, result.output
    told: dict[str, dict[str, Any]] = orjson.loads(result.output)
    return told


def test_every_setting_is_shown() -> None:
    assert shown().keys() == Settings.model_fields.keys()


def test_the_source_that_wins_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "interdict.toml"
    file.write_text('broker = "file:1"\ngroup = "file"\nbatch_size = 7\n')
    secret = tmp_path / "password"
    secret.write_text("hunter2\n")
    monkeypatch.setenv("INTERDICT_CONFIG", str(file))
    monkeypatch.setenv("INTERDICT_GROUP", "environment")
    monkeypatch.setenv("INTERDICT_SASL_PASSWORD_FILE", str(secret))

    told = shown("--broker", "flag:1")

    assert told["broker"] == {"value": "flag:1", "source": "flag"}
    assert told["group"] == {"value": "environment", "source": "INTERDICT_GROUP"}
    assert told["batch_size"] == {"value": 7, "source": str(file)}
    assert told["sasl_password"]["source"] == "INTERDICT_SASL_PASSWORD_FILE"
    assert told["web_port"] == {"value": 6066, "source": "default"}


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_secrets_are_masked(form: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERDICT_SASL_PASSWORD", "hunter2")
    monkeypatch.setenv("INTERDICT_WEB_TOKEN", "hunter3")

    output = CliRunner().invoke(main, ["config", "show", *form]).output

    assert "hunter" not in output
    assert "********" in output

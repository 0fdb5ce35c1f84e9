"""Every form of every kind of alert, whole.

`projected.json` holds them; `python -m tests.streams.export.test_projections_whole` writes it anew, to be
read before it is kept.
"""

import copy
import json
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from streams.export import projections
from streams.export.projections import FORMS, in_form, message_id
from streams.records.shapes import AlertRecord
from tests.streams.export.alerts import alert

TEXT = Path(__file__).with_name("projected.json")
AT = "2023-09-01T09:30:00.125+00:00"


def kinds() -> dict[str, Any]:
    """A held one, one for review with two hits of two lists, and what may become of them."""
    own = {"decision_id": "d" * 32, "matcher": "1.0"}  # as no version of ours changes them
    held: Any = {**alert(), **own}
    review: Any = {**alert("P-2"), **own}
    held["hits"][0]["summary"] = "it is the same"
    (hit,) = review["hits"]
    weaker = copy.deepcopy(hit) | {
        "action": "review",
        "score": 0.81234,
        "summary": "",
        "role": "debtor_agent",
    }
    weaker["designation"] |= {"id": "acme:1", "name": "Versar"}
    weaker["path"] = "/parties/0/bic"
    review["hits"] = [weaker, copy.deepcopy(weaker) | {"score": 0.9996, "value": "Vérsor"}]
    review["hits"][1]["designation"] = hit["designation"]
    update = {"id": "51d0" * 8, "changed": [], "at": AT, "offset": 7}
    amended = copy.deepcopy(review) | {"update": update | {"state": "superseded", "what": "delisted"}}
    closed = copy.deepcopy(held) | {"update": update | {"state": "closed", "what": "closed"}}
    return {"held": held, "review": review, "amended": amended, "closed": closed}


def whole() -> str:
    """With the alert itself left out where it is the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(projections, "version", lambda _: "1.0")
        told: dict[str, Any] = {}
        for kind, record in kinds().items():
            for form, projected in FORMS.items():
                message = cast(dict[str, Any], projected(record))
                told[f"{form} of {kind}"] = _short(message, record)
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _short(value: Any, record: Any) -> Any:
    if value == record:
        return "the alert"
    return {name: _short(each, record) for name, each in value.items()} if isinstance(value, dict) else value


def test_each_form_of_an_alert_is_what_it_always_was() -> None:
    assert whole() == TEXT.read_text()


@pytest.mark.parametrize("form", FORMS)
async def test_a_message_is_its_form_under_its_id(form: str) -> None:
    record = cast(AlertRecord, kinds()["closed"])
    ((message, body),) = await in_form(form)(record)

    assert (message, orjson.loads(body)) == (message_id(record), FORMS[form](record))


if __name__ == "__main__":
    TEXT.write_text(whole())

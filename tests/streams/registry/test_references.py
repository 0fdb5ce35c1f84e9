"""How far the references of a schema are followed: so many, and so deep, and no further."""

from collections.abc import Mapping
from typing import Any

import pytest

from screening.payments.registry.framing import SchemaKey
from screening.payments.registry.schemas import SchemaError
from streams.registry import answers
from streams.registry.answers import Registry

MOST = 3


def referring(*names: str) -> dict[str, Any]:
    return {
        "schema": "{}",
        "references": [{"name": name, "subject": f"s/{name}", "version": 1} for name in names],
    }


async def collected(monkeypatch: pytest.MonkeyPatch, graph: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The references of the schema "" in the order in which they are read."""
    monkeypatch.setattr(answers, "MOST_REFERENCES", MOST)
    asked: list[str] = []

    class Asked(Registry):
        def __init__(self) -> None:
            self._auth = {}

        async def _ask(self, _session: object, where: str) -> Any:
            asked.append(where)
            name = where.removeprefix("/subjects/s%2F").partition("/")[0]
            return referring(*graph.get(name, ()))

    read = await Asked().schema(SchemaKey(id=7))
    found = [each.name for each in read.references]
    assert asked[0] == "/schemas/ids/7?format=serialized"
    assert set(asked[1:]) == {f"/subjects/s%2F{name}/versions/1?format=serialized" for name in found}
    return found


async def test_what_others_refer_to_comes_first_and_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await collected(monkeypatch, {"": ("a", "b"), "a": ("c",), "b": ("c",)}) == ["c", "a", "b"]


@pytest.mark.parametrize("count", [MOST, MOST + 1])
async def test_so_many_are_read_and_no_more(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    names = tuple("abcdefgh"[:count])
    if count == MOST:
        assert await collected(monkeypatch, {"": names}) == [*names]
        return
    with pytest.raises(SchemaError, match="refers to more than 3 others"):
        await collected(monkeypatch, {"": names})


async def test_a_chain_is_followed_to_its_depth_and_a_ring_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    chain: dict[str, tuple[str, ...]] = {"": ("a",), "a": ("b",), "b": ("c",)}
    assert await collected(monkeypatch, chain) == ["c", "b", "a"]
    for longer in (chain | {"c": ("d",)}, {"": ("a",), "a": ("b",), "b": ("a",)}):
        with pytest.raises(SchemaError, match="refers to more than 3 others"):
            await collected(monkeypatch, longer)

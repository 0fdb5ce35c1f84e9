"""Whether a record has the shape that its topic promises, whoever wrote it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints, is_typeddict


class _Fields(NamedTuple):
    """Of one shape: the types of those that hold one value, and checks of the others."""

    single: Mapping[str, frozenset[type]]
    more: Mapping[str, Callable[[Any], bool]]


def wrong_field(record: Mapping[str, Any], shape: type) -> str:
    """The first field that has another type than the shape says; empty if none has. A field may be missing,
    as in records of earlier versions, and one that the shape does not have may be anything."""
    single, more = _fields(shape)
    for name, value in record.items():
        types = single.get(name)
        if types is not None:
            if type(value) not in types:
                return name
        elif name in more and not more[name](value):
            return name
    return ""


@cache
def _fields(shape: type) -> _Fields:
    kinds = {name: kind for name, kind in get_type_hints(shape).items() if kind is not Any}
    single = {name: types for name, kind in kinds.items() if (types := _types(kind))}
    return _Fields(single, {name: _check(kind) for name, kind in kinds.items() if name not in single})


def _types(kind: Any) -> frozenset[type]:
    """The types of a single value; none for what holds more."""
    if (origin := get_origin(kind)) in (list, dict) or is_typeddict(kind) or kind is Any:
        return frozenset()
    if origin is None:
        return frozenset((float, int)) if kind is float else frozenset((kind,))
    found = [_types(each) for each in get_args(kind)]
    return frozenset[type]().union(*found) if all(found) else frozenset()


def _check(kind: Any) -> Callable[[Any], bool]:
    """Of a value that holds more."""
    if is_typeddict(kind):
        return lambda value: isinstance(value, dict) and not wrong_field(value, kind)
    origin, (*_, of) = get_origin(kind), get_args(kind)
    if origin not in (list, dict):  # a shape, or none
        shape = _check(get_args(kind)[0])
        return lambda value: value is None or shape(value)
    if types := _types(of):
        return lambda value: isinstance(value, origin) and types.issuperset(map(type, _values(value)))
    if of is Any:
        return lambda value: isinstance(value, origin)
    check = _check(of)
    return lambda value: isinstance(value, origin) and all(map(check, _values(value)))


def _values(several: Any) -> Any:
    return several.values() if isinstance(several, dict) else several

"""An XML of somebody's own as the JSON value that a mapping's paths lead through.

`<Payer addr="a@bank"><Name>Ann</Name></Payer>` is `{"Payer": {"@addr": "a@bank", "Name": "Ann"}}`: local
names without namespaces, attributes with `@`, an element that stands several times as a list, text beside
attributes or elements as `#text`.
"""

from typing import Any
from xml.etree.ElementTree import Element

from screening.payments.model import PaymentError, PaymentProblem
from screening.payments.strict_json import MAX_DEPTH


def value_of(root: Element) -> dict[str, Any]:
    """The root element by its name. Raises PaymentError for more levels than JSON may have."""
    return {_local(root.tag): _value(root, 1)}


def _value(element: Element, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise PaymentError(PaymentProblem.TOO_DEEP, f"more than {MAX_DEPTH} levels of nesting")
    texts = [element.text, *(child.tail for child in element)]
    text = "\n".join(part.strip() for part in texts if part and not part.isspace())
    if not element.attrib and not len(element):
        return text
    found: dict[str, list[Any]] = {}
    for name, value in element.attrib.items():
        found.setdefault("@" + _local(name), []).append(value)
    for child in element:
        found.setdefault(_local(child.tag), []).append(_value(child, depth + 1))
    if text:
        found.setdefault("#text", []).append(text)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _local(name: str) -> str:
    return name.rpartition("}")[2]

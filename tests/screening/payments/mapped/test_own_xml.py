"""An XML of somebody's own as the value that a mapping's paths lead through."""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring

import pytest

from screening.payments import PaymentError
from screening.payments.mapped.own_xml import value_of
from screening.payments.strict_json import MAX_DEPTH


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<P/>", {"P": ""}),
        ("<P> Ann </P>", {"P": "Ann"}),
        ("<P a='1'/>", {"P": {"@a": "1"}}),
        ("<P a='1'>Ann</P>", {"P": {"@a": "1", "#text": "Ann"}}),
        ("<P a='1'> <N>Ann</N> </P>", {"P": {"@a": "1", "N": "Ann"}}),
        ("<P>Ann <N>B</N> C <N/> D</P>", {"P": {"N": ["B", ""], "#text": "Ann\nC\nD"}}),
        ("<x:P xmlns:x='u' x:a='1'><x:N>B</x:N></x:P>", {"P": {"@a": "1", "N": "B"}}),
        ("<P xmlns:x='u' a='1' x:a='2'/>", {"P": {"@a": ["1", "2"]}}),
    ],
)
def test_elements_attributes_and_texts_are_what_a_path_names(text: str, value: dict[str, Any]) -> None:
    assert value_of(fromstring(text)) == value  # noqa: S314


@pytest.mark.parametrize(("levels", "refused"), [(MAX_DEPTH, False), (MAX_DEPTH + 1, True)])
def test_more_levels_than_json_may_have_are_refused(levels: int, refused: bool) -> None:
    root = leaf = Element("E")
    for _ in range(levels - 1):
        leaf = SubElement(leaf, "E")
    if refused:
        with pytest.raises(PaymentError, match=f"more than {MAX_DEPTH} levels"):
            value_of(root)
    else:
        assert value_of(root)

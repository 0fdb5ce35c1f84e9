"""How a value that is refused is shown."""

import pytest

from screening.payments.shown import LONGEST_SHOWN, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a'b", '"a\'b"'),
        (1.5, "'1.5'"),
        ("x" * LONGEST_SHOWN, f"'{'x' * LONGEST_SHOWN}'"),
        ("x" * LONGEST_SHOWN + "y", f"'{'x' * LONGEST_SHOWN}'"),
    ],
)
def test_a_value_is_shown_as_python_writes_it_up_to_its_length(value: object, text: str) -> None:
    assert shown(value) == text

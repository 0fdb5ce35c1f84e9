"""Parts of a text: `[first name={}, infix={}, last name={}, gender={-}]` takes what stands for each `{}`."""

import re
from dataclasses import dataclass

_PLACE = re.compile(r"\{(-?)\}")
_ABSENT = frozenset(("", "null", "None"))


class TemplateError(ValueError):
    """This text is no template; it says what is expected."""


@dataclass(frozen=True, slots=True)
class Template:
    """Fixed texts and, between them, places that are taken or (`{-}`) passed over."""

    literals: tuple[str, ...]
    taken: tuple[bool, ...]

    @classmethod
    def parse(cls, text: str) -> "Template":
        """Raises TemplateError for a text without a place, or with two that nothing keeps apart."""
        parts = _PLACE.split(text)
        literals, marks = tuple(parts[::2]), tuple(mark == "" for mark in parts[1::2])
        if not any(marks):
            raise TemplateError(f"{text!r}: write {{}} where a part of the text is to be taken")
        if not all(literals[1:-1]):
            raise TemplateError(f"{text!r}: something must stand between two places")
        return cls(literals, marks)

    def parts(self, text: str) -> list[str] | None:
        """What stands at the places, without what is absent; None where the text is of another form.

        It takes one pass: each fixed text is looked for behind the one before.
        """
        if not text.startswith(self.literals[0]):
            return None
        found, at = [], len(self.literals[0])
        for number, taken in enumerate(self.taken, 1):
            literal = self.literals[number]
            last = number == len(self.taken)
            end = len(text) - len(literal) if last else text.find(literal, at)
            if end < at or (last and not text.endswith(literal)):
                return None
            if taken and (part := text[at:end].strip()) not in _ABSENT:
                found.append(part)
            at = end + len(literal)
        return found

"""A `.proto` file's text to its descriptor: what decoding needs of it, and nothing else.

Java producers register this text. Options, services, extensions and reserved numbers say nothing of where a
value stands, and are passed over.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto

from screening.payments.shown import shown

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<token>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\.?[A-Za-z_][\w.]*|[-+]?[0-9][\w.+-]*|[{}\[\]()<>=;,:+-])""",
    re.VERBOSE | re.DOTALL,
)
MOST_CHARACTERS = 1 << 20
MOST_LEVELS = 32

_SCALARS: Mapping[str, Any] = {
    name: getattr(FieldDescriptorProto, f"TYPE_{name.upper()}")
    for name in (
        *("double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "bytes"),
        *("uint32", "sfixed32", "sfixed64", "sint32", "sint64"),
    )
}
_LABELS: Mapping[str, Any] = {
    "optional": FieldDescriptorProto.LABEL_OPTIONAL,
    "required": FieldDescriptorProto.LABEL_REQUIRED,
    "repeated": FieldDescriptorProto.LABEL_REPEATED,
}


class ProtoTextError(ValueError):
    """This text is no .proto file that can be read; it says where."""


def file_of_text(text: str) -> FileDescriptorProto:
    """The descriptor of a file, without its name. Raises ProtoTextError."""
    if len(text) > MOST_CHARACTERS:
        raise ProtoTextError(f"{len(text)} characters; at most {MOST_CHARACTERS} are read")
    return _Parser(text).file()


class _Parser:
    """Reads one file, token by token."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._proto3 = False

    def file(self) -> FileDescriptorProto:
        file = FileDescriptorProto()
        while self._at < len(self._tokens):
            word = self._next()
            if word in ("syntax", "edition"):
                self._expect("=")
                file.syntax = self._string()
                self._proto3 = file.syntax == "proto3"
                if word == "edition":
                    raise ProtoTextError(
                        "editions are not read; register the schema with syntax proto2 or proto3"
                    )
                self._expect(";")
            elif word == "package":
                file.package = self._next()
                self._expect(";")
            elif word == "import":
                name = self._next()
                file.dependency.append(_unquoted(self._next() if name in ("public", "weak") else name))
                self._expect(";")
            elif word == "message":
                self._message(file.message_type.add(), 0)
            elif word == "enum":
                self._enum(file.enum_type.add())
            elif word != ";":
                self._skip()
        return file

    def _message(self, message: DescriptorProto, level: int) -> None:
        if level > MOST_LEVELS:
            raise ProtoTextError(f"more than {MOST_LEVELS} levels of messages")
        message.name = self._next()
        optional: list[FieldDescriptorProto] = []
        self._block(lambda word: self._member(message, word, optional, level))
        for field in optional:  # proto3's `optional` is a choice of one, behind the written ones
            field.oneof_index = len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{field.name}")

    def _member(
        self, message: DescriptorProto, word: str, optional: list[FieldDescriptorProto], level: int
    ) -> None:
        if word == "message":
            self._message(message.nested_type.add(), level + 1)
        elif word == "enum":
            self._enum(message.enum_type.add())
        elif word in ("option", "reserved", "extensions", "extend"):
            self._skip()
        elif word == "group":
            raise ProtoTextError("groups are not read; use a message")
        elif word == "oneof":
            number = len(message.oneof_decl)
            message.oneof_decl.add(name=self._next())

            def choice(inner: str) -> None:
                if inner == "option":
                    self._skip()
                else:
                    self._field(message.field.add(oneof_index=number), inner, "optional")

            self._block(choice)
        elif word == "map" and self._peek() == "<":
            self._map(message)
        elif word in _LABELS:
            field = self._field(message.field.add(), self._next(), word)
            if word == "optional" and self._proto3:
                field.proto3_optional = True
                optional.append(field)
        else:
            self._field(message.field.add(), word, "optional")

    def _field(self, field: FieldDescriptorProto, kind: str, label: str) -> FieldDescriptorProto:
        if kind == "group":
            raise ProtoTextError("groups are not read; use a message")
        field.label = _LABELS[label]
        _set_type(field, kind)
        field.name = self._next()
        self._expect("=")
        field.number = self._number()
        self._to_end()
        return field

    def _map(self, message: DescriptorProto) -> None:
        self._expect("<")
        key = self._next()
        self._expect(",")
        value = self._next()
        self._expect(">")
        field = message.field.add(name=self._next(), label=FieldDescriptorProto.LABEL_REPEATED)
        self._expect("=")
        field.number = self._number()
        self._to_end()
        entry = message.nested_type.add(
            name="".join(part[:1].upper() + part[1:] for part in field.name.split("_")) + "Entry"
        )
        entry.options.map_entry = True
        for number, (name, kind) in enumerate((("key", key), ("value", value)), 1):
            _set_type(
                entry.field.add(name=name, number=number, label=FieldDescriptorProto.LABEL_OPTIONAL), kind
            )
        field.type_name = entry.name
        field.type = FieldDescriptorProto.TYPE_MESSAGE

    def _enum(self, enum: Any) -> None:
        enum.name = self._next()

        def value(word: str) -> None:
            if word in ("option", "reserved"):
                if word == "option" and "allow_alias" in self._tokens[self._at : self._at + 2]:
                    enum.options.allow_alias = True
                self._skip()
                return
            self._expect("=")
            enum.value.add(name=word, number=self._number())
            self._to_end()

        self._block(value)

    def _block(self, member: Callable[[str], None]) -> None:
        self._expect("{")
        while (word := self._next()) != "}":
            if word != ";":
                member(word)

    def _skip(self) -> None:
        """Over the rest of a statement: to its `;`, or over its `{...}`."""
        depth = 0
        while True:
            word = self._next()
            if word == "{":
                depth += 1
            elif word == "}":
                depth -= 1
                if depth == 0:
                    return
                if depth < 0:
                    raise ProtoTextError("a } without its {")
            elif word == ";" and depth == 0:
                return

    def _to_end(self) -> None:
        """Over a field's options `[...]` and its `;`."""
        depth = 0
        while (word := self._next()) != ";" or depth:
            if word in ("[", "{"):
                depth += 1
            elif word in ("]", "}"):
                depth -= 1
            if not depth and word != "]":
                raise ProtoTextError(f"{shown(word)} where a ; is expected")

    def _number(self) -> int:
        word = self._next()
        if word in ("-", "+"):
            word += self._next()
        try:
            number = int(word, 0)
        except ValueError:
            raise ProtoTextError(f"{shown(word)} where a number is expected") from None
        if not -(1 << 31) <= number < 1 << 31:
            raise ProtoTextError(f"{shown(word)} where a number of 32 bits is expected")
        return number

    def _string(self) -> str:
        return _unquoted(self._next())

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise ProtoTextError("the text ends in the midst of a statement")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, wanted: str) -> None:
        if (word := self._next()) != wanted:
            raise ProtoTextError(f"{shown(word)} where {wanted!r} is expected")


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise ProtoTextError(f"{text[at : at + 20]!r} is no .proto")
        if match["token"]:
            found.append(match["token"])
        at = match.end()
    return found


def _unquoted(text: str) -> str:
    if text[:1] not in ("'", '"'):
        raise ProtoTextError(f"{shown(text)} where a string is expected")
    return text[1:-1]


def _set_type(field: FieldDescriptorProto, kind: str) -> None:
    """A scalar's type; the type of any other name is found out when the file joins the others."""
    if kind in _SCALARS:
        field.type = _SCALARS[kind]
    else:
        field.type_name = kind

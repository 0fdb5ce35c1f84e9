"""What no XML of a stranger may bring along, wherever in the message it stands."""

import pytest

from screening.payments.model import PaymentError, PaymentProblem
from screening.payments.safe_xml import LONGEST_NAMESPACE, MAX_ELEMENTS, _without_indents, read_xml

DOCTYPES = (
    "<!DOCTYPE a>",
    "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>",
    "<!DOCTYPE a [<!ENTITY b 'Versor'>]>",
    "<!DOCTYPE\na>",
)
BEFORE = (0, 1, 190, 199, 200, 201, 5_000, 300_000)
"""Bytes of comment in front of it."""


def refused(raw: bytes) -> PaymentProblem:
    with pytest.raises(PaymentError) as caught:
        read_xml(raw)
    return caught.value.problem


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("declared", ["", "<?xml version='1.0' encoding='UTF-8'?>"])
def test_a_doctype_is_refused_however_much_stands_before_it(doctype: str, before: int, declared: str) -> None:
    raw = f"{declared}<!--{'x' * before}-->{doctype}<a>b</a>".encode()

    assert refused(raw) is PaymentProblem.FORBIDDEN_XML


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("before", BEFORE)
def test_a_doctype_is_refused_in_every_encoding(encoding: str, before: int) -> None:
    assert refused(f"<!--{'x' * before}-->{DOCTYPES[2]}<a>&b;</a>".encode(encoding)) is (
        PaymentProblem.FORBIDDEN_XML
    )


@pytest.mark.parametrize("doctype", ["<!doctype a>", "<!Doctype a [<!ENTITY b 'Versor'>]>"])
def test_a_doctype_in_other_letters_is_no_xml(doctype: str) -> None:
    assert refused(f"{doctype}<a/>".encode()) is PaymentProblem.NOT_XML


@pytest.mark.parametrize("entity", ["&b;", "&nbsp;", "&#0;"])
def test_an_entity_of_their_own_is_no_xml(entity: str) -> None:
    assert refused(f"<a>{entity}</a>".encode()) is PaymentProblem.NOT_XML


@pytest.mark.parametrize(
    ("written", "read"), [("&amp;&lt;&gt;&quot;&apos;", "&<>\"'"), ("&#86;&#x56;", "VV")]
)
def test_what_xml_itself_has_is_read(written: str, read: str) -> None:
    assert read_xml(f"<a>{written}</a>".encode()).text == read


@pytest.mark.parametrize("before", ["", "\n ", "\n\n\t"])
@pytest.mark.parametrize("declared", ["", "<?xml version='1.0'?>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_blanks_before_the_document_are_passed_over(before: str, declared: str, encoding: str) -> None:
    """Before a declaration, too, where XML itself has none."""
    assert read_xml(f"{before}{declared}<a>b</a>".encode(encoding)).text == "b"


def test_elements_are_read_up_to_a_number_and_no_further() -> None:
    few = b"<a>" + b"<b></b>" * (MAX_ELEMENTS - 1) + b"</a>"

    assert len(read_xml(few)) == MAX_ELEMENTS - 1
    assert refused(few.replace(b"<b></b>", b"<b></b><b></b>", 1)) is PaymentProblem.TOO_LARGE


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Iva<!--a-->\n<!--b-->nov", "Iva\nnov"),
        ("Iva<?a?>\n<?b?>nov", "Iva\nnov"),
        ("<![CDATA[<b>\n</b>]]>", "<b>\n</b>"),
        ("Iva >\nnov\n", "Iva >\nnov\n"),
    ],
)
@pytest.mark.parametrize("declared", ["", "<?xml version='1.0'?>\n"])
def test_lines_inside_a_text_stay_while_those_between_tags_are_passed_over(
    written: str, read: str, declared: str
) -> None:
    root = read_xml(f"{declared}<a>\n  <b>{written}</b>\n</a>".encode())

    assert [element.text for element in root.iter("b")] == [read]


def test_what_is_no_xml_is_named_by_its_line_as_it_was_sent() -> None:
    with pytest.raises(PaymentError, match="line 3"):
        read_xml(b"<a>\n  <b>\n  </c>\n</a>")


@pytest.mark.parametrize("declaration", [b"", b'<?xml version="1.0"?>'])
def test_what_parts_lines_is_left_out_unless_something_stands_in_a_text(declaration: bytes) -> None:
    assert _without_indents(declaration + b"<a>\n  <b>x</b>\n</a>") == declaration + b"<a><b>x</b></a>"
    for inside in (b"<!-- c -->", b"<?p q?>"):
        written = declaration + b"<a>\n " + inside + b"\n</a>"
        assert _without_indents(written) == written


@pytest.mark.parametrize(("last", "refused_for"), [(200, PaymentProblem.NOT_UTF8), (201, None)])
def test_an_encoding_is_looked_for_as_far_as_a_declaration_goes(
    last: int, refused_for: PaymentProblem | None
) -> None:
    begin, end = b"<?xml version='1.0'", b" encoding='utf-7'"
    raw = begin + b" " * (last - len(begin) - len(end)) + end + b"?><a/>"

    assert (refused(raw) if refused_for else read_xml(raw).tag) == (refused_for or "a")


@pytest.mark.parametrize("sign", ['"', "'"])
@pytest.mark.parametrize("declared", ["xmlns", "xmlns:x", "xmlns = ", "xmlns:x\n=\n"])
def test_a_namespace_that_every_tag_would_repeat_is_read_up_to_its_bound(sign: str, declared: str) -> None:
    def message(length: int) -> bytes:
        assigned = declared if "=" in declared else f"{declared}="
        return f"<a {assigned}{sign}{'u' * length}{sign}><b/></a>".encode()

    assert read_xml(message(LONGEST_NAMESPACE))
    assert refused(message(LONGEST_NAMESPACE + 1)) is PaymentProblem.TOO_LARGE

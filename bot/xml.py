"""The only place where XML is read, and the characters that it may carry."""

import re
from typing import TypeAlias
from xml.parsers.expat import ExpatError, ParserCreate

from bot.errors import Refused

Node: TypeAlias = "str | dict[str, Node] | list[Node]"

MAX_BYTES = 64 * 1024
MAX_ELEMENTS = 64
MAX_DEPTH = 4  # below <xml>; the platform's deepest is SendPicsInfo/PicList/item/PicMd5Sum

# What neither XML 1.0 nor both databases keep, and the C1 controls, which nobody sees.
_UNFIT = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?")

# A DOCTYPE can stand only between these two, so what matches this cannot have one.
_OPENING = re.compile(r"\s*(?:<\?xml[^<>]{0,100}\?>\s*)?<xml\s*/?>")


def clean(text: str) -> str:
    """`text` without NUL, controls and lone surrogates, its line ends as `\\n`."""
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    return _UNFIT.sub("", text)


def cdata(text: str) -> str:
    """`text` as character data that cannot end early."""
    return f"<![CDATA[{clean(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def parse_flat(xml: bytes) -> dict[str, Node]:
    """The children of `<xml>`: text, nested fields, or a list where a name repeats."""
    if len(xml) > MAX_BYTES:
        raise Refused("too_large")
    try:
        text = xml.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("bad_xml") from None
    text = clean(text)  # a control character costs the person a character, not the message
    if not _OPENING.match(text):
        raise Refused("bad_xml")
    return _parse(text)


def _parse(text: str) -> dict[str, Node]:
    fields = _Fields()
    # expat itself, with the refusals of defusedxml: through its pure Python layer each callback
    # took twice as long. A str is read as UTF-8 whatever encoding its declaration names.
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    parser.StartElementHandler = fields.start
    parser.EndElementHandler = fields.end
    parser.CharacterDataHandler = fields.data
    try:
        parser.Parse(text, True)
    except ExpatError:
        raise Refused("bad_xml") from None
    return fields.root


def _refuse(*_: object) -> None:
    raise Refused("bad_xml")


class _Fields:
    """Collects the fields and stops at the first thing a callback never has."""

    def __init__(self) -> None:
        self.root: dict[str, Node] = {}
        self._open: list[dict[str, Node]] = []
        self._text: list[str] = []
        self._seen = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._seen += 1
        if attributes or self._seen > MAX_ELEMENTS + 1 or len(self._open) > MAX_DEPTH:
            raise Refused("bad_xml")
        self._open.append({})
        self._text.clear()

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        children = self._open.pop()
        text = "".join(self._text)
        self._text.clear()
        if self._open:
            _put(self._open[-1], tag, children or text)
        elif children or not text.strip():
            self.root = children
        else:
            raise Refused("bad_xml")  # <xml>words</xml>


def _put(fields: dict[str, Node], tag: str, value: Node) -> None:
    former = fields.get(tag)
    if former is None:
        fields[tag] = value
    elif isinstance(former, list):
        former.append(value)
    else:
        fields[tag] = [former, value]

"""IDocs as XML, in and out. Names only: no offsets, no versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from distportal.systems.erp.idoc_file.idoc import BadIdoc, Idoc, Segment, known_name
from distportal.systems.erp.idoc_file.segments import Layout

MOST_DEEP = 20


class _Plain(ElementTree.TreeBuilder):
    """Builds what has no document type."""

    def doctype(self, name: str, pubid: str, system: str) -> None:
        """Called for a document type, before its contents count."""
        raise BadIdoc(f"the XML declares the document type {name}, which no IDoc has")


def read_xml(content: bytes, layouts: Mapping[str, Layout]) -> Iterator[Idoc]:
    """The IDocs of an XML file. Raises BadIdoc for what is no XML, has a document type, or holds no IDoc."""
    try:
        # Entities need a document type, and the builder refuses one before anything is expanded.
        root = ElementTree.fromstring(content, ElementTree.XMLParser(target=_Plain()))  # noqa: S314 - refuses DTDs
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise BadIdoc(f"it is no well-formed XML: {error}") from error
    _shallow(root)
    idocs = [root] if root.tag == "IDOC" else root.findall("IDOC")
    if not idocs:
        raise BadIdoc(f"there is no IDOC in the XML of {root.tag}")
    for number, node in enumerate(idocs, start=1):
        yield _idoc(node, root.tag, number, layouts)


def _idoc(node: ElementTree.Element, kind: str, number: int, layouts: Mapping[str, Layout]) -> Idoc:
    control = node.find("EDI_DC40")
    fields = {} if control is None else {child.tag: (child.text or "").strip() for child in control}
    root = Segment("", {}, f"IDOC {number}")
    _below(node, root, layouts)
    raw = b"<" + kind.encode() + b">" + ElementTree.tostring(node) + b"</" + kind.encode() + b">\n"
    return Idoc(fields, root, raw, f"IDOC {number}")


def _shallow(root: ElementTree.Element) -> None:
    """Raises BadIdoc for a tree that is deeper than any IDoc's; what follows may go down by recursion."""
    level = [root]
    for _ in range(MOST_DEEP):
        level = [child for node in level for child in node]
        if not level:
            return
    raise BadIdoc("its segments are nested deeper than any IDoc's")


def _below(node: ElementTree.Element, parent: Segment, layouts: Mapping[str, Layout]) -> None:
    for child in node:
        name = known_name(child.tag, layouts)
        if not name:
            continue  # control record, or a segment of the customer's own
        fields = {c.tag: (c.text or "").strip() for c in child if not len(c)}
        segment = Segment(name, fields, parent.place)
        parent.below.append(segment)
        _below(child, segment, layouts)


def written_xml(kind: str, control: Mapping[str, str], segments: list[Segment]) -> bytes:
    """The XML file of one IDoc."""
    root = ElementTree.Element(kind)
    idoc = ElementTree.SubElement(root, "IDOC", {"BEGIN": "1"})
    head = ElementTree.SubElement(idoc, "EDI_DC40", {"SEGMENT": "1"})
    _fill(head, control)
    for segment in segments:
        _write(idoc, segment)
    ElementTree.indent(root, " ")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _write(parent: ElementTree.Element, segment: Segment) -> None:
    node = ElementTree.SubElement(parent, segment.name, {"SEGMENT": "1"})
    _fill(node, segment.fields)
    for child in segment.below:
        _write(node, child)


def _fill(node: ElementTree.Element, fields: Mapping[str, str]) -> None:
    for name, text in fields.items():
        if text:
            ElementTree.SubElement(node, name).text = text

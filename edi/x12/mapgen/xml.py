"""Renders the tables of one release as the files pyx12 reads."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from edi.x12.catalog import FUNCTIONAL_IDS
from edi.x12.mapgen.codes import CODES, ENVELOPE_CODES, INTERCHANGE_VERSIONS, SET_VERSIONS, VERSIONS
from edi.x12.mapgen.envelope import ENVELOPE, ENVELOPE_ELEMENTS
from edi.x12.mapgen.notation import Element, Use, read_elements
from edi.x12.mapgen.release import Definition, composites_of, segments_of, sets_of
from edi.x12.mapgen.segments.open import OPEN_SEGMENTS

_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_OPEN_ELEMENTS = 30
OPEN_NUMBER = "0"
"""Data element of the segments we do not judge."""


def files_of(release: str) -> dict[str, str]:
    """File name -> content of one map folder."""
    icvn = INTERCHANGE_VERSIONS[release]
    found = {
        "maps.xml": _lines(_index(release)),
        "dataele.xml": _lines(_data_elements(release)),
        "codes.xml": _lines(_code_sets()),
        f"x12.control.{icvn}.xml": _lines(_control(release)),
    }
    for set_id, uses in sets_of(release).items():
        found[f"{set_id}.xml"] = _lines(_map(release, set_id, uses))
    return found


def _lines(lines: Iterator[str]) -> str:
    return "\n".join([_HEAD, *lines]) + "\n"


def _index(release: str) -> Iterator[str]:
    yield "<maps>"
    yield f' <version icvn="{INTERCHANGE_VERSIONS[release]}">'
    for set_id in sets_of(release):
        for version in VERSIONS[release] + SET_VERSIONS.get(set_id, ()):
            yield f'  <map vriic="{version}" fic="{FUNCTIONAL_IDS[set_id]}" abbr="{set_id}">{set_id}.xml</map>'
    yield " </version>"
    yield "</maps>"


def _data_elements(release: str) -> Iterator[str]:
    known: dict[str, Element] = {}
    tables = [d.elements for d in segments_of(release).values()]
    tables += [*composites_of(release).values(), *(read_elements(e) for e in ENVELOPE_ELEMENTS.values())]
    for element in (e for table in tables for e in table if not e.composite and e.number != OPEN_NUMBER):
        known.setdefault(element.number, element)
    yield "<data_eles>"
    yield f' <data_ele ele_num="{OPEN_NUMBER}" data_type="AN" min_len="1" max_len="4096" name="any"/>'
    for number in sorted(known):
        e = known[number]
        yield (
            f' <data_ele ele_num="{number}" data_type="{e.kind}" min_len="{e.shortest}" max_len="{e.longest}"'
            f' name="{number}"/>'
        )
    yield "</data_eles>"


def _code_sets() -> Iterator[str]:
    yield "<codesets>"
    for number, codes in (CODES | ENVELOPE_CODES).items():
        yield f" <codeset><id>{number}</id><name>{number}</name><data_ele>{number}</data_ele><version>"
        yield "  " + "".join(f"<code>{escape(code)}</code>" for code in codes.split())
        yield " </version></codeset>"
    yield "</codesets>"


def _control(release: str) -> Iterator[str]:
    yield '<transaction xid="X12" name="X12 control">'
    yield from _loop_head("ISA_LOOP", "R", 1, ">1")
    yield from _envelope_segment("ISA", release, "R", 10)
    yield from _loop_head("GS_LOOP", "S", 20, ">1")
    yield from _envelope_segment("GS", release, "R", 10)
    yield from _envelope_segment("GE", release, "R", 30)
    yield "</loop>"
    yield from _envelope_segment("TA1", release, "S", 25, maximum=">1")
    yield from _envelope_segment("IEA", release, "R", 30)
    yield "</loop>"
    yield "</transaction>"


def _map(release: str, set_id: str, uses: list[Use]) -> Iterator[str]:
    writer = _SetWriter(segments_of(release), composites_of(release))
    yield f'<transaction xid="{set_id}" name="{set_id}">'
    yield from _loop_head("ISA_LOOP", "R", 1, ">1")
    yield from _envelope_segment("ISA", release, "R", 10)
    yield from _loop_head("GS_LOOP", "R", 20, ">1")
    yield from _envelope_segment("GS", release, "R", 10)
    yield from _loop_head("ST_LOOP", "R", 20, ">1")
    yield from _envelope_segment("ST", release, "R", 10, set_id=set_id)
    position = 20
    for use in uses:
        yield from writer.use(use, "", position)
        position += 10
    yield from _envelope_segment("SE", release, "R", position)
    yield "</loop>"
    yield from _envelope_segment("GE", release, "R", 30)
    yield "</loop>"
    yield from _envelope_segment("IEA", release, "R", 30)
    yield "</loop>"
    yield "</transaction>"


def _loop_head(xid: str, usage: str, position: int, repeat: str) -> Iterator[str]:
    yield (
        f'<loop xid="{xid}" type="explicit" usage="{usage}" pos="{position:03d}" repeat={quoteattr(repeat)}'
        f' name="{xid}">'
    )


def _envelope_segment(
    name: str, release: str, usage: str, position: int, *, set_id: str = "", maximum: str = "1"
) -> Iterator[str]:
    yield _segment_head(name, usage, position, maximum)
    for element in read_elements(ENVELOPE_ELEMENTS[name]):
        inline = set_id if (name, element.position) == ("ST", 1) else ""
        if (name, element.position) == ("ISA", 12):
            inline = INTERCHANGE_VERSIONS[release]
        if (name, element.position) == ("ST", 3) and release == "004010":
            continue
        yield _element(f"{name}{element.position:02d}", element, inline)
    yield "</segment>"


def _segment_head(name: str, usage: str, position: int, maximum: str) -> str:
    end = f' end_tag="{ENVELOPE[name]}"' if name in ENVELOPE else ""
    return (
        f'<segment xid="{name}"{end} usage="{usage}" pos="{position:03d}" max_use={quoteattr(maximum)} name="{name}">'
    )


def _element(xid: str, element: Element, inline: str = "", seq: int = 0) -> str:
    head = (
        f'<element xid="{xid}" data_ele="{element.number}" usage="{"R" if element.mandatory else "S"}"'
        f' seq="{seq or element.position:02d}" name="{xid}"'
    )
    if inline:
        return f" {head}><valid_codes><code>{inline}</code></valid_codes></element>"
    if element.number in CODES or element.number in ENVELOPE_CODES:
        return f' {head}><valid_codes external="{element.number}"/></element>'
    return f" {head}/>"


class _SetWriter:
    """Writes the segments and loops of one set; every loop gets the path as its id, so no two nodes compare equal."""

    def __init__(self, segments: dict[str, Definition], composites: dict[str, list[Element]]) -> None:
        self._segments, self._composites = segments, composites

    def use(self, use: Use, path: str, position: int) -> Iterator[str]:
        usage = "R" if use.mandatory and use.segment != "LE" else "S"
        if not use.children:
            yield from self._segment(use.segment, usage, position, use.maximum)
            return
        path = f"{path}{use.segment}_"
        yield from _loop_head(f"{path}LOOP", usage, position, use.maximum)
        yield from self._segment(use.segment, "R", 10, "1")
        for index, child in enumerate(use.children):
            yield from self.use(child, path, 20 + 10 * index)
        yield "</loop>"

    def _segment(self, name: str, usage: str, position: int, maximum: str) -> Iterator[str]:
        yield _segment_head(name, usage, position, maximum)
        if name in OPEN_SEGMENTS:
            yield from self._open(name)
        else:
            definition = self._segments[name]
            for rule in definition.rules:
                yield f" <syntax>{rule}</syntax>"
            for element in definition.elements:
                yield from self._any_element(name, element)
        yield "</segment>"

    def _any_element(self, name: str, element: Element) -> Iterator[str]:
        xid = f"{name}{element.position:02d}"
        if not element.composite:
            yield _element(xid, element)
            return
        usage = "R" if element.mandatory else "S"
        yield (
            f' <composite xid="{xid}" data_ele="{element.composite}" usage="{usage}" seq="{element.position:02d}"'
            f' name="{xid}">'
        )
        for part in self._composites[element.composite]:
            yield " " + _element(f"{xid}-{part.position:02d}", part)
        yield " </composite>"

    def _open(self, name: str) -> Iterator[str]:
        for position in range(1, _OPEN_ELEMENTS + 1):
            yield _element(f"{name}{position:02d}", Element(position, OPEN_NUMBER, False))

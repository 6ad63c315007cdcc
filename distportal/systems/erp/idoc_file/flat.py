"""Writing a flat IDoc: the control record and one padded line for each segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from distportal.systems.erp.idoc_file.idoc import BadIdoc, Segment
from distportal.systems.erp.idoc_file.segments import CONTROL, CONTROL_LENGTH, HEADER, Layout, layout

_CONTROL, _HEADER = layout(CONTROL), layout(HEADER)

# External name and length of the versions we write: old ones, which every release reads.
WRITTEN = {
    "E1EDK01": ("E2EDK01003", 338), "E1EDK14": ("E2EDK14", 38), "E1EDK03": ("E2EDK03", 17),
    "E1EDKA1": ("E2EDKA1002", 980), "E1EDK02": ("E2EDK02", 58),
    "E1EDP20": ("E2EDP20", 58), "E1EDP19": ("E2EDP19001", 160), "E1EDS01": ("E2EDS01", 27),
}  # fmt: skip


def written_flat(
    control: Mapping[str, str],
    segments: list[Segment],
    layouts: Mapping[str, Layout],
    encoding: str,
    item_segment: tuple[str, int],
) -> bytes:
    """The flat file of one IDoc. Raises BadIdoc for a text that is too long or not of the encoding."""
    lines = [_record(_CONTROL, control, CONTROL_LENGTH, "EDI_DC40")]
    for number, parent, level, segment in _numbered(segments):
        name, length = item_segment if segment.name == "E1EDP01" else WRITTEN[segment.name]
        head = {
            "SEGNAM": name, "MANDT": control["MANDT"], "DOCNUM": control["DOCNUM"], "SEGNUM": f"{number:06d}",
            "PSGNUM": f"{parent:06d}", "HLEVEL": f"{level:02d}",
        }  # fmt: skip
        data = _record(layouts[segment.name], segment.fields, length, segment.name)
        lines.append(_record(_HEADER, head, 63, "EDI_DD40") + data)
    try:
        return "".join(f"{line}\r\n" for line in lines).encode(encoding)
    except UnicodeEncodeError as error:
        raise BadIdoc(str(error)) from error


def _numbered(segments: list[Segment]) -> Iterator[tuple[int, int, int, Segment]]:
    """Every segment with its number, that of its parent, and its level (01 E1EDK01, 02 head and items, 03 below)."""
    number = 0
    for segment in segments:
        number += 1
        parent = number
        yield number, 0, 1 if segment.name == "E1EDK01" else 2, segment
        for child in segment.below:
            number += 1
            yield number, parent, 3, child


def _record(fields: Layout, values: Mapping[str, str], length: int, name: str) -> str:
    line = [" "] * length
    for field, text in values.items():
        at, width = fields[field]
        clean = " ".join(text.split())
        if at + width > length:
            raise BadIdoc(f"{name} of {length} characters has no {field}: name a longer version in item_segment")
        if len(clean) > width:
            raise BadIdoc(f"{clean!r} is longer than the {width} characters of {field} in {name}")
        line[at : at + len(clean)] = clean
    return "".join(line)

"""The elements of each segment: `position number usage type+length`, then its syntax rules, then what 005010 changes.

A composite stands by its C number. Usage M or O. Rules: P all or none, R one at least, E one at most, C the first
asks for the rest, L the first asks for one of the rest. Changes: `02: 30 50` another length, `02: 330 380` another
element, `01: O M` another usage, `+11 …` one more element, `syntax +P1112 -C0504` rules. Element 0 takes anything."""

from __future__ import annotations

from edi.x12.mapgen.segments.acknowledgments import ACKNOWLEDGMENTS
from edi.x12.mapgen.segments.headers import HEADERS
from edi.x12.mapgen.segments.lines import LINES
from edi.x12.mapgen.segments.money import MONEY
from edi.x12.mapgen.segments.parties import PARTIES
from edi.x12.mapgen.segments.references import REFERENCES
from edi.x12.mapgen.segments.transport import TRANSPORT
from edi.x12.mapgen.segments.warehouse import WAREHOUSE

SEGMENTS: dict[str, tuple[str, str, str]] = {
    **HEADERS,
    **PARTIES,
    **REFERENCES,
    **LINES,
    **MONEY,
    **TRANSPORT,
    **WAREHOUSE,
    **ACKNOWLEDGMENTS,
}

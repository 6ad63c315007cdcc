"""REF of what we send: the number by which the buyer knows us, and the references it wants back."""

from __future__ import annotations

from collections.abc import Iterable

from distportal.canonical.parts import Reference
from edi.x12.tokens import Elements

VENDOR = "IA"
"""X12 element 128: the number the buyer knows its vendor by."""


def vendor_segments(vendor_code: str) -> list[Elements]:
    """REF IA, nothing without a number."""
    return [["REF", VENDOR, vendor_code[:30]]] if vendor_code else []


def echoed_segments(vendor_code: str, references: Iterable[Reference], *own: Elements) -> list[Elements]:
    """Our vendor number, the references of the document's `own`, and what the buyer wants back under other codes."""
    rows = [*vendor_segments(vendor_code), *own]
    told = {VENDOR, *(row[1] for row in own)}
    return rows + [["REF", r.qualifier, r.value] for r in references if r.value and r.qualifier not in told]

"""PER: whom to ask about an order (X12 PER)."""

from __future__ import annotations

from distportal.canonical.parts import Contact
from edi.x12.tokens import Segment

_PHONE, _MAIL, _FAX = ("TE", "CP", "WP"), ("EM",), ("FX",)


def contact_of(segment: Segment, *, at: str = "") -> Contact:
    """The contact with the numbers of its three qualifier pairs (X12 element 365)."""
    numbers = {segment.get(n).strip(): segment.get(n + 1).strip() for n in (7, 5, 3)}

    def first(codes: tuple[str, ...]) -> str:
        return next((numbers[code] for code in codes if numbers.get(code)), "")

    return Contact(
        function=segment.get(1).strip(),
        name=segment.get(2).strip(),
        phone=first(_PHONE),
        email=first(_MAIL),
        fax=first(_FAX),
        at=at,
    )

"""Item numbers: X12 element 235 qualifiers and what each names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from distportal.canonical.parts import ItemId, ItemQualifier
from edi.x12.tokens import Elements

ITEM_QUALIFIERS: dict[str, ItemQualifier] = {
    "UP": "upc",
    "UI": "upc",
    "UA": "gtin",
    "UK": "gtin",
    "EN": "gtin",
    "EO": "gtin",
    "UD": "gtin",
    "UE": "gtin",
    "BP": "buyer",
    "IN": "buyer",
    "SK": "buyer",
    "PI": "buyer",
    "CB": "buyer",
    "VN": "vendor",
    "VP": "vendor",
    "VC": "vendor",
    "VA": "vendor",
    "MG": "manufacturer",
    "MF": "manufacturer",
}
"""We are the vendor, so `vendor` is our own part number as the partner writes it. Any other qualifier (a colour, a lot,
an ISBN …) is `other` and keeps its code."""

_WRITTEN: dict[ItemQualifier, str] = {
    "upc": "UP",
    "gtin": "UK",
    "buyer": "BP",
    "sku": "VN",
    "vendor": "VN",
    "manufacturer": "MG",
}
_ORDER: tuple[ItemQualifier, ...] = ("upc", "gtin", "buyer", "vendor", "sku", "manufacturer", "other")
_SAME: dict[ItemQualifier, ItemQualifier] = {"sku": "vendor"}


def items_of(pairs: Sequence[str]) -> tuple[ItemId, ...]:
    """Item ids of a flat list qualifier, value, qualifier, value …; empty values and repeats are left out."""
    found = [
        ItemId(qualifier=ITEM_QUALIFIERS.get(code, "other"), value=pairs[n + 1].strip(), code=code)
        for n in range(0, len(pairs) - 1, 2)
        if pairs[n + 1].strip()
        for code in [pairs[n].strip()]
    ]
    return tuple(dict.fromkeys(found))


def pairs_of(items: Iterable[ItemId], *, most: int = 10) -> Elements:
    """Item ids as a flat list for a segment, each under the code it came with; one without a code only where its kind
    has none yet. A SKU goes out as VN, since we are the vendor.
    """
    known = list(items)
    pairs: Elements = []
    told: set[ItemQualifier] = set()
    for kind in _ORDER:
        for item in sorted((i for i in known if i.qualifier == kind and i.value), key=lambda i: not i.code):
            code = item.code or _code_for(kind, item.value)
            bare = not item.code and _SAME.get(kind, kind) in told
            if code and not bare and code not in pairs[::2]:
                pairs += [code, item.value]
                told.add(_SAME.get(kind, kind))
    return pairs[: most * 2]


def _code_for(kind: ItemQualifier, value: str) -> str:
    return "EN" if kind == "gtin" and len(value) == 13 else _WRITTEN.get(kind, "")

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
"""We are the vendor, so `vendor` is our own part number as the partner writes it. Any other qualifier is `other`."""

_WRITTEN: dict[ItemQualifier, str] = {
    "upc": "UP",
    "gtin": "UK",
    "buyer": "BP",
    "sku": "VN",
    "vendor": "VN",
    "manufacturer": "MG",
}
_ORDER: tuple[ItemQualifier, ...] = ("upc", "gtin", "buyer", "vendor", "sku", "manufacturer")


def items_of(pairs: Sequence[str]) -> tuple[ItemId, ...]:
    """Item ids of a flat list qualifier, value, qualifier, value …; empty values and repeats are left out."""
    found = [
        ItemId(qualifier=ITEM_QUALIFIERS.get(pairs[n].strip(), "other"), value=pairs[n + 1].strip())
        for n in range(0, len(pairs) - 1, 2)
        if pairs[n + 1].strip()
    ]
    return tuple(dict.fromkeys(found))


def pairs_of(items: Iterable[ItemId], *, most: int = 10) -> Elements:
    """Item ids as a flat list for a segment, one per qualifier; a SKU goes out as VN, since we are the vendor."""
    known = list(items)
    pairs: Elements = []
    for kind in _ORDER:
        value = next((i.value for i in known if i.qualifier == kind), "")
        code = "EN" if kind == "gtin" and len(value) == 13 else _WRITTEN[kind]
        if value and code not in pairs[::2]:
            pairs += [code, value]
    return pairs[: most * 2]

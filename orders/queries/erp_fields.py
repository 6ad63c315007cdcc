"""An order as the ERP gets it, field by field, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from distportal.canonical.base import to_json
from distportal.systems.erp.port import DraftLine, OrderDraft

HEADER = {
    "customer": "Customer", "ship_to": "Ship to", "customer_po": "PO number", "currency": "Currency",
    "requested_on": "Wanted on", "ship_complete": "Ship complete", "note": "Note",
}  # fmt: skip
LINE = {
    "sku": "item", "quantity": "quantity", "unit": "unit", "unit_price": "price", "warehouse": "warehouse",
    "requested_on": "wanted on", "with_rest": "leaves with the rest",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ErpField:
    """One field before and after; empty is "not there"."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether the ERP would get something else."""
        return self.before != self.after


def erp_fields(before: OrderDraft | None, after: OrderDraft | None) -> list[ErpField]:
    """Every field of either, the header first, then line by line."""
    old, new = dict(_told(before)), dict(_told(after))
    return [
        ErpField(label=label, before=old.get(label, ""), after=new.get(label, ""))
        for label in [*new, *(label for label in old if label not in new)]
        if old.get(label) or new.get(label)
    ]


def _told(draft: OrderDraft | None) -> Iterator[tuple[str, str]]:
    if draft is None:
        return
    for name, label in HEADER.items():
        yield label, _text(getattr(draft, name))
    for line in draft.lines:
        yield from _line(line)


def _line(line: DraftLine) -> Iterator[tuple[str, str]]:
    of = f", part of {line.part_of}" if line.part_of else ""
    for name, label in LINE.items():
        yield f"Line {line.line_key}{of}, {label}", _text(getattr(line, name))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    shown = to_json(value)
    return "" if shown is None else str(shown)

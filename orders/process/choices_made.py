"""What people chose for a value that could not be used, kept so that it can be suggested the next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from distportal.canonical.orders import Order as AskedOrder
from orders.choices.field_words import told_field
from orders.models import FieldChoice, Order
from orders.queries.choices_made import seen_value


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One changed field, as shown and as kept."""

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        """`line 1, unit price`, as people read it."""
        return told_field(self.field)


def note_choices(order: Order, before: AskedOrder, diff: Sequence[FieldChange], *, actor: str) -> None:
    """One row for each changed field of the order, which is at its old version still."""
    rows = []
    for change in diff:
        field, seen, about = seen_value(before, change.field)
        rows.append(
            FieldChoice(
                account_id=order.account_id, order=order, order_version=order.version + 1, name=change.field,
                field=field, seen=seen, about=about, chosen=change.new[:80], actor=actor[:120],
            )
        )  # fmt: skip
    FieldChoice.objects.bulk_create(rows)

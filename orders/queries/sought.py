"""Find rows by what people type among a million of them: by an index where few fit, along the list where many do.

A part of a number fits a handful of rows or half the table. Few are looked up by their own index and sorted; where very
many fit, the list is read in its order until its page is full, which is soon. Rows that are named by the PO of their
order cannot be read along, each would ask for its order: of them the newest orders are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from distportal.accounts.models import User
from inventory.queries.items import items_coded
from orders.models import Order, OrderLine, Shipment
from orders.queries.numbers import normalise_po, order_digits

Row = TypeVar("Row", bound=Model)
Keys = QuerySet[Any, Any]
MOST_LOOKED_UP = 2_000
"""So many rows that fit are looked up and sorted sooner than a list is read along that has them all at its end."""
LETTERS = 3
"""The indexes of parts know three signs and more; of fewer the beginning is looked for."""


def sees_all(user: User) -> bool:
    """Our own people, where they do not look at one dealer's portal."""
    return user.is_staff and user.standing is None


def sought(rows: QuerySet[Row], *, exactly: Sequence[Q], fits: Sequence[Q], along: bool) -> QuerySet[Row]:
    """Those of the rows that a condition fits: one of `exactly`, for which an index has a few rows each, or of `fits`.
    With `along` they are read along: those of one company, or all for a file; otherwise one statement a condition of
    `fits` asks how many it fits.
    """
    if along:
        return rows.filter(reduce(or_, [*fits, *exactly]))
    bare, read = rows.order_by(), Q()
    keys = [bare.filter(one).values("pk") for one in exactly]
    for fit in fits:
        found = bare.filter(fit).values("pk")
        if found[: MOST_LOOKED_UP + 1].count() > MOST_LOOKED_UP:
            read |= fit
        else:
            keys.append(found)
    return rows.filter(read | Q(pk__in=any_of(keys)))


def fits_po(text: str, *, few: bool, of: str = "") -> list[Q]:
    """Orders with that part of a PO number, however it is punctuated: `few`, one company's, or of three signs and more;
    of fewer, among all, with that beginning. `of` leads from the rows to their order.
    """
    norm = normalise_po(text)
    how = "contains" if few or len(norm) >= LETTERS else "startswith"
    return [Q(**{f"{of}po_norm__{how}": norm})] if norm else []


def newest_of_po(text: str, *, among: QuerySet[Order]) -> Keys:
    """Keys of the newest of all those orders, `MOST_LOOKED_UP` at the most."""
    return _of_po(text, among).order_by("-number").values("pk")[:MOST_LOOKED_UP]


def left_with(text: str, *, among: QuerySet[Order]) -> int:
    """How many those newest are where older ones were left out; 0 where they are all."""
    more = _of_po(text, among).order_by()[: MOST_LOOKED_UP + 1].count() > MOST_LOOKED_UP
    return MOST_LOOKED_UP if more else 0


def _of_po(text: str, among: QuerySet[Order]) -> QuerySet[Order]:
    fits = fits_po(text, few=False)
    return among.filter(*fits) if fits else among.none()


def fits_number(text: str, *, few: bool, field: str = "number") -> list[Q]:
    """The same for a number; the beginning as it is typed or in capitals."""
    if few or len(text) >= LETTERS:
        return [Q(**{f"{field}__icontains": text})]
    return [begins(field, text)]


def begins(field: str, text: str) -> Q:
    """Rows whose number begins with the text, as it is typed or in capitals."""
    return Q(**{f"{field}__startswith": text}) | Q(**{f"{field}__startswith": text.upper()})


def orders_numbered(user: User, text: str) -> Keys:
    """Keys of the person's orders by our number or the ERP's."""
    mine, digits = Order.objects.visible_to(user).order_by(), order_digits(text)
    found = mine.filter(erp_number=text).values("pk")
    return found.union(mine.filter(number=int(digits)).values("pk")) if digits else found


def orders_of_item(user: User, text: str) -> Keys:
    """Keys of the person's orders with the item of that code."""
    return OrderLine.objects.visible_to(user).filter(item__in=items_coded(text)).order_by().values("order")


def shipments_called(user: User, text: str) -> QuerySet[Shipment]:
    """The person's shipments of that number or tracking number."""
    return Shipment.objects.visible_to(user).filter(Q(tracking_number=text) | Q(number=text)).order_by()


def any_of(keys: Collection[Keys]) -> Keys:
    """All the keys in one statement."""
    first, *others = keys
    return first.union(*others)

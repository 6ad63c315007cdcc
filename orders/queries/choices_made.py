"""What was chosen before for the same field, dealer and value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max

from distportal.canonical.base import to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine as AskedLine
from orders.models import FieldChoice

_NAMES = ("buyer", "sku", "vendor", "other", "manufacturer", "upc", "gtin")
"""Which of an item's names somebody is asked about, the likeliest first."""
OF_ITEM = frozenset({"unit", "unit_price", "quantity"})
"""Fields of which a value means the same only for the same item."""
MOST = 3

Wanted = tuple[str, str, str]
"""A field, what was written there, and how the item is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value that was chosen `times` times, the last time at `last_at`."""

    value: str
    times: int
    last_at: dt.datetime


def asked_name(line: AskedLine) -> str:
    """The name of the line's item that somebody is asked about."""
    ranked = sorted(line.items, key=lambda i: _NAMES.index(i.qualifier) if i.qualifier in _NAMES else len(_NAMES))
    return ranked[0].value.strip() if ranked else ""


def seen_value(asked: AskedOrder, name: str) -> Wanted:
    """What the order says in the field of that name (`line.3.unit`, `ship_to`), and of which item."""
    *place, field = name.split(".")
    if not place:
        value = asked.ship_to.code if field == "ship_to" else getattr(asked, field, None)
        return field, _text(value), ""
    line = next((one for one in asked.lines if one.line_no == place[1]), None)
    if line is None:
        return field, "", ""
    about = asked_name(line)
    return field, about[:80] if field == "sku" else _text(getattr(line, field, None)), about[:80]


def chosen_before(*, account_id: UUID, wanted: Collection[Wanted]) -> Mapping[Wanted, list[Choice]]:
    """For each of these the values that were chosen for the dealer before, the most frequent first, three at most; in
    one query. What was left empty suggests nothing.
    """
    asked = {one for one in wanted if one[1]}
    if not asked:
        return {}
    rows = (
        FieldChoice.objects.filter(
            account_id=account_id, field__in={one[0] for one in asked}, seen__in={one[1] for one in asked}
        )
        .values("field", "seen", "about", "chosen")
        .annotate(times=Count("pk"), last_at=Max("at"))
    )
    found: dict[Wanted, dict[str, Choice]] = {}
    by_key: dict[tuple[str, str, str], list[Wanted]] = {}
    for one in asked:
        by_key.setdefault(_key(one), []).append(one)
    for row in rows:
        for one in by_key.get(_key((row["field"], row["seen"], row["about"])), ()):
            known = found.setdefault(one, {})
            before = known.get(row["chosen"])
            known[row["chosen"]] = Choice(
                value=row["chosen"],
                times=row["times"] + (before.times if before else 0),
                last_at=max(row["last_at"], before.last_at) if before else row["last_at"],
            )
    return {
        one: sorted(known.values(), key=lambda c: (-c.times, -c.last_at.timestamp(), c.value))[:MOST]
        for one, known in found.items()
    }


def _key(wanted: Wanted) -> tuple[str, str, str]:
    field, seen, about = wanted
    return field, seen, about if field in OF_ITEM else ""


def _text(value: object) -> str:
    shown = to_json(value)
    return "" if shown is None else str(shown)[:80]

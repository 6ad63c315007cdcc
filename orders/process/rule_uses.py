"""Which saved rules turned an order's words into ours."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from distportal.canonical.orders import Order
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.rules import note_rule_uses
from orders.process.wording import sent_numbers


def note_rules_of(*, sent: Iterable[Order], scope: str, story: UUID) -> int:
    """How many rules were applied to the orders as they were sent, before they were put in our words; each is named in
    the story.
    """
    used: set[tuple[str, str]] = set()
    for order in sent:
        used |= {(Kind.UNIT, line.unit) for line in order.lines} | {(Kind.SHIP_TO, order.ship_to.code)}
        used |= {(Kind.ITEM, number) for number in sent_numbers(order.lines)}
    return note_rule_uses(scope=scope, used=used, correlation_id=story)

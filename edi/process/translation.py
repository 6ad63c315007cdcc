"""Between a partner's words and ours: what was agreed to be the same unit or the same place."""

from __future__ import annotations

from dataclasses import replace

from distportal.canonical.orders import Order
from edi.choices import CrossReferenceKind, Direction
from edi.documents.their_words import TheirWords
from edi.models import TradingPartner
from edi.queries.agreements import our_words, terms, their_words


def in_our_words(order: Order, partner: TradingPartner) -> Order:
    """The order with our units and ship-to code where the partner's were agreed to mean them; quantities stay."""
    units = our_words(partner, CrossReferenceKind.UNIT)
    places = our_words(partner, CrossReferenceKind.SHIP_TO)
    code = order.ship_to.code
    return replace(
        order,
        ship_to=replace(order.ship_to, code=places.get(code, code)),
        lines=tuple(replace(line, unit=units.get(line.unit, line.unit)) for line in order.lines),
    )


def words_of(partner: TradingPartner, set_id: str) -> TheirWords:
    """How what we send to the partner is to be worded."""
    return TheirWords(
        units=their_words(partner, CrossReferenceKind.UNIT),
        places=their_words(partner, CrossReferenceKind.SHIP_TO),
        item_qualifiers=terms(partner, Direction.OUT, set_id).item_qualifiers,
    )

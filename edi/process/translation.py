"""Between a partner's words and ours: what was agreed to be the same unit or the same place."""

from __future__ import annotations

from distportal.canonical.orders import Order, OrderChange
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.words import words_of as table_of
from edi.choices import Direction
from edi.documents.schedules import dated_order
from edi.documents.their_words import TheirWords
from edi.models import TradingPartner
from edi.queries.agreements import terms
from edi.queries.words import words_scope
from orders.process.wording import change_in_words_of_ours, in_words_of_ours


def in_our_words(order: Order, partner: TradingPartner) -> Order:
    """The order with our items, units and ship-to code where the partner's were agreed to mean them."""
    return in_words_of_ours(order, words_scope(partner))


def change_in_our_words(change: OrderChange, partner: TradingPartner) -> OrderChange:
    """The change as `in_our_words` gives an order, with the places that its lines are for."""
    return change_in_words_of_ours(change, words_scope(partner))


def as_placed(order: Order, partner: TradingPartner | None) -> Order:
    """The order as the intake gets it: in our words, with a line for each day of a schedule."""
    return dated_order(in_our_words(order, partner) if partner else order)


def words_of(partner: TradingPartner, set_id: str) -> TheirWords:
    """How what we send to the partner is to be worded."""
    table = table_of(words_scope(partner)).theirs
    return TheirWords(
        units=table.get(Kind.UNIT, {}),
        places=table.get(Kind.SHIP_TO, {}),
        item_qualifiers=terms(partner, Direction.OUT, set_id).item_qualifiers,
    )

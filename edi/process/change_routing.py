"""Which change of which order a document asks for, in our words: read so when it is taken, and when it is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderChange
from edi.choices import Direction
from edi.documents.change_routes import PartOfPo, route_change
from edi.documents.schedules import dated_change
from edi.errors import NotPlaceable
from edi.models import Document, TradingPartner
from edi.process.buyers import buyer_of
from edi.process.item_choice import choose_items
from edi.process.translation import change_in_our_words
from edi.queries.agreements import terms
from edi.queries.facts import line_numbers_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedChanges:
    """The change of each order that is meant, each with its own lines, and what was chosen by agreement."""

    by_order: tuple[tuple[UUID, OrderChange], ...]
    notes: tuple[str, ...]


def wanted_changes(
    document: Document, changes: Sequence[OrderChange], asked: Mapping[UUID, AskedOrder]
) -> WantedChanges:
    """What the changes come to for the orders of their PO, which stand as in `asked`.

    Raises NotPlaceable where nothing says which order, item or day is meant.
    """
    numbers = line_numbers_of(order_ids=list(asked))
    parts = {str(pk): PartOfPo(place=order.ship_to.code, lines=frozenset(numbers[pk])) for pk, order in asked.items()}
    wanted, notes = list[tuple[UUID, OrderChange]](), list[str]()
    for change in changes:
        chosen = choose_items(
            change_in_our_words(change, document.partner),
            account_id=buyer_of(document.partner).pk,
            qualifiers=change_qualifiers(document.partner, document.set_id),
        )
        notes += chosen.notes
        routed = route_change(chosen.order, parts)
        _clear([*chosen.problems, *routed.problems])
        for key, own in routed.changes.items():
            dated = dated_change(own, asked[UUID(key)].lines)
            _clear(dated.problems)
            wanted.append((UUID(key), dated.change))
    if not wanted:
        _clear(["it asks for nothing of any order"])
    return WantedChanges(by_order=tuple(wanted), notes=tuple(dict.fromkeys(notes)))


def change_qualifiers(partner: TradingPartner, set_id: str) -> Sequence[str]:
    """The agreed order of item numbers in a change: that of the set, else that of the orders it changes."""
    own = terms(partner, Direction.IN, set_id).item_qualifiers
    return own or terms(partner, Direction.IN, "850").item_qualifiers


def _clear(problems: Sequence[str]) -> None:
    if problems:
        raise NotPlaceable(problems[0], code="unclear_change", problems=list(problems))

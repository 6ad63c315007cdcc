"""What an 850 asks the intake for: in our words, a line a day, one item a line."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.canonical.orders import Order as AskedOrder
from edi.choices import Direction
from edi.errors import NotPlaceable
from edi.models import Document
from edi.process.buyers import buyer_of
from edi.process.item_choice import choose_items
from edi.process.translation import as_placed
from edi.queries.agreements import terms


def asked_orders(document: Document, orders: Sequence[AskedOrder]) -> tuple[list[AskedOrder], list[str]]:
    """The orders as the intake gets them, with one item a line, and what was chosen. Raises NotPlaceable where the
    numbers of a line name different items and nothing was agreed.
    """
    qualifiers = terms(document.partner, Direction.IN, "850").item_qualifiers
    account_id = buyer_of(document.partner).pk
    chosen = [
        choose_items(as_placed(order, document.partner), account_id=account_id, qualifiers=qualifiers)
        for order in orders
    ]
    problems = list(dict.fromkeys(text for one in chosen for text in one.problems))
    if problems:
        raise NotPlaceable(problems[0], problems=problems)
    return [one.order for one in chosen], list(dict.fromkeys(text for one in chosen for text in one.notes))

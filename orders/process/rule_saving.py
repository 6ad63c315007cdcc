"""Make a rule of an edit, so that the next order of the same words needs nobody."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from distportal.accounts.models import User
from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.systems.mapping.choices import Kind
from distportal.systems.mapping.editing import Mapping
from distportal.systems.mapping.models import SavedRule
from distportal.systems.mapping.rules import save_rule
from orders.errors import NothingToCorrect
from orders.models import FieldChoice, OrderVersion
from orders.process.word_scopes import scope_of
from orders.process.wording import sent_numbers

KINDS = {"sku": Kind.ITEM, "unit": Kind.UNIT, "ship_to": Kind.SHIP_TO}
"""The fields of which an edit can be a rule."""


@transaction.atomic
def save_rule_of(*, choice_id: int, owner: User, until: dt.date | None, reason: str, origin: str) -> SavedRule:
    """From now on, to its last day, the words of the edit mean what was chosen, for whoever wrote the order; what waits
    for the code goes on. Raises NothingToCorrect for an edit that can be no rule, BadMapping and MappingTaken.
    """
    choice = FieldChoice.objects.select_related("order__account").filter(pk=choice_id).first()
    if choice is None:
        raise NothingToCorrect("there is no such edit; nothing was saved")
    if problem := no_rule(choice):
        raise NothingToCorrect(f"{problem}; nothing was saved")
    if not reason.strip():
        raise NothingToCorrect("say why it should be a rule; nothing was saved")
    mapping = Mapping(
        scope=scope_of(choice.order), kind=KINDS[choice.field], theirs=choice.seen, ours=choice.chosen,
        valid_until=until, reason=f"{origin}: {reason.strip()}",
    )  # fmt: skip
    return save_rule(mapping=mapping, owner=owner, origin=origin)


def no_rule(choice: FieldChoice) -> str:
    """Why the edit can be no rule; empty where it can."""
    if choice.field not in KINDS:
        return "only an item, a unit or a ship-to can be a rule"
    if not choice.seen or not choice.chosen or choice.seen == choice.chosen:
        return "nothing means nothing: a rule needs what was written and what it means"
    if choice.order.channel == "portal":
        return "orders of the portal are written in our own words"
    if choice.field == "sku" and choice.seen not in _numbers(choice):
        return "the buyer calls that number ours, and what is ours is never translated"
    return ""


def _numbers(choice: FieldChoice) -> set[str]:
    before = OrderVersion.objects.get(order=choice.order_id, version=choice.order_version - 1)
    return sent_numbers(from_json(AskedOrder, before.canonical).lines)

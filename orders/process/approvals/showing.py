"""What the buyer saw of an order, kept as plain words and figures; and what of it is otherwise now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from distportal.accounts.models import Account
from distportal.accounts.speaking import ENGLISH
from distportal.canonical.base import from_json, plain
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.money import show_money
from distportal.common.remembering import remembering
from inventory.queries.sourcing import Part
from orders.models import ApprovalRequest
from orders.process.cart_promises import promised_parts
from orders.process.evaluation import Evaluation, amount_of
from orders.process.foreseeing import button_words, foreseen_of
from orders.process.judging_together import evaluate_together
from orders.process.rules import LineFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What an approver has to know before they agree: what `differs` from what the buyer saw, and what an order would
    come to now (`words`, as the buyer's own button would say it). `seen` tells two looks apart.
    """

    differs: tuple[str, ...]
    words: str

    @property
    def seen(self) -> str:
        """A few characters that change when something of it does."""
        return hashlib.sha256("|".join([self.words, *self.differs]).encode()).hexdigest()[:16]


def shown_of(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    """The lines, places and dates of the orders, as they are kept with a request."""
    with translation.override(ENGLISH):  # whoever asks and whoever answers, the same is the same
        return {
            "lines": [
                {**_line(fact, parts.get(fact.line.line_no, ())), "order": number}
                for number, evaluation in enumerate(evaluations)
                for parts in [promised_parts(evaluation.facts)]
                for fact in evaluation.facts.lines
            ],
            "places": [_place(evaluation) for evaluation in evaluations],
            "words": button_words(foreseen_of(evaluations)),
        }


def _line(fact: LineFacts, parts: Sequence[Part]) -> dict[str, Any]:
    price, item = fact.our_price, fact.item
    return {
        "line": fact.line.line_no,
        "sku": item.sku if item else "",
        "name": fact.line.description or (item.name if item else ""),
        "quantity": plain(fact.line.quantity),
        "unit": fact.line.unit,
        "price": None if price is None else str(price),
        "reason": fact.quote.reason if fact.quote else "",
        "amount": str(amount_of(fact)),
        "all_there": bool(parts) and all(part.on is not None and part.due_on is None for part in parts),
    }


def _place(evaluation: Evaluation) -> dict[str, str]:
    facts, asked = evaluation.facts, evaluation.facts.order
    place, there = facts.ship_to, asked.ship_to
    words = str(place) if place else ", ".join(filter(None, (there.name, there.street, there.city, there.region)))
    return {
        "ship_to": words or there.code,
        "wanted_on": asked.requested_on.isoformat() if asked.requested_on else "",
        "notes": " · ".join(asked.notes),
    }


def frozen_orders(request: ApprovalRequest) -> list[AskedOrder]:
    """The canonical orders that a yes places."""
    return [from_json(AskedOrder, stored) for stored in request.orders]


def since_asked(request: ApprovalRequest) -> Since:
    """What became otherwise since the buyer asked."""
    evaluations = evaluations_of(frozen_orders(request), request.account)
    now, words = shown_of(evaluations), button_words(foreseen_of(evaluations))
    return Since(differs=tuple(_differences(request, now, words)), words=words)


def _differences(request: ApprovalRequest, now: Mapping[str, Any], words: str) -> Iterator[str]:
    for then, line in zip(request.shown["lines"], now["lines"], strict=True):
        if then["price"] != line["price"]:
            said = {"item": then["sku"], "old": _price(request, then), "new": _price(request, line)}
            yield gettext("%(item)s: the price was %(old)s, now it is %(new)s") % said
        if then["all_there"] and not line["all_there"]:
            yield gettext("%(item)s: all of it was there, now it is not") % {"item": then["sku"]}
        if line["all_there"] and not then["all_there"]:
            yield gettext("%(item)s: all of it is there now") % {"item": then["sku"]}
    if request.shown["words"] != now["words"]:
        yield gettext("What will happen now: %(words)s") % {"words": words}


def _price(request: ApprovalRequest, line: Mapping[str, Any]) -> str:
    return show_money(Decimal(line["price"]), request.currency) if line["price"] else gettext("none")


def evaluations_of(orders: Sequence[AskedOrder], account: Account) -> list[Evaluation]:
    """What the rules say of each order now."""
    with remembering():
        return evaluate_together(orders=orders, account=account)

"""What will happen to a cart when it is submitted, and the words of the button that says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from orders.choices import FindingAction, OrderStatus
from orders.process.evaluation import Evaluation

Kind = Literal["place", "held", "approval", "refused"]
WHY: dict[str, Promise] = {
    "account_hold": gettext_lazy("account on hold"),
    "credit_exceeded": gettext_lazy("credit"),
    "date_past": gettext_lazy("dates"),
    "dates_impossible": gettext_lazy("dates"),
    "order_minimum": gettext_lazy("below the least for an order"),
    "price_differs": gettext_lazy("price"),
    "quantity_minimum": gettext_lazy("quantities"),
    "quantity_multiple": gettext_lazy("quantities"),
    "ship_to_unknown": gettext_lazy("new address"),
    "stock_short": gettext_lazy("stock"),
    "substitute": gettext_lazy("substitutes"),
}
"""Short words for the findings that hold an order; others are "a remark above"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One thing that will happen. `why` are the codes of findings, or words of their own; `who` has to approve."""

    kind: Kind
    why: tuple[str, ...] = ()
    who: str = ""


def foreseen_of(evaluations: Iterable[Evaluation]) -> tuple[Foreseen, ...]:
    """One for each order that the cart becomes, by the rules that the order itself will be judged by."""
    return tuple(_foreseen(one) for one in evaluations)


def with_approval(foreseen: Sequence[Foreseen], *, needed: bool, who: str) -> tuple[Foreseen, ...]:
    """The same where a colleague has to approve first: `who`, in words for the button."""
    if not needed:
        return tuple(foreseen)
    return tuple(one if one.kind == "refused" else Foreseen(kind="approval", who=who) for one in foreseen)


def _foreseen(evaluation: Evaluation) -> Foreseen:
    status = evaluation.status
    if status == OrderStatus.REJECTED:
        refusing = (FindingAction.REJECT_ORDER, FindingAction.REJECT)
        return Foreseen(kind="refused", why=_codes(evaluation, refusing))
    if status == OrderStatus.HELD:
        return Foreseen(kind="held", why=_codes(evaluation, (FindingAction.HOLD,)))
    return Foreseen(kind="place")


def _codes(evaluation: Evaluation, actions: Sequence[FindingAction]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v.finding.code for v in evaluation.verdicts if v.action in actions))


def button_words(outcomes: Sequence[Foreseen]) -> str:
    """What the button says, from what was foreseen of each order; an approval goes before anything else."""
    approvers = list(dict.fromkeys(one.who for one in outcomes if one.kind == "approval" and one.who))
    if any(one.kind == "approval" for one in outcomes):
        return (
            gettext("Send for approval to %(who)s") % {"who": ", ".join(approvers)}
            if approvers
            else gettext("Send for approval")
        )
    if outcomes and all(one.kind == "refused" for one in outcomes):
        return gettext("Cannot be ordered as it is")
    number = max(sum(one.kind != "refused" for one in outcomes), 1)
    place = ngettext("Place order", "Place %(number)d orders", number) % {"number": number}
    held = [one for one in outcomes if one.kind == "held"]
    if not held:
        return place
    why = ", ".join(dict.fromkeys(said(code) for one in held for code in one.why))
    if len(held) == number:
        return gettext("%(place)s (will be held: %(why)s)") % {"place": place, "why": why}
    return gettext("%(place)s (%(held)d will be held: %(why)s)") % {"place": place, "held": len(held), "why": why}


def said(code: str) -> str:
    """The short words for a finding's code."""
    return str(WHY.get(code) or gettext("a remark above"))

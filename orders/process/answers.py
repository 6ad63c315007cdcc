"""A dealer settles what holds an order of its own: the desk's correction, in the fields that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from distportal.accounts.models import User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act
from exceptions.process.cases import comment_case
from orders.choices import OrderStatus
from orders.errors import NothingToCorrect, NotYoursToAnswer
from orders.models import Order, OrderVersion
from orders.process.choices_made import FieldChange
from orders.process.corrections import correct_order, corrected
from orders.process.holding import HELD
from orders.process.locks import locked_order
from orders.queries.cases import open_cases_of
from orders.queries.questions import questions_of

ANSWERED = "answered by the dealer in the portal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of the order: its status, what still holds it, and whether this answer was there before."""

    order: Order
    left: tuple[str, ...] = ()
    repeated: bool = False


@transaction.atomic
def answer_held_order(*, order_id: UUID, version: int, answers: Mapping[str, str], user: User) -> Answered:
    """The order with the answers in it, decided again under its own key: its case closes by itself once nothing holds
    it, and says who answered. The same answer of the same person again changes nothing.

    Raises NotYoursToAnswer for a field that the order does not ask its dealer for, NothingToCorrect where no answer was
    given or one cannot be read, StaleVersion where somebody else was faster, NotAllowed for a role without changes.
    """
    order = locked_order(order_id)
    require_act(user=user, account_id=order.account_id, act=Act.CHANGE_ORDERS)
    after = OrderVersion.objects.filter(order=order, version=version + 1, reason=ANSWERED, actor=user.email).first()
    if after is not None and _same(after, answers):
        return Answered(order=order, repeated=True)
    order = locked_order(order_id, version=version)
    if order.status != OrderStatus.HELD:
        raise NothingToCorrect(
            _("%(order)s does not wait for an answer any more; nothing was changed") % {"order": order}
        )
    asked = {name for question in questions_of(order) for name, _label in question.names}
    for name in answers:
        if name not in asked:
            raise NotYoursToAnswer(_("%(name)s is not asked of you; nothing was changed") % {"name": name})
    _order, diff = corrected(order.canonical, answers)
    if not diff:
        raise NothingToCorrect(_("no answer was given; the order waits as before"))
    _note(order, diff, user)
    evaluation = correct_order(order_id=order.pk, version=version, changes=answers, reason=ANSWERED, actor=user.email)
    order.refresh_from_db()
    return Answered(order=order, left=tuple(v.finding.message for v in evaluation.verdicts if v.action == "hold"))


def _same(after: OrderVersion, answers: Mapping[str, str]) -> bool:
    """Whether the version holds nothing but these answers; one that was as before is no change of it."""
    named = all(change["field"] in answers for change in after.changes)
    return named and not corrected(after.canonical, answers)[1]


def _note(order: Order, diff: list[FieldChange], user: User) -> None:
    """Who answered what, in the history of the case that the desk has open."""
    told = "; ".join(f"{change.label}: {change.old or 'nothing'} → {change.new or 'as agreed'}" for change in diff)
    for case in open_cases_of(order).filter(code=HELD):
        comment_case(case_id=case.pk, text=f"{user.name} ({user.email}) of the dealer answered in the portal: {told}")

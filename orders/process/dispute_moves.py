"""One step of a dispute: checked against the table, written with its reason, told to whoever listens."""

from __future__ import annotations

import pghistory

from distportal.accounts.models import User
from distportal.common.errors import IllegalMove, NotAllowed
from distportal.events.clock import database_now
from distportal.observability.actor import actor_name
from distportal.observability.correlation import correlated
from exceptions.choices import Resolution
from exceptions.process.cases import resolve_cases
from orders.choices import DISPUTE_STEPS, DisputeStatus
from orders.models import Dispute, DisputeEntry
from orders.process.facts import publish_order_fact
from orders.queries.dispute_steps import why_not

CASE = "dispute"
ENDS = frozenset({"rejected", "withdrawn", "split", "booked", "closed", "reversed"})


def require_finance(user: User) -> None:
    """Nothing for people of finance and administrators; raises NotAllowed for anybody else, whatever page they use."""
    known = user.is_active and user.is_staff and (user.is_superuser or user.groups.filter(name="finance").exists())
    if not known:
        raise NotAllowed("only finance decides on disputes; nothing was done")


def require_step(row: Dispute, step: str, *, to: str = "") -> None:
    """Nothing where the step is possible now; raises IllegalMove that says when it would be. For what has to be made
    before the step can be taken.
    """
    if told := why_not(row, step):
        raise IllegalMove(told, old=row.status, new=to or DISPUTE_STEPS[step].to[0])


def take_step(row: Dispute, step: str, text: str, *, to: str = "", actor: str = "", internal: bool = False) -> None:
    """The dispute is moved and saved, with an entry. `to` is needed where the step leads to several states.

    Raises IllegalMove that says when the step would be possible. The caller holds the row lock.
    """
    require_step(row, step, to=to)
    known = DISPUTE_STEPS[step]
    row.status = DisputeStatus(to or known.to[0])
    ended = row.status in ENDS
    row.ended_at = (row.ended_at or database_now()) if ended else None
    save_because(row, text)
    enter(row, known.done or row.status, text, actor=actor, internal=internal)


def save_because(row: Dispute, reason: str) -> None:
    """The row is saved, and its history says why."""
    with pghistory.context(why=reason[:500]):
        row.save()


def enter(row: Dispute, action: str, text: str, *, actor: str = "", internal: bool = False) -> DisputeEntry:
    """One line in the dispute's story; internal ones are for our people alone."""
    return DisputeEntry.objects.create(
        dispute=row, actor=(actor or actor_name())[:120], action=action, text=text, internal=internal
    )


def end_case(row: Dispute, reason: str, *, code: str = "") -> None:
    """Its cases are closed (of one code, where given)."""
    resolve_cases(subject_type=CASE, subject_id=str(row.pk), resolution=Resolution.BY_EVENT, reason=reason, code=code)


def tell(row: Dispute, what: str) -> None:
    """`dispute.approved` and its like, in the story of the invoice's order."""
    if row.invoice.order:
        with correlated(row.correlation_id):
            publish_order_fact(row.invoice.order, what, dispute=str(row.pk), status=row.status)

"""What happens to a dispute before it is decided: taken into review, assigned, asked about, answered, withdrawn."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from orders.choices import DisputeStatus, LetterKind, RootCause
from orders.errors import DisputeRefused
from orders.models import Dispute
from orders.process.dispute_letters import write_letter
from orders.process.dispute_moves import end_case, enter, require_finance, save_because, take_step, tell
from orders.process.locks import locked_dispute

UNANSWERED = "unanswered"
"""The code of the case of a question whose day has passed."""
OWNERS = ("coordinator", "processor", "responsible")


@transaction.atomic
def take_dispute(*, dispute_id: UUID, user: User) -> Dispute:
    """The dispute, in review by the person, who coordinates it where nobody does. Raises NotAllowed, IllegalMove."""
    require_finance(user)
    row = locked_dispute(dispute_id)
    row.processor, row.coordinator = user, row.coordinator or user
    take_step(row, "take", "", internal=True)
    return row


@transaction.atomic
def assign_dispute(*, dispute_id: UUID, role: str, to: User | None, reason: str, user: User) -> Dispute:
    """The dispute with another owner of that role (OWNERS), or none. Raises NotAllowed; DisputeRefused for an unknown
    role, without a reason, for somebody who cannot decide on disputes, and once it has ended.
    """
    require_finance(user)
    row = locked_dispute(dispute_id)
    if role not in OWNERS or not reason.strip():
        raise DisputeRefused("say which owner changes and why; nothing was changed")
    if row.status not in DisputeStatus.OPEN:
        raise DisputeRefused(f"{row} is {row.get_status_display().lower()}: nobody works on it any more")
    if to is not None:
        require_finance(to)
    setattr(row, role, to)
    save_because(row, reason)
    enter(row, "assigned", f"{role}: {to.email if to else 'nobody'}. {reason.strip()}", internal=True)
    return row


@transaction.atomic
def ask_dealer(*, dispute_id: UUID, question: str, remind_on: dt.date, user: User) -> Dispute:
    """The dispute, waiting for the dealer; its clock stands still and a letter asks the question. `remind_on` is when
    we look again. Raises NotAllowed, IllegalMove, DisputeRefused without a question or for a day that has passed.
    """
    require_finance(user)
    row = locked_dispute(dispute_id)
    if not question.strip() or remind_on < site_day(database_now()):
        raise DisputeRefused("a question and a day to come are needed; nothing was asked")
    row.asked_at, row.remind_on, row.processor = database_now(), remind_on, row.processor or user
    take_step(row, "ask", question)
    write_letter(row, LetterKind.NEED_INFO, question)
    tell(row, "dispute.asked")
    return row


@transaction.atomic
def answer_question(*, dispute_id: UUID, answer: str, user: User | None = None, actor: str = "") -> Dispute:
    """The dispute, back in review with the dealer's answer; the time it waited does not count. Raises NotAllowed for a
    person whose role does not include disputes, IllegalMove where nothing was asked.
    """
    row = locked_dispute(dispute_id)
    if user is not None and not user.is_staff:
        require_act(user=user, account_id=row.account_id, act=Act.DISPUTE)
    if row.asked_at is not None:
        row.waited_seconds += int((database_now() - row.asked_at).total_seconds())
    row.asked_at = row.remind_on = None
    take_step(row, "answer", answer, actor=actor)
    end_case(row, "answered", code=UNANSWERED)
    return row


@transaction.atomic
def withdraw_dispute(*, dispute_id: UUID, reason: str, user: User | None = None) -> Dispute:
    """The dispute, withdrawn: the dealer does not claim it any more, or paid after all.

    Raises NotAllowed for a person whose role does not include disputes, IllegalMove once somebody decided on it.
    """
    row = locked_dispute(dispute_id)
    if user is not None and not user.is_staff:
        require_act(user=user, account_id=row.account_id, act=Act.DISPUTE)
    take_step(row, "withdraw", reason)
    end_case(row, reason)
    tell(row, "dispute.withdrawn")
    return row


@transaction.atomic
def close_dispute(*, dispute_id: UUID, root_cause: RootCause, user: User) -> Dispute:
    """The booked dispute, closed with its cause: nothing is left to do. Raises NotAllowed, IllegalMove."""
    require_finance(user)
    row = locked_dispute(dispute_id)
    row.root_cause = root_cause
    take_step(row, "close", f"root cause: {root_cause.label.lower()}", internal=True)
    end_case(row, "closed by a person")
    return row

"""What came back, and what follows: a credit of the ERP per invoice, or a replacement that a person sends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act
from distportal.common.money import show_money, to_cents
from distportal.events.clock import database_now
from distportal.observability.correlation import correlated
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import ReturnStatus, ReturnWish
from orders.errors import ReturnRefused
from orders.models import Invoice, Return, ReturnCredit, ReturnLine
from orders.process.commands import request_return_credit
from orders.process.locks import locked_return
from orders.process.return_moves import SUBJECT, move_return, publish_return_fact

REPLACEMENT = "replacement"
"""The code of the case that asks for a replacement or a repair."""


@transaction.atomic
def receive_return(*, return_id: UUID, received: Mapping[int, Decimal]) -> Return:
    """The return with what came back of each line (by position; a missing one is 0): the ERP is asked once per invoice
    for the credit, and one case asks a person for what is to be replaced or repaired.

    Raises ReturnRefused for nothing or for more than was approved, IllegalMove where it is not approved or is here.
    """
    row = locked_return(return_id)
    lines = list(row.lines.select_related("invoice_line__invoice").order_by("position"))
    for line in lines:
        line.received = received.get(line.position, Decimal(0))
        if not Decimal(0) <= line.received <= line.approved:
            most = f"{line.approved.normalize():f}"
            raise ReturnRefused(f"line {line.position}: {most} were to come back; nothing was recorded")
    if not any(line.received for line in lines):
        raise ReturnRefused("say what came back of at least one line; nothing was recorded")
    ReturnLine.objects.bulk_update(lines, ["received"])
    row.received_at = database_now()
    move_return(row, ReturnStatus.RECEIVED)
    with correlated(row.correlation_id):
        publish_return_fact(row, "return.received")
        _ask_for_credits(row, lines)
        _ask_for_replacements(row, [line for line in lines if line.received and line.wish != ReturnWish.CREDIT])
    return row


@transaction.atomic
def book_return_credit(*, credit_id: UUID, credit_memo: Invoice) -> None:
    """The ERP's credit memo stands at the credit; the last one settles the return, unless a replacement is awaited."""
    credit = ReturnCredit.objects.select_related("request").get(pk=credit_id)
    row = locked_return(credit.request_id)
    ReturnCredit.objects.filter(pk=credit_id).update(credit_memo=credit_memo)
    publish_return_fact(row, "return.credited", credit_memo=credit_memo.number)
    _settle(row)


@transaction.atomic
def note_replacement(*, return_id: UUID, reason: str) -> Return:
    """What was to be replaced or repaired is on its way; `reason` says by which order. Settles the return once its
    credits are booked. Raises ReturnRefused without a reason.
    """
    if not reason.strip():
        raise ReturnRefused("say by which order the goods were replaced; nothing was recorded")
    row = locked_return(return_id)
    resolve_cases(
        subject_type=SUBJECT, subject_id=str(row.pk), resolution=Resolution.BY_HAND, reason=reason, code=REPLACEMENT
    )
    row.replaced_at = database_now()
    row.save(update_fields=["replaced_at", "updated_at"])
    _settle(row)
    return row


@transaction.atomic
def withdraw_return(*, return_id: UUID, user: User | None, name: str = "") -> Return:
    """The return, withdrawn before the goods came; what it had asked for can be asked for again. `name` says who, where
    no person does. Raises NotAllowed, and IllegalMove once the goods are here.
    """
    row = locked_return(return_id)
    if user is not None:
        require_act(user=user, account_id=row.account_id, act=Act.REQUEST_RETURN)
    move_return(row, ReturnStatus.WITHDRAWN)
    told = f"withdrawn by {user.name if user else name}"
    resolve_cases(subject_type=SUBJECT, subject_id=str(row.pk), resolution=Resolution.BY_EVENT, reason=told)
    with correlated(row.correlation_id):
        publish_return_fact(row, "return.withdrawn")
    return row


def _ask_for_credits(row: Return, lines: Sequence[ReturnLine]) -> None:
    amounts: dict[Invoice, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.received and line.wish == ReturnWish.CREDIT and line.invoice_line:
            amounts[line.invoice_line.invoice] += to_cents(line.received * line.unit_price)
    for invoice, amount in sorted(amounts.items(), key=lambda pair: pair[0].number):
        request_return_credit(credit=ReturnCredit.objects.create(request=row, invoice=invoice, amount=amount))


def _ask_for_replacements(row: Return, lines: Sequence[ReturnLine]) -> None:
    if not lines:
        return
    value = sum((to_cents(line.received * line.unit_price) for line in lines), Decimal(0))
    open_case(
        kind="return.replacement",
        code=REPLACEMENT,
        subject_type=SUBJECT,
        subject_id=str(row.pk),
        sentence=f"{row}: goods over {show_money(value, row.currency)} of {row.account.name} are back and are to be "
        "replaced or repaired",
        account=row.account,
        amount=value,
        currency=row.currency,
        reference=str(row),
    )


def _settle(row: Return) -> None:
    """Over once every credit is booked and what was to be replaced is on its way."""
    goods = row.lines.filter(received__gt=0).exclude(wish=ReturnWish.CREDIT)
    if row.credits.filter(credit_memo=None).exists() or (row.replaced_at is None and goods.exists()):
        return
    row.settled_at = database_now()
    move_return(row, ReturnStatus.SETTLED)
    publish_return_fact(row, "return.settled")

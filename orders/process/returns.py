"""A return from request to RMA number. Nothing comes back by default, and never more than was billed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from distportal.accounts.models import Account, User
from distportal.accounts.permissions import Act
from distportal.accounts.standing import require_act
from distportal.canonical.base import content_hash, to_json
from distportal.canonical.returns import Return as ReturnFact
from distportal.common.money import show_money, to_cents
from distportal.common.sequences import next_number
from distportal.events.clock import database_now
from distportal.observability.correlation import correlated, correlation_id
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import ReturnStatus
from orders.errors import ReturnRefused
from orders.models import Return, ReturnLine
from orders.process.locks import locked_account, locked_return
from orders.process.return_matching import match_lines
from orders.process.return_moves import SUBJECT, move_return, publish_return_fact
from orders.queries.limits import approval_limit, auto_return_limit
from orders.queries.returns import asked_before


@transaction.atomic
def request_return(
    *, request: ReturnFact, source_key: str, user: User | None = None, requested_name: str = "", strict: bool = True
) -> Return:
    """The return, requested once per `source_key` and per buyer's number; small ones are approved where a policy says
    so, any other waits for a person with one case.

    `strict`: a line that cannot come back as asked refuses the whole (forms); else it is kept and answered (EDI).
    Raises UnknownAccount and ReturnRefused, whose `data["most"]` is the maximum by position; NotAllowed for a person
    whose role does not include returns.
    """
    account, digest = locked_account(request.account), content_hash(request)
    known = Return.objects.filter(source_key=source_key).first() or asked_before(
        account=account, reference=request.reference
    )
    if known:
        if known.content_hash != digest:
            raise ReturnRefused(
                _("%(value)s was asked before as %(known)s, with other content")
                % {"value": request.reference or _("it"), "known": known}
            )
        return known
    if user is not None:
        require_act(user=user, account_id=account.pk, act=Act.REQUEST_RETURN)
    lines = match_lines(account, request)
    if not lines or (strict and any(line.problem for line in lines)):
        told = "; ".join(line.problem.rstrip(".") for line in lines if line.problem) or _("choose at least one line")
        raise ReturnRefused(
            _("%(told)s; nothing was asked for") % {"told": told},
            most={line.position: str(line.allowed) for line in lines},
        )
    row = _row(request, source_key, account, lines, user, requested_name)
    for line in lines:
        line.request = row
    ReturnLine.objects.bulk_create(lines)
    publish_return_fact(row, "return.requested")
    _decide_or_wait(row, lines)
    return row


@transaction.atomic
def decide_return(
    *, return_id: UUID, approved: Mapping[int, Decimal], reason: str, user: User, answer: str = ""
) -> Return:
    """The return with what may come back of each line (by position; a missing one is 0): approved, in part, or
    rejected; above the person's limit it waits for a second one. `answer` is an X12 element 1294 code for the rest.

    Raises ReturnRefused without a reason, for more than is allowed, or when the first person agrees twice.
    """
    row = locked_return(return_id)
    lines = list(row.lines.order_by("position"))
    wanted = {line.position: approved.get(line.position, Decimal(0)) for line in lines}
    if not reason.strip():
        raise ReturnRefused("a decision needs a reason; nothing was decided")
    for line in lines:
        if not Decimal(0) <= wanted[line.position] <= line.allowed:
            most = f"{line.allowed.normalize():f}"
            raise ReturnRefused(f"line {line.position}: at most {most} can come back; nothing was decided")
    nothing = not any(wanted.values())
    second = row.status == ReturnStatus.WAITING_APPROVAL
    if second and not nothing:
        if row.decided_by_id == user.pk:
            raise ReturnRefused("a second person must agree; nothing was decided")
        if any(line.approved != wanted[line.position] for line in lines):
            raise ReturnRefused("the first person proposed other quantities; agree to those or reject it")
    amount = _amount(wanted, lines)
    if nothing or not second:
        row.decided_by, row.decided_at = user, database_now()
    row.decision_reason = reason.strip()
    if second or nothing or amount <= approval_limit(user=user, reason=SUBJECT):
        row.approved_by = user
        _decide(row, lines, wanted, answer)
    else:
        _write(row, lines, wanted, answer)
        move_return(row, ReturnStatus.WAITING_APPROVAL)
    return row


def _row(
    request: ReturnFact, source_key: str, account: Account, lines: list[ReturnLine], user: User | None, name: str
) -> Return:
    return Return.objects.create(
        number=next_number("orders_return_number"),
        source_key=source_key,
        account=account,
        channel=request.channel,
        reference=request.reference[:60],
        requested_on=request.requested_on,
        requested_by=user,
        requested_name=name[:120],
        note="\n".join(filter(None, [*request.notes, *(line.note for line in request.lines)])),
        amount=_amount({line.position: line.allowed for line in lines}, lines),
        currency=account.currency,
        canonical=to_json(request),
        content_hash=content_hash(request),
        correlation_id=correlation_id(),
    )


def _decide_or_wait(row: Return, lines: list[ReturnLine]) -> None:
    limit = auto_return_limit(row.account)
    if row.amount <= limit and not any(line.problem for line in lines):
        row.decision_reason = gettext_noop("Approved at once: up to %(limit)s nobody has to look at it.") % {
            "limit": show_money(limit, row.currency)
        }
        row.decided_at = database_now()
        _decide(row, lines, {line.position: line.allowed for line in lines}, "")
        return
    problems = [f"Line {line.position}: {line.problem}" for line in lines if line.problem]
    items = "one item" if len(lines) == 1 else f"{len(lines)} items"
    open_case(
        kind="return.requested",
        code="return",
        subject_type=SUBJECT,
        subject_id=str(row.pk),
        sentence=f"{row}: {row.account.name} wants to send {items} back, "
        f"{show_money(row.amount, row.currency)}" + (f". {problems[0]}" if problems else ""),
        account=row.account,
        amount=row.amount,
        currency=row.currency,
        reference=str(row),
        data={"problems": problems[:50]},
    )


def _decide(row: Return, lines: list[ReturnLine], wanted: Mapping[int, Decimal], answer: str) -> None:
    _write(row, lines, wanted, answer)
    whole = all(line.approved == line.quantity for line in lines)
    some = any(line.approved for line in lines)
    status = ReturnStatus.APPROVED if whole else ReturnStatus.PART_APPROVED if some else ReturnStatus.REJECTED
    move_return(row, status)
    resolve_cases(
        subject_type=SUBJECT,
        subject_id=str(row.pk),
        resolution=Resolution.BY_EVENT,
        reason=f"{row.get_status_display().lower()}: {row.decision_reason}",
    )
    with correlated(row.correlation_id):
        publish_return_fact(row, "return.approved" if some else "return.rejected")


def _write(row: Return, lines: list[ReturnLine], wanted: Mapping[int, Decimal], answer: str) -> None:
    for line in lines:
        line.approved = wanted[line.position]
        if line.approved < line.quantity:
            line.answer = line.answer or answer[:2]
    ReturnLine.objects.bulk_update(lines, ["approved", "answer"])
    row.amount_approved = _amount(wanted, lines)


def _amount(quantities: Mapping[int, Decimal], lines: list[ReturnLine]) -> Decimal:
    return sum((to_cents(quantities[line.position] * line.unit_price) for line in lines), Decimal(0))

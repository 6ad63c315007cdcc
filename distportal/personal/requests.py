"""Asking for an export or an erasure, agreeing to it, and doing it."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from distportal.accounts.choices import StaffGroup
from distportal.accounts.models import User
from distportal.accounts.personal import person_of
from distportal.common.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from distportal.events.jobs import enqueue_job
from distportal.personal.choices import RequestKind, RequestState
from distportal.personal.erasing import erase, may_rewrite_histories
from distportal.personal.exporting import export_of
from distportal.personal.models import PersonalRequest

JOB = "personal.carry_out"


@transaction.atomic
def ask(*, by: User, kind: RequestKind, email: str, reason: str) -> PersonalRequest:
    """The request; an export is made at once, an erasure waits for a second person.

    Raises NotAllowed, Invalid without a reason or address, Conflict where the same is asked already.
    """
    _require_operator(by)
    email, reason = email.strip().lower(), reason.strip()
    if not email or not reason:
        raise Invalid("Say whose data it is about, and who asked for it. Nothing was begun.")
    state = RequestState.AGREED if kind == RequestKind.EXPORT else RequestState.ASKED
    try:
        with transaction.atomic():
            row = PersonalRequest.objects.create(kind=kind, email=email, reason=reason[:200], asked_by=by, state=state)
    except IntegrityError as error:
        raise Conflict("The same is asked already and not done yet. Nothing was begun.") from error
    if state == RequestState.AGREED:
        enqueue_job(JOB, key=str(row.pk), payload={"request": str(row.pk)})
    return row


@transaction.atomic
def agree(*, by: User, request_id: UUID) -> PersonalRequest:
    """The erasure begins. Raises NotAllowed for whoever asked for it, NotFound, Conflict where it does not wait."""
    row = _waiting(by, request_id)
    if row.asked_by_id == by.pk:
        raise NotAllowed("A second person has to agree to an erasure. Nothing was changed.")
    row.state, row.agreed_by = RequestState.AGREED, by
    row.save(update_fields=["state", "agreed_by"])
    enqueue_job(JOB, key=str(row.pk), payload={"request": str(row.pk)})
    return row


@transaction.atomic
def withdraw(*, by: User, request_id: UUID) -> PersonalRequest:
    """An erasure that nobody agreed to yet will not be. Raises NotAllowed, NotFound or Conflict."""
    row = _waiting(by, request_id)
    row.state = RequestState.WITHDRAWN
    row.save(update_fields=["state"])
    return row


@transaction.atomic
def carry_out(*, request_id: UUID) -> PersonalRequest:
    """Make the export, or erase, where it was agreed and is not done yet; the row says what became of it. An erasure
    that this process has no rights for waits for one of the database's owner.
    """
    row = PersonalRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    if row.state not in (RequestState.AGREED, RequestState.OWNER):
        return row
    if row.kind == RequestKind.EXPORT:
        row.content, row.counts = export_of(person_of(row.email))
        row.size, row.state = len(row.content), RequestState.DONE
    elif not may_rewrite_histories():
        row.state = RequestState.OWNER
    else:
        _erase(row)
    row.done_at = None if row.state == RequestState.OWNER else timezone.now()
    row.save()
    return row


def _erase(row: PersonalRequest) -> None:
    try:
        new, row.counts = erase(person_of(row.email))
    except DomainError as error:
        row.state, row.said = RequestState.REFUSED, error.message[:300]
        return
    row.state = RequestState.DONE
    # What was exported of them is theirs, not ours, from now on.
    others = PersonalRequest.objects.filter(email=row.email).exclude(pk=row.pk)
    others.update(email=new.email, content=None, size=0)
    row.email = new.email


def _waiting(by: User, request_id: UUID) -> PersonalRequest:
    _require_operator(by)
    row = PersonalRequest.objects.select_for_update(no_key=True).filter(pk=request_id).first()
    if row is None:
        raise NotFound("There is no such request.")
    if row.state != RequestState.ASKED:
        raise Conflict(f"This request is not waiting any more: {row.get_state_display().lower()}. Nothing was changed.")
    return row


def _require_operator(by: User) -> None:
    if not by.is_superuser and not by.groups.filter(name=StaffGroup.OPERATOR).exists():
        raise NotAllowed("Personal data is the operators' business. Nothing was changed.")

"""A second person looks at an edit that its policy does not let one person make alone."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from distportal.accounts.models import User
from distportal.common.errors import Conflict, NotFound
from distportal.events.clock import database_now
from exceptions.choices import EditState
from exceptions.errors import CaseChanged, NotYourCheck, ReasonMissing
from exceptions.models import Case, CaseEdit, EditPolicy
from exceptions.process.entries import enter
from exceptions.process.facts import locked_open_case
from exceptions.process.making import apply_edit, check_fields, editor_of
from exceptions.registry import Edited, case_kind


def keep_for_check(
    *, case: Case, edited: Edited, values: Mapping[str, str], version: int, reason: str, user: User, policy: EditPolicy
) -> CaseEdit:
    """The edit, waiting; the caller has the thing and the case locked. Raises ReasonMissing, and CaseChanged where
    another edit of the same version waits already; one of an older version is out of date.
    """
    if not reason.strip():
        raise ReasonMissing(f"say why: a second person has to look at this edit ({policy}). Nothing was saved")
    CaseEdit.objects.filter(case=case, state=EditState.WAITING).exclude(version=version).update(
        state=EditState.OUTDATED, checked_at=database_now()
    )
    try:
        with transaction.atomic():
            edit = CaseEdit.objects.create(
                case=case, version=version, values=dict(values), changes=[dict(one) for one in edited.changes],
                amount=edited.amount, reason=reason.strip()[:300], policy=policy, why=policy.name,
                checkers=policy.checkers, maker=user,
            )  # fmt: skip
    except IntegrityError as error:
        raise CaseChanged("another edit waits for its check already; nothing was saved, look at that one") from error
    case.version += 1
    case.save(update_fields=["version", "updated_at"])
    enter(case, "waits for a check", f"{policy}: {edit.reason}", edited.changes)
    return edit


@transaction.atomic
def check_edit(*, edit_id: UUID, agree: bool, reason: str, user: User) -> str:
    """The edit is made in the name of who wanted it, or it is refused; in a sentence. An edit of a thing that changed
    meanwhile is out of date and nothing is made of it. Who wanted it can only take it back.

    Raises NotYourCheck for the maker's own agreement and for people of another group, ReasonMissing for a refusal
    without one, CaseChanged where it was settled already.
    """
    edit = CaseEdit.objects.select_related("case", "maker").filter(pk=edit_id).first()
    if edit is None:
        raise NotFound("there is no such edit; nothing was done")
    own = edit.maker_id == user.pk
    _may(edit, user, own=own, agree=agree)
    if not agree and not own and not reason.strip():
        raise ReasonMissing("say why it is refused; nothing was done")
    return _agree(edit, reason, user) if agree else _refuse(edit, reason, user, own=own)


def _may(edit: CaseEdit, user: User, *, own: bool, agree: bool) -> None:
    if own and agree:
        raise NotYourCheck("you made this edit: somebody else has to look at it. Nothing was done")
    if not (user.is_staff and user.is_active):
        raise NotYourCheck("only people who work here check edits; nothing was done")
    if not own and edit.checkers and not user.is_superuser and not user.groups.filter(name=edit.checkers).exists():
        raise NotYourCheck(f"somebody of {edit.checkers} has to look at this edit; nothing was done")


def _agree(edit: CaseEdit, reason: str, user: User) -> str:
    editor = editor_of(case_kind(edit.case.kind))
    try:
        editor.lock(edit.case, edit.version)
    except Conflict as error:
        case = locked_open_case(edit.case_id)
        _settle(edit, EditState.OUTDATED, user, error.message)
        enter(case, "edit out of date", error.message, edit.changes)
        return f"Out of date, nothing was made of it: {error.message}"
    case = locked_open_case(edit.case_id)
    check_fields(case_kind(case.kind), edit.changes)
    _settle(edit, EditState.APPROVED, user, reason)
    enter(case, "checked and resubmitted", f"edit of {edit.maker.email}: {edit.reason}. {reason}".strip(), edit.changes)
    told = f"{edit.reason} (checked by {user.email})"
    return apply_edit(case, editor, edit.values, edit.version, told, edit.maker)


def _refuse(edit: CaseEdit, reason: str, user: User, *, own: bool) -> str:
    case = locked_open_case(edit.case_id)
    _settle(edit, EditState.WITHDRAWN if own else EditState.REFUSED, user, reason)
    enter(case, "edit taken back" if own else "edit refused", reason.strip(), edit.changes)
    return "Taken back; nothing was changed" if own else "Refused; nothing was changed"


def _settle(edit: CaseEdit, state: EditState, user: User, said: str) -> None:
    """Of two who look at it one settles it."""
    moved = CaseEdit.objects.filter(pk=edit.pk, state=EditState.WAITING).update(
        state=state, checker=user, checked_at=database_now(), said=said.strip()[:300]
    )
    if not moved:
        raise CaseChanged("somebody settled this edit already; nothing was done")

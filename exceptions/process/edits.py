"""Correct what failed and let it go on: any number of times under its own key, each time with a line of history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from distportal.accounts.models import User
from exceptions.choices import CaseStatus
from exceptions.errors import CaseChanged, NotEditable
from exceptions.models import Case
from exceptions.process.entries import enter
from exceptions.registry import CaseKind, Editor, case_kind


@transaction.atomic
def resubmit_case(*, case_id: UUID, version: int, changes: Mapping[str, str], reason: str, user: User) -> str:
    """What came of the corrected thing, in a sentence; `version` is that of the thing, as the person saw it.

    Raises NotEditable for a field that the kind does not let correct, CaseChanged for a case that is over, and what
    the editor raises: for a value that cannot be, or where somebody else was faster. Nothing is saved then.
    """
    case = Case.objects.get(pk=case_id)
    kind = case_kind(case.kind)
    editor = editor_of(kind)
    edited = editor.judge(case, changes)
    check_fields(kind, edited.changes)
    editor.lock(case, version)
    case = _open(case_id)
    enter(case, "resubmitted", reason.strip(), edited.changes)
    return apply_edit(case, editor, changes, version, reason, user)


def apply_edit(case: Case, editor: Editor, changes: Mapping[str, str], version: int, reason: str, user: User) -> str:
    """The edit is made; a case that is still open as it was waits for what comes of it. The caller holds the locks."""
    before = case.version
    told = editor.apply(case, changes, version, reason, user)
    Case.objects.filter(pk=case.pk, version=before, status__in=CaseStatus.WORKED_ON).update(
        status=CaseStatus.RESUBMITTED, version=before + 1
    )
    return told


def editor_of(kind: CaseKind) -> Editor:
    """How the kind's things are corrected. Raises NotEditable."""
    if kind.editor is None:
        raise NotEditable(f"nothing can be corrected in a case of the kind {kind.title}; nothing was saved")
    return kind.editor


def check_fields(kind: CaseKind, changes: Sequence[Mapping[str, str]]) -> None:
    """Raises NotEditable for a field that the kind does not name."""
    for change in changes:
        field = change["field"].rpartition(".")[2]
        if field not in kind.fields:
            may = ", ".join(kind.fields).replace("_", " ") or "nothing"
            raise NotEditable(
                f"{field.replace('_', ' ')} may not be corrected in this case (what may: {may}); nothing was saved"
            )


def _open(case_id: UUID) -> Case:
    case = Case.objects.select_for_update(of=("self",)).select_related("queue", "account").get(pk=case_id)
    if not case.is_open:
        raise CaseChanged(f"{case} was resolved meanwhile; nothing was saved")
    return case

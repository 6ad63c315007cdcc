"""Make an edit by the editor of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from distportal.accounts.models import User
from exceptions.choices import CaseStatus
from exceptions.errors import NotEditable
from exceptions.models import Case
from exceptions.registry import CaseKind, Editor


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

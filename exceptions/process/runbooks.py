"""Change a runbook for this site; every version is kept, with who and why."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from distportal.observability.actor import actor_name
from exceptions.errors import CaseChanged, ReasonMissing, RunbookRefused
from exceptions.models import RunbookEdit
from exceptions.registry import case_kinds

LONGEST = 20_000


@transaction.atomic
def edit_runbook(*, kind: str, text: str, version: int, reason: str) -> RunbookEdit:
    """The next version; an empty text goes back to the one that came with the portal. `version` is the one that the
    person changed (0 where there was none).

    Raises ReasonMissing, RunbookRefused for no kind or too long a text, CaseChanged where somebody else was quicker.
    """
    if not reason.strip():
        raise ReasonMissing("say why the runbook changes; nothing was saved")
    if kind not in {known.kind for known in case_kinds()}:
        raise RunbookRefused(f"{kind} is no kind of case; nothing was saved")
    if len(text) > LONGEST:
        raise RunbookRefused(f"a runbook has at most {LONGEST:,} characters; nothing was saved")
    last = RunbookEdit.objects.filter(kind=kind).order_by("-version").first()
    if (last.version if last else 0) != version:
        raise CaseChanged("somebody changed the runbook meanwhile; nothing was saved, look at theirs first")
    try:
        with transaction.atomic():
            return RunbookEdit.objects.create(
                kind=kind, version=version + 1, text=text.replace("\r\n", "\n").strip(), reason=reason.strip()[:300],
                actor=actor_name(),
            )  # fmt: skip
    except IntegrityError as error:
        raise CaseChanged("somebody changed the runbook meanwhile; nothing was saved, look at theirs first") from error

"""What is told of a case to others, and the case locked as somebody saw it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from distportal.events.base import Event
from distportal.events.outbox import publish
from exceptions.errors import CaseChanged
from exceptions.models import Case


def publish_case(case: Case, fact: str, **more: Any) -> None:
    """`case.<fact>` goes out with the case's number, kind, subject and queue."""
    payload = {
        "case": str(case), "kind": case.kind, "subject": f"{case.subject_type}/{case.subject_id}",
        "queue": case.queue.code, **more,
    }  # fmt: skip
    publish(Event(type=f"case.{fact}", aggregate_type="case", aggregate_id=str(case.pk), payload=payload))


def locked_open_case(case_id: UUID, *, version: int | None = None) -> Case:
    """The open case, locked. Raises CaseChanged for one that is resolved or, where `version` is given, has moved on
    since it was seen.
    """
    case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("queue", "account").get(pk=case_id)
    if not case.is_open or version not in (None, case.version):
        raise CaseChanged("the case changed meanwhile; nothing was done, look at it again")
    return case

"""Which cases have one cause, by a key that people can read, and what they did about it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from exceptions.choices import CaseStatus
from exceptions.errors import CaseChanged
from exceptions.models import Case
from exceptions.process.entries import enter
from exceptions.registry import CaseKind, case_kind

SEPARATOR = " · "


def cause_key(*, kind: CaseKind, code: str, account: str, data: dict[str, Any]) -> str:
    """The kind and what its `cause` names, such as `order.unit_unknown · HARBOR · CTN`."""
    facts = {"account": account, "code": code, **data}
    parts = [_text(facts.get(name)) for name in kind.cause]
    return SEPARATOR.join([kind.kind, *filter(None, parts)])[:200]


def cause_in_words(case: Case) -> str:
    """Why the case stands with others of its group."""
    if case.group_by_hand:
        return "Somebody put it there by hand; it stays so."
    kind = case_kind(case.kind)
    same = " and ".join(["the kind", *(f"the {name.replace('_', ' ')}" for name in kind.cause)])
    return f"Open cases in which {same} are the same: {case.group_key}"


@transaction.atomic
def split_case(*, case_id: UUID, reason: str = "") -> Case:
    """The case stands alone from now on, also if it is seen again. Raises CaseChanged for one that is not open."""
    case = _open(case_id)
    return _put(case, f"alone{SEPARATOR}{case}", "split off", reason)


@transaction.atomic
def join_cases(*, case_ids: Sequence[UUID], into: UUID) -> list[Case]:
    """The cases stand with that one from now on. Raises CaseChanged if one of them, or that one, is not open: what
    joins a closed case is never seen.
    """
    ids = sorted({*case_ids, into})
    found = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids, status__in=CaseStatus.OPEN)
        .order_by("pk")
    )
    cases = {case.pk: case for case in found}
    if len(cases) < len(ids):
        raise CaseChanged("one of the cases was resolved meanwhile; nothing was put together")
    target = cases.pop(into)
    # Nothing of the target that somebody may be working on changes: its version stays.
    Case.objects.filter(pk=target.pk).update(group_by_hand=True)
    enter(target, "others put with it", ", ".join(map(str, cases.values())))
    return [_put(case, target.group_key, "put with", str(target)) for case in cases.values()]


def _open(case_id: UUID) -> Case:
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case_id)
    if not case.is_open:
        raise CaseChanged(f"{case} was resolved meanwhile; nothing was done")
    return case


def _put(case: Case, key: str, action: str, text: str) -> Case:
    case.group_key, case.group_by_hand, case.version = key[:200], True, case.version + 1
    case.save(update_fields=["group_key", "group_by_hand", "version", "updated_at"])
    enter(case, action, text)
    return case


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(sorted(map(str, value)))
    return "" if value is None else str(value)

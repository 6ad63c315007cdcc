"""What comparisons of two ERPs found, as pages want it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from inventory.models import ErpComparison, ErpDifference, ErpFact

Kept = ErpComparison
"""For those who show one and may not touch the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One field of one thing, as each of the two says it."""

    name: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether they say it differently."""
        return self.left != self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """What two ERPs say of one thing; the as-of of one that says nothing is None."""

    left_as_of: dt.datetime | None
    right_as_of: dt.datetime | None
    fields: tuple[Said, ...]


def last_pairs() -> list[ErpComparison]:
    """The newest comparison of each pair."""
    return list(ErpComparison.objects.order_by("left", "right", "-started_at").distinct("left", "right"))


def comparison(pk: int) -> ErpComparison | None:
    """The comparison of that id."""
    return ErpComparison.objects.filter(pk=pk).first()


def difference_rows(
    row: ErpComparison, *, kind: str = "", code: str = "", owner: str = "", q: str = ""
) -> QuerySet[ErpDifference]:
    """What differs, by kind and subject; empty words do not filter, `q` is how a subject begins."""
    wanted = {"kind": kind, "code": code, "owner": owner, "subject__istartswith": q.strip()}
    return row.rows.filter(**{name: value for name, value in wanted.items() if value})


def what_both_say(row: ErpComparison, *, kind: str, subject: str) -> Both | None:
    """The newest words of both about one thing, field by field; None where neither has said anything."""
    said = {}
    for side in (row.left, row.right):
        facts = ErpFact.objects.filter(connection=side, kind=kind, subject=subject, deleted=False)
        said[side] = facts.order_by("-version").first()
    left, right = said[row.left], said[row.right]
    if left is None and right is None:
        return None
    ours: dict[str, Any] = left.payload if left else {}
    theirs: dict[str, Any] = right.payload if right else {}
    names = sorted(ours.keys() | theirs.keys())
    return Both(
        left_as_of=left.occurred_at if left else None,
        right_as_of=right.occurred_at if right else None,
        fields=tuple(Said(name=n, left=_text(ours.get(n)), right=_text(theirs.get(n))) for n in names),
    )


def _text(value: Any) -> str:
    if value is None or value == [] or value == "":
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

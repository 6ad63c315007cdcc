"""The queue as people look at it: a view, filters and a search, all of them words of an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Now

from distportal.accounts.models import User
from distportal.common.marks import A_CODE
from distportal.common.prepared import PreparedRows
from distportal.web.cursors import A_PAGE
from exceptions.choices import CaseStatus, EditState, Severity
from exceptions.models import Case, CaseEdit
from exceptions.queries.blocked import Money, blocked_by
from exceptions.registry import case_kind

VIEWS = {
    "open": "All open", "mine": "Mine", "unowned": "Nobody's", "late": "Late or soon late", "aside": "Waiting",
    "check": "To be checked",
    "resolved": "Resolved",
}  # fmt: skip
FILTERS = ("queue", "kind", "account", "owner", "severity", "cause", "incident", "q")
PARAMETERS = frozenset({"view", *FILTERS})
ORDER = ("-severity", "-points", "number")
_LISTED = (
    "number", "kind", "sentence", "reference", "status", "severity", "points", "amount", "currency", "cutoff_at",
    "due_at", "warn_at", "paused_at", "remind_at", "resolved_at", "resolution", "occurrences", "version",
    "queue__name", "queue__calendar", "owner__name", "account__name",
)  # fmt: skip
_NUMBER = re.compile(r"^\s*(?:E-?)?(\d{1,18})\s*$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see; a word that means nothing filters nothing."""

    view: str
    filters: Mapping[str, str]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From the words of an address."""
        view = query.get("view", "")
        found = {name: query.get(name, "").strip() for name in FILTERS}
        return cls(view if view in VIEWS else "open", {name: value for name, value in found.items() if value})

    @property
    def query(self) -> dict[str, str]:
        """As words of an address."""
        return {"view": self.view, **self.filters}

    def __str__(self) -> str:
        words = [VIEWS[self.view], *(f"{name} {value}" for name, value in self.filters.items())]
        return ", ".join(words)


def cases_asked(asked: Asked, user: User) -> QuerySet[Case]:
    """The cases, without an order."""
    rows = _in_view(asked.view, user)
    for name, value in asked.filters.items():
        rows = rows.filter(_filter(name, value, user))
    return rows


def listed(rows: QuerySet[Case]) -> QuerySet[Case]:
    """With what the list shows of each and no other columns."""
    return rows.select_related("queue", "owner", "account").only(*_LISTED)


def worst_first(rows: QuerySet[Case]) -> QuerySet[Case]:
    """With what the list shows of each, worst first, oldest first among equals."""
    return rows.select_related("queue", "owner", "account").order_by(*ORDER)


def first_open() -> list[Case]:
    """The first page of all that is open, and one more where there are more: where everybody begins."""
    return _FIRST(CaseStatus.RESOLVED.value)


def _first(over: str) -> QuerySet[Case, Case]:
    return listed(Case.objects.exclude(status=over)).order_by(*ORDER)[: A_PAGE + 1]


_FIRST = PreparedRows(_first, A_CODE)


def _in_view(view: str, user: User) -> QuerySet[Case]:
    if view == "resolved":
        return Case.objects.filter(status=CaseStatus.RESOLVED)
    rows = Case.objects.exclude(status=CaseStatus.RESOLVED)
    if view == "mine":
        return rows.filter(owner=user)
    if view == "unowned":
        return rows.filter(owner=None)
    if view == "late":
        return rows.filter(warn_at__lte=Now()).exclude(status__in=CaseStatus.PAUSED)
    if view == "check":
        return rows.filter(Exists(CaseEdit.objects.filter(case=OuterRef("pk"), state=EditState.WAITING)))
    return rows.filter(status__in=CaseStatus.ASIDE) if view == "aside" else rows


def _filter(name: str, value: str, user: User) -> Q:
    if name == "q":
        number = _NUMBER.match(value)
        return (Q(number=int(number[1])) if number else Q(pk=None)) | Q(reference__icontains=value)
    if name == "owner":
        return Q(owner=user) if value == "me" else Q(owner__email__iexact=value)
    if name == "severity":
        wanted = next((one.value for one in Severity if one.label.lower() == value.lower()), None)
        return Q(severity=wanted) if wanted else Q()
    if name == "kind":
        return Q(kind__startswith=value) if value.endswith(".") else Q(kind=value)
    if name == "incident":
        return Q(incident=None) | Q(incident__ended_at__isnull=False) if value == "none" else _of_incident(value)
    return Q(**{{"queue": "queue__code", "account": "account__code", "cause": "group_key"}[name]: value})


def _of_incident(value: str) -> Q:
    return Q(incident=int(value)) if value.isascii() and value.isdecimal() and len(value) < 19 else Q(pk=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Open cases of one cause as one row. `money` is what they block, an order once."""

    key: str
    kind: str
    cases: int
    severity: int
    money: Money
    number: int
    oldest_at: object
    due_at: object
    accounts: int
    unowned: int

    @property
    def title(self) -> str:
        """What people call the kind."""
        return case_kind(self.kind).title


def causes(rows: QuerySet[Case], *, most: int = 50) -> list[Cause]:
    """The causes of the cases, worst first; two statements."""
    counted = (
        rows.order_by()
        .values("group_key")
        .annotate(  # a name that is a column, too, comes after what counts that column
            cases=Count("pk"), most_points=Sum("points"),
            accounts=Count("account", distinct=True), unowned=Count("pk", filter=Q(owner=None)),
            oldest_at=Min("created_at"), kind=Min("kind"), severity=Max("severity"),
            number=Min("number"), due_at=Min("due_at"),
        )
        .order_by("-severity", F("most_points").desc(), "number")[:most]
    )  # fmt: skip
    found: list[dict[str, Any]] = [dict(row) for row in counted]
    money = blocked_by(rows.filter(group_key__in=[row["group_key"] for row in found]), by="group_key")
    return [
        Cause(key=key, money=money.get(key, {}), **{name: told for name, told in row.items() if name != "most_points"})
        for row in found
        for key in [row.pop("group_key")]
    ]

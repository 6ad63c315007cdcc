"""Dead letters as people look for them: open cases of everything that was given up, by words of an address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from exceptions.choices import BulkState, CaseStatus
from exceptions.models import BulkRun, Case
from exceptions.queries.cases import open_cases
from exceptions.registry import REDELIVER, REPROCESS, letter_kinds

FILTERS = ("family", "kind", "work", "account", "error", "older", "state", "q")
OLDER = {"1": "an hour", "24": "a day", "168": "a week"}
STATES = {"dead": "Given up", "again": "Tried again"}


@dataclass(frozen=True, slots=True)
class LettersAsked:
    """What somebody wants to see of them; a word that means nothing filters nothing."""

    filters: Mapping[str, str]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> LettersAsked:
        """From the words of an address."""
        found = {name: query.get(name, "").strip()[:120] for name in FILTERS}
        return cls({name: value for name, value in found.items() if value})

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.filters.items()) or "all dead letters"


def letters_asked(asked: LettersAsked) -> QuerySet[Case]:
    """The open cases, without an order."""
    family = asked.filters.get("family", "")
    kinds = [kind for kind, letter in letter_kinds().items() if family in ("", letter.family)]
    rows = open_cases().filter(kind__in=kinds)
    for name, value in asked.filters.items():
        rows = rows.filter(_filter(name, value))
    return rows


def _filter(name: str, value: str) -> Q:
    if name == "q":
        number = value.upper().removeprefix("E-")
        by_number = (
            Q(number=int(number)) if number.isascii() and number.isdecimal() and len(number) < 19 else Q(pk=None)
        )
        return by_number | Q(reference__icontains=value)
    if name == "older":
        return Q(created_at__lte=timezone.now() - dt.timedelta(hours=int(value))) if value in OLDER else Q()
    if name == "state":
        again = Q(status=CaseStatus.RESUBMITTED)
        return {"dead": ~again, "again": again}.get(value, Q())
    fields = {"kind": "kind", "work": "data__kind", "account": "account__code", "error": "sentence__icontains"}
    return Q(**{fields[name]: value}) if name in fields else Q()


def families() -> list[tuple[str, int]]:
    """Every family with how many of it wait for somebody."""
    kinds = letter_kinds()
    counts = dict(open_cases().filter(kind__in=kinds).order_by().values_list("kind").annotate(Count("pk")))
    found: dict[str, int] = {}
    for kind, letter in kinds.items():
        found[letter.family] = found.get(letter.family, 0) + counts.get(kind, 0)
    return sorted(found.items())


def lately_redriven(most: int = 6) -> QuerySet[BulkRun]:
    """The last runs that tried dead letters again, the newest first."""
    rows = BulkRun.objects.filter(action__in=(REDELIVER, REPROCESS)).exclude(state=BulkState.CHOSEN)
    return rows.select_related("by").annotate(total=Count("items")).order_by("-created_at")[:most]

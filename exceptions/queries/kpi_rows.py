"""Cases and what was done with them, as rows of key figures."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from distportal.measures.counting import seconds_between
from exceptions.models import Case, CaseEntry

IN_TIME = Q(due_at=None) | Q(resolved_at__lte=F("due_at"))
REPLAYED = ("resolved: corrected and resubmitted", "resolved: tried again")
"""Entries that say that the work of a case was done once more."""
_ACCOUNT = Coalesce("account__code", Value(""))


def cases_by_opening() -> QuerySet[Case]:
    """Each case from its opening to its end, by the account it is about and its queue."""
    return Case.objects.annotate(
        fact_at=F("created_at"),
        fact_value=seconds_between("created_at", "resolved_at"),
        fact_partner=_ACCOUNT,
        fact_part=F("queue__code"),
    )


def cases_counted(kinds: Collection[str]) -> QuerySet[Case]:
    """Each case of these kinds as one, on the day it was opened, by account and kind."""
    return Case.objects.filter(kind__in=kinds).annotate(
        fact_at=F("created_at"), fact_value=Value(1), fact_partner=_ACCOUNT, fact_part=F("kind")
    )


def cases_tried_again() -> QuerySet[CaseEntry]:
    """Each end of a case that made its work be done once more, by account; its part is how."""
    return (
        CaseEntry.objects.filter(action__in=REPLAYED)
        .select_related("case")
        .annotate(
            fact_at=F("at"),
            fact_value=Value(1),
            fact_partner=Coalesce("case__account__code", Value("")),
            fact_part=Func(
                F("action"), Value("resolved: "), Value("case: "), function="replace", output_field=CharField()
            ),
        )
    )

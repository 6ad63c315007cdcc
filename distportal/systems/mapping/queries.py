"""What is asked about mappings."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Case, CharField, Count, F, Func, Max, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat
from django.utils import timezone

from distportal.common.marks import A_CODE
from distportal.common.prepared import PreparedCount
from distportal.systems.mapping.choices import MissingState
from distportal.systems.mapping.models import CrossReference, MissingCode, SavedRule

VALIDITIES = {
    "": "Any",
    "now": "In force",
    "later": "Later",
    "over": "Over",
    "unused": "Never used",
    "rules": "Saved at the desk",
}


def references(
    *, text: str = "", scope: str = "", scopes: Collection[str] | None = None, kind: str = "", validity: str = ""
) -> QuerySet[CrossReference]:
    """Cross references that fit; of `scope`, or of one of several."""
    rows = CrossReference.objects.select_related("rule__owner")
    rows = rows.order_by("scope", "kind", "theirs", "valid_from", "pk")
    today = timezone.localdate()
    if scope:
        rows = rows.filter(scope=scope)
    if scopes is not None:
        rows = rows.filter(scope__in=scopes)
    if kind:
        rows = rows.filter(kind=kind)
    if text.strip():
        rows = rows.filter(Q(theirs__icontains=text.strip()) | Q(ours__icontains=text.strip()))
    if validity == "now":
        rows = rows.filter(
            Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_until=None) | Q(valid_until__gte=today)
        )
    elif validity == "later":
        rows = rows.filter(valid_from__gt=today)
    elif validity == "over":
        rows = rows.filter(valid_until__lt=today)
    elif validity == "unused":
        rows = rows.filter(hits=0)
    elif validity == "rules":
        rows = rows.filter(rule__isnull=False)
    return rows


def rules_from(origin: str) -> QuerySet[SavedRule]:
    """The rules that were saved from there with how often each was applied (`times`), the newest first."""
    rows = SavedRule.objects.filter(origin=origin).select_related("reference", "owner")
    return rows.annotate(times=Count("uses")).order_by("-pk")


def rules_in(correlation_id: UUID) -> list[SavedRule]:
    """The rules that were applied in the story."""
    rows = SavedRule.objects.filter(uses__correlation_id=correlation_id)
    return list(rows.select_related("reference", "owner").order_by("pk"))


def reference_scope(reference_id: int) -> str:
    """The scope of a cross reference; "" where it is gone."""
    return CrossReference.objects.filter(pk=reference_id).values_list("scope", flat=True).first() or ""


def missing_codes(
    *, state: str = MissingState.OPEN, text: str = "", scopes: Collection[str] | None = None, kind: str = ""
) -> QuerySet[MissingCode]:
    """Codes without a partner with what waits for them: `works` pieces, worth `value` of `currency`; the most valuable
    first.
    """
    rows = MissingCode.objects.filter(state=state)
    if scopes is not None:
        rows = rows.filter(scope__in=scopes)
    if kind:
        rows = rows.filter(kind=kind)
    if text.strip():
        rows = rows.filter(code__icontains=text.strip())
    return rows.annotate(
        works=Count("waiting"), value=Sum("waiting__amount"), currency=Max("waiting__currency")
    ).order_by("-works", "-last_seen_at", "pk")


def open_missing_count() -> int:
    """How many codes wait for somebody to map them."""
    return MISSING(MissingState.OPEN.value)


MISSING = PreparedCount(lambda state: MissingCode.objects.filter(state=state), A_CODE, most=None)
"""How many missing codes are in that state."""


def codes_first_seen() -> QuerySet[MissingCode]:
    """Each code as one, on the day it stopped work for the first time, by the partner or account it came from."""
    name = Func(F("scope"), Value(":"), Value(2), function="split_part", output_field=CharField())
    return MissingCode.objects.annotate(
        fact_at=F("first_seen_at"),
        fact_value=Value(1),
        fact_partner=Case(When(scope__startswith="erp:", then=Value("")), default=name, output_field=CharField()),
        fact_part=Concat(Value("code: "), "kind", output_field=CharField()),
    )

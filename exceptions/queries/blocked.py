"""Money that cases block: what several of them are about counts once, with the most that one of them says of it.

Cases with the same reference of one account are about one thing, as an order that waits for several answers. A case
without a reference stands for itself, and so do those of kinds that block a part each.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case as Either
from django.db.models import CharField, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from exceptions.models import Case
from exceptions.queries.cases import open_cases
from exceptions.registry import case_kinds

Money = dict[str, Decimal]
"""Amounts by currency; nothing is converted."""


def blocked_once(cases: QuerySet[Case]) -> Money:
    """What the cases block, by currency."""
    return blocked_by(cases, by=None).get("", {})


def blocked_by_all() -> Money:
    """What all open cases block, by currency; its statement is put together once a process."""
    return _read(*_of_all_open()).get("", {})


def blocked_by(cases: QuerySet[Case], *, by: str | None) -> dict[str, Money]:
    """What the cases block by what they say in the field `by`, in each part once; one statement. Those that say nothing
    there stand under an empty word; parts that block nothing are left out.
    """
    try:
        sql, params = _statement(cases, by)
    except EmptyResultSet:  # a filter that nothing can fit
        return {}
    return _read(sql, params)


def costliest(cases: QuerySet[Case], *, by: str, most: int) -> list[str]:
    """At most so many of the words in the field `by`, those whose cases block most first, whatever the currency."""
    try:
        sql, params = _things(cases, by).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        told = f"SELECT part FROM ({sql}) AS thing GROUP BY part"  # noqa: S608 - the ORM's
        cursor.execute(f"{told} ORDER BY SUM(most) DESC, part LIMIT %s", [*params, most])
        return [part for (part,) in cursor.fetchall()]


@cache
def _of_all_open() -> tuple[str, tuple[Any, ...]]:
    return _statement(open_cases(), None)


def _statement(cases: QuerySet[Case], by: str | None) -> tuple[str, tuple[Any, ...]]:
    sql, params = _things(cases.filter(amount__gt=0), by).query.sql_with_params()
    told = f"SELECT part, currency, SUM(most) FROM ({sql}) AS thing GROUP BY part, currency"  # noqa: S608 - the ORM's
    return f"{told} ORDER BY currency", params


def _things(cases: QuerySet[Case], by: str | None) -> QuerySet[Case, Any]:
    """One row for each thing of each part, with the most that a case says of it."""
    alone = Q(reference="") | Q(kind__in=_parts())
    named = Either(When(alone, then=Cast("pk", CharField())), default=F("reference"), output_field=CharField())
    part = F(by) if by else Value("", output_field=CharField())
    rows = cases.order_by().annotate(part=part, thing=named)
    return rows.values("part", "currency", "account", "thing").annotate(most=Max("amount"))


def _parts() -> Collection[str]:
    return [kind.kind for kind in case_kinds() if kind.part]


def _read(sql: str, params: tuple[Any, ...]) -> dict[str, Money]:
    found: dict[str, Money] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for part, currency, amount in cursor.fetchall():
            found.setdefault(part or "", {})[currency] = amount
    return found

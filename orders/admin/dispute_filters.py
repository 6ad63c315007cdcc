"""By what the list of disputes is filtered beyond its columns."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from distportal.accounts.models import User
from distportal.events.clock import database_now
from orders.models import Dispute
from orders.queries.dispute_work import WORK_LISTS, on_list

NOBODY = "nobody"


class WorkListFilter(admin.SimpleListFilter):
    """The lists that finance works through."""

    title = "work list"
    parameter_name = "list"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, one.title) for name, one in WORK_LISTS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> QuerySet[Dispute]:
        user: Any = request.user
        return queryset.filter(on_list(self.value() or "", user=user, now=database_now()))


class OwnerFilter(admin.SimpleListFilter):
    """Who works on it now; the people of finance are few."""

    title = "processor"
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = User.objects.filter(is_staff=True, groups__name="finance").order_by("name")
        return [(NOBODY, "Nobody"), *((one.email, one.name or one.email) for one in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> QuerySet[Dispute]:
        value = self.value()
        if not value:
            return queryset
        return queryset.filter(processor=None) if value == NOBODY else queryset.filter(processor__email=value)

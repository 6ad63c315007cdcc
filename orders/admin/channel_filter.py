"""By the way that something came. The ways are few and known: asking a big table for them reads all of it."""

from __future__ import annotations

from typing import Any, get_args

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from distportal.canonical.orders import Channel
from distportal.common.channels import channel_word


class ChannelFilter(admin.SimpleListFilter):
    """One of the ways."""

    title = "way it came"
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one, channel_word(one)) for one in get_args(Channel)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(channel=value) if value else queryset

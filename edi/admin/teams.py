"""Who sets partners up."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest

from distportal.web.staff_admin import in_groups

OPERATORS = ("operator",)


class ByOperators:
    """Rows under a partner that operators may add and change."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

"""Back-office pages that read rows and change them through process functions only."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from distportal.accounts.models import User
from distportal.web.audience import audiences_of


def in_groups(request: HttpRequest, groups: tuple[str, ...]) -> bool:
    """Whether the person is of one of the staff groups; administrators are of all."""
    user = request.user
    return isinstance(user, User) and user.is_active and (user.is_superuser or bool(audiences_of(request) & {*groups}))


class StaffReadAdmin(ModelAdmin):  # type: ignore[misc]
    """Rows that `groups` may look at and nobody may add, change or delete here."""

    groups: ClassVar[tuple[str, ...]] = ()
    show_full_result_count = False
    list_per_page = 50
    list_filter_sheet = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, self.groups)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, self.groups)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadInline(TabularInline):  # type: ignore[misc]
    """Rows under a row, as evidence; whoever may see the row may see them."""

    extra = 0
    can_delete = False
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

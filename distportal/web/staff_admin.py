"""Back-office pages that read rows and change them through process functions only."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from distportal.common.money import grouped
from distportal.web.audience import audiences_of
from distportal.web.key_pages import InfinitePaginator

OPERATORS = ("operator",)


def in_groups(request: HttpRequest, groups: tuple[str, ...]) -> bool:
    """Whether the person is of one of the staff groups; administrators are of all."""
    return bool(audiences_of(request) & {*groups})


def number_column(name: str, title: str, *, least: int = 0) -> Callable[[Any, Any], str]:
    """A column with that number of a row as people write it: `60`, with two for `least` `8.10` and `0.4625`."""

    def shown(self: Any, row: Any) -> str:
        value: Decimal | None = getattr(row, name)
        if value is None:
            return "–"
        text = grouped(abs(value), least=least)
        return f"−{text}" if value < 0 else text

    shown.__name__ = f"{name}_number"
    return display(description=title)(shown)  # type: ignore[no-any-return]


def words_column(name: str, title: str) -> Callable[[Any], str]:
    """The row that a field points at in words, without a link to it."""

    def shown(row: Any) -> str:
        value = getattr(row, name)
        return "–" if value is None else str(value)

    shown.__name__ = f"{name}_words"
    return display(description=title)(shown)  # type: ignore[no-any-return]


class SeenByGroups(ModelAdmin):  # type: ignore[misc]
    """Rows that the people of `groups` may look at; what else may be done with them is another question."""

    groups: ClassVar[tuple[str, ...]] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """As declared; for who only reads, rows that they may not open are named without a link."""
        declared = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return declared
        return [(name, {**options, "fields": self._named(options["fields"], request)}) for name, options in declared]

    def _named(self, fields: Any, request: HttpRequest) -> list[Any]:
        return [
            self._named(one, request) if isinstance(one, list | tuple) else self._open_or_named(one, request)
            for one in fields
        ]

    def _open_or_named(self, name: Any, request: HttpRequest) -> Any:
        known = next((field for field in self.opts.fields if field.name == name), None)
        target = self.admin_site._registry.get(known.related_model) if known and known.is_relation else None
        closed = target is not None and not target.has_view_permission(request)
        return words_column(name, str(known.verbose_name)) if known and closed else name

    def has_module_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, self.groups)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, self.groups)


class OperatorsAdmin(SeenByGroups):
    """Rows that operators add and change, and nobody deletes."""

    groups: ClassVar[tuple[str, ...]] = OPERATORS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, self.groups)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, self.groups)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ByOperators:
    """Rows under a row that operators may add and change; before an inline of any kind."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)


class RemovableByOperators(ByOperators):
    """Rows under a row that operators may take away, too."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)


class StaffReadAdmin(SeenByGroups):
    """Rows that nobody may add, change or delete here."""

    # Tables grow without end: a list reads its page and never counts what is behind it.
    paginator = InfinitePaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_filter_sheet = False
    list_filter_submit = True

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

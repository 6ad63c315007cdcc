"""Lines below a row of a back-office list: read when the row is opened, so that fifty closed ones cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.sections import BaseSection


class OpenedSection(BaseSection):  # type: ignore[misc]
    """The place of the lines: it asks for them once it is seen."""

    def render(self) -> str:
        """As the theme puts it below the row."""
        opts = self.instance._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_lines", args=[self.instance.pk])
        return format_html('<div hx-get="{}" hx-trigger="intersect once"><p class="p-3">Reading …</p></div>', address)


class RowLines(ModelAdmin):  # type: ignore[misc]
    """Before the admin of a list: each row opens to its lines. `line_columns` are heading and value of a line."""

    list_sections = (OpenedSection,)
    line_columns: ClassVar[Sequence[tuple[str, Callable[[Any], object]]]] = ()

    def get_urls(self) -> list[URLPattern | URLResolver]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_lines"
        return [path("<uuid:pk>/lines/", self.admin_site.admin_view(self.lines), name=name), *super().get_urls()]

    def lines_of(self, row: Any) -> Sequence[Any]:
        """The lines of a row."""
        raise NotImplementedError

    def lines(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The lines of one row as a table."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        context = {
            "headings": [heading for heading, _ in self.line_columns],
            "lines": [[value(line) for _, value in self.line_columns] for line in self.lines_of(row)],
        }
        return render(request, "admin/row_lines.html", context)

"""Any back-office list as CSV: all rows that its filters leave, streamed as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from unfold.admin import ModelAdmin

from distportal.common.csv_lines import csv_lines

CHUNK = 2000
"""So many rows are in memory at a time."""


class ListExport(ModelAdmin):  # type: ignore[misc]
    """Before the admin of a list: `As CSV` beside it. `csv_columns` are heading and value of a row."""

    csv_columns: ClassVar[Sequence[tuple[str, Callable[[Any], object]]]] = ()
    list_before_template = "admin/list_export.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_csv"
        return [path("list.csv", self.admin_site.admin_view(self.list_csv), name=name), *super().get_urls()]

    def list_csv(self, request: HttpRequest) -> StreamingHttpResponse:
        """The rows of the list with the same filters, search and order, without its pages."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).queryset.prefetch_related(None)
        lines = csv_lines([heading for heading, _ in self.csv_columns], self._cells(rows))
        name = f"{self.opts.model_name}s_{timezone.localdate().isoformat()}.csv"
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
        )

    def _cells(self, rows: Any) -> Iterator[list[object]]:
        for row in rows.iterator(chunk_size=CHUNK):
            yield [value(row) for _, value in self.csv_columns]

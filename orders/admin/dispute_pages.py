"""Beside the list of disputes: work lists, filters that people keep, the sum of what is shown, and the report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from distportal.common.csv_lines import csv_lines
from distportal.common.money import show_money
from distportal.events.clock import database_now
from distportal.web.staff_admin import in_groups
from orders.choices import DisputeStatus
from orders.models import Dispute, SavedFilter
from orders.queries.dispute_reports import DisputeReport, dispute_currencies, dispute_report, report_rows
from orders.queries.dispute_work import WORK_LISTS

PAGE = "orders.dispute"
MOST_KEPT = 20
MOST_SUMMED = 5000
"""Further than that nobody works through a list: the sum says `more than`."""


class DisputePages(ModelAdmin):  # type: ignore[misc]
    """Before the admin of disputes: what is around its list."""

    list_before_template = "orders/admin/dispute_list_head.html"
    groups: ClassVar[tuple[str, ...]] = ()

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own = [
            path("report/", self.admin_site.admin_view(self.report), name="orders_dispute_report"),
            path("report.csv", self.admin_site.admin_view(self.report_csv), name="orders_dispute_report_csv"),
            path("keep-filter/", self.admin_site.admin_view(self.keep_filter), name="orders_dispute_keep_filter"),
            path("forget-filter/", self.admin_site.admin_view(self.forget_filter), name="orders_dispute_forget_filter"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with what stands above it."""
        user: Any = request.user
        chosen = request.GET.urlencode()
        context = {
            "work_lists": [(name, one.title) for name, one in WORK_LISTS.items()],
            "work_list": request.GET.get("list", ""),
            "saved_filters": SavedFilter.objects.filter(user=user, page=PAGE),
            "chosen_filter": chosen,
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)  # type: ignore[no-any-return]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With `sums`: what the open ones of the filter claim, by currency."""
        found: Any = super().get_changelist_instance(request)
        found.sums = _sums(found.queryset.filter(status__in=DisputeStatus.OPEN))
        return found  # type: ignore[no-any-return]

    def report(self, request: HttpRequest) -> HttpResponse:
        """Figures, bars, and the tables behind them."""
        report = self._report(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Dispute report",
            "report": report,
            "currencies": dispute_currencies(),
            "opts": self.opts,
        }
        return TemplateResponse(request, "orders/admin/dispute_report.html", context)

    def report_csv(self, request: HttpRequest) -> StreamingHttpResponse:
        """The same as a table that a spreadsheet opens."""
        report = self._report(request)
        lines = csv_lines(("breakdown", "what", "disputes", "amount", "currency"), report_rows(report))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        name = f"dispute-report_{timezone.localdate().isoformat()}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response

    def _report(self, request: HttpRequest) -> DisputeReport:
        if not in_groups(request, self.groups):
            raise PermissionDenied("This page belongs to finance.")
        known = dispute_currencies()
        wanted = request.GET.get("currency", "")
        return dispute_report(currency=wanted if wanted in known else next(iter(known), "USD"), now=database_now())

    @method_decorator(require_POST)
    def keep_filter(self, request: HttpRequest) -> HttpResponse:
        """The person keeps what the list shows now, under a name."""
        user: Any = request.user
        name, query = request.POST.get("name", "").strip()[:60], request.POST.get("query", "")[:500]
        mine = SavedFilter.objects.filter(user=user, page=PAGE)
        if not in_groups(request, self.groups):
            raise PermissionDenied("This page belongs to finance.")
        if not name or (mine.count() >= MOST_KEPT and not mine.filter(name=name).exists()):
            messages.error(request, f"A filter needs a name, and {MOST_KEPT} can be kept; nothing was kept.")
        else:
            SavedFilter.objects.update_or_create(user=user, page=PAGE, name=name, defaults={"query": query})
            messages.success(request, f"The filter is kept as {name}.")
        return self._back(query)

    @method_decorator(require_POST)
    def forget_filter(self, request: HttpRequest) -> HttpResponse:
        """One of the person's own filters is gone."""
        user: Any = request.user
        name = request.POST.get("name", "")
        if SavedFilter.objects.filter(user=user, page=PAGE, name=name).delete()[0]:
            messages.success(request, f"The filter {name} is gone.")
        return self._back("")

    def _back(self, query: str) -> HttpResponse:
        address = reverse("admin:orders_dispute_changelist")
        return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _sums(rows: QuerySet[Dispute]) -> list[str]:
    """`12 open disputes claim $340.00` by currency, read as far as MOST_SUMMED rows."""
    read = list(rows.order_by().values_list("currency", "amount_claimed")[: MOST_SUMMED + 1])
    sums: dict[str, list[Decimal]] = {}
    for currency, amount in read[:MOST_SUMMED]:
        sums.setdefault(currency, []).append(amount)
    more = "more than " if len(read) > MOST_SUMMED else ""
    return [
        f"{more}{len(amounts):,} open {'dispute claims' if len(amounts) == 1 else 'disputes claim'} {more}"
        f"{show_money(sum(amounts, Decimal(0)), currency)}"
        for currency, amounts in sorted(sums.items())
    ]

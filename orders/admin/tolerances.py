"""Which differences on invoices our own check lets through; finance sets them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.decorators import display

from distportal.web.staff_admin import in_groups
from orders.admin.rule_forms import RuleAdmin, RuleForm
from orders.models import InvoiceTolerance
from orders.process.finance_rules import FIGURES, set_tolerance


@admin.register(InvoiceTolerance)
class InvoiceToleranceAdmin(RuleAdmin):
    """One row an account, and one for everybody; an account's own counts alone."""

    form = RuleForm
    key_fields = ("account",)
    list_display = ("__str__", *FIGURES, "active", "changes")
    list_filter = ("active",)
    while_empty = "Nothing is let through: finance is asked about every difference on an invoice."
    list_select_related = ("account",)
    search_fields = ("account__code", "account__name")
    autocomplete_fields = ("account",)
    fieldsets = (
        (None, {"fields": ("account", "active")}),
        ("A price above the agreed one", {"fields": (("price_percent", "price_amount"),)}),
        ("More billed than sent", {"fields": (("quantity_percent", "quantity_amount"),)}),
        (None, {"fields": ("why", "seen")}),
    )
    wording: ClassVar[dict[str, str]] = {
        "account": "Account: Empty is everybody; the account of a trading partner holds for what it is billed by EDI",
        "active": "Holds: Switch it off where nothing is let through any more",
        "price_percent": "Per cent of the agreed price: Both figures have to fit; an empty one limits nothing",
        "price_amount": "At most, for a line: In the invoice's currency",
        "quantity_percent": "Per cent of what was sent: Both figures have to fit; an empty one limits nothing",
        "quantity_amount": "At most, for a line: In the invoice's currency",
    }

    def has_add_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, self.groups)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, self.groups)

    def change_by_process(self, row: Any, data: dict[str, Any], *, seen: int, user: Any) -> InvoiceTolerance:
        """The tolerance with what was typed."""
        return set_tolerance(
            account=row.account, figures={name: data.get(name) for name in FIGURES}, active=data["active"],
            reason=data["why"], user=user, seen=seen,
        )  # fmt: skip

    @display(description="Changes")
    def changes(self, row: InvoiceTolerance) -> int:
        return row.version

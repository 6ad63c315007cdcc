"""Partners in the back office: their identities and what is agreed with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from distportal.web.staff_admin import OperatorsAdmin
from edi.admin.agreements import AgreementInline, DeadlineInline
from edi.admin.mailboxes import MailboxInline
from edi.admin.warehouses import WarehouseInline
from edi.choices import PartnerRole
from edi.models import TradingPartner
from edi.process.advising import request_advice, request_catalogue
from edi.process.agreeing import settle_tolerance
from edi.process.partner_rules import problem_with_code, problem_with_separators
from edi.queries.agreements import forget


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps out what could never travel: the code names files, the separators must differ."""

    def clean_code(self) -> str:
        """Letters, digits, dash and underscore."""
        code = str(self.cleaned_data["code"])
        problem = problem_with_code(code)
        if problem:
            raise forms.ValidationError(problem)
        return code

    def clean(self) -> dict[str, Any]:
        """Three different separators, none of them a letter or digit; a buyer has an account, nobody else has."""
        data: dict[str, Any] = super().clean() or {}
        buys = data.get("role") == PartnerRole.BUYER
        if buys != bool(data.get("account")):
            text = "Who buys from us needs an account." if buys else "Only who buys from us has an account."
            self.add_error("account", text)
        used = [data.get(f"{name}", "") for name in ("element_separator", "component_separator", "segment_terminator")]
        problem = problem_with_separators(*map(str, used))
        if problem:
            raise forms.ValidationError(problem)
        return data


@admin.register(TradingPartner)
class TradingPartnerAdmin(OperatorsAdmin):
    """Operators set partners up; nobody deletes one, its documents stay."""

    form = PartnerForm
    list_display = ("name", "code", "role", "account", "their_id", "our_id", "usage", "active")
    list_select_related = ("account",)
    autocomplete_fields = ("account",)
    list_filter = ("active", "role", "usage")
    search_fields = ("name", "code", "their_id")
    readonly_fields = ("usage",)
    inlines = (MailboxInline, AgreementInline, DeadlineInline, WarehouseInline)
    actions = ("send_stock", "send_catalogue")
    fieldsets = (
        (None, {"fields": (("name", "code"), ("role", "account", "active"), ("usage", "calendar"))}),
        ("Identities", {"fields": (("their_qualifier", "their_id", "their_group_id"),
                                   ("our_qualifier", "our_id", "our_group_id"))}),
        ("Money, shipments, stock and prices", {"fields": (
            "credit_memo_sets", "scacs", ("advice_hours", "catalogue_days"), ("advice_by_warehouse", "asn_pallets"),
        )}),
        ("Separators", {"fields": (("element_separator", "component_separator", "segment_terminator"),)}),
    )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Born in test: only the switch with a name on it makes a partner live."""
        if not change:
            obj.usage = "T"
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What was agreed holds at once."""
        super().save_related(request, form, formsets, change)
        forget(form.instance)
        settle_tolerance(partner=form.instance)

    @admin.action(description="Send all stock now (846)")
    def send_stock(self, request: HttpRequest, chosen: QuerySet[TradingPartner]) -> None:
        """A full advice for each chosen partner that waits for 846s."""
        sent = [one.name for one in chosen if request_advice(partner_code=one.code)]
        self.message_user(request, f"Stock goes to {', '.join(sent) or 'nobody: none of them has agreed to the 846'}.")

    @admin.action(description="Send the price catalogue now (832)")
    def send_catalogue(self, request: HttpRequest, chosen: QuerySet[TradingPartner]) -> None:
        """A whole catalogue for each chosen partner that waits for 832s."""
        sent = [one.name for one in chosen if request_catalogue(partner_code=one.code)]
        self.message_user(request, f"Prices go to {', '.join(sent) or 'nobody: none of them has agreed to the 832'}.")

"""Partners in the back office: their identities and what is agreed with them."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from distportal.web.staff_admin import SeenByGroups, in_groups
from edi.admin.mailboxes import MailboxInline
from edi.admin.teams import OPERATORS
from edi.admin.warehouses import WarehouseInline
from edi.choices import PartnerRole
from edi.documents.asn856 import STRUCTURES
from edi.models import TradingPartner
from edi.process.advising import request_advice, request_catalogue

_CODE = re.compile(r"[A-Z0-9_-]+")


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps out what could never travel: the code names files, the separators must differ."""

    def clean_code(self) -> str:
        """Letters, digits, dash and underscore."""
        code = str(self.cleaned_data["code"])
        if not _CODE.fullmatch(code):
            raise forms.ValidationError("Use capitals, digits, dash and underscore: the code names files.")
        return code

    def clean_asn_structure(self) -> str:
        """One of those that we write."""
        structure = str(self.cleaned_data["asn_structure"])
        if structure not in STRUCTURES:
            raise forms.ValidationError(f"Use one of {', '.join(STRUCTURES)}.")
        return structure

    def clean(self) -> dict[str, Any]:
        """Three different separators, none of them a letter or digit; a buyer has an account, nobody else has."""
        data: dict[str, Any] = super().clean() or {}
        buys = data.get("role") == PartnerRole.BUYER
        if buys != bool(data.get("account")):
            text = "Who buys from us needs an account." if buys else "Only who buys from us has an account."
            self.add_error("account", text)
        used = [data.get(f"{name}", "") for name in ("element_separator", "component_separator", "segment_terminator")]
        if len(set(used)) != 3 or any(str(one).isalnum() for one in used):
            raise forms.ValidationError("The three separators must differ and must not be letters or digits.")
        return data


@admin.register(TradingPartner)
class TradingPartnerAdmin(SeenByGroups):
    """Operators set partners up; nobody deletes one, its documents stay."""

    groups: ClassVar[tuple[str, ...]] = OPERATORS
    form = PartnerForm
    list_display = ("name", "code", "role", "account", "their_id", "our_id", "release", "active")
    list_select_related = ("account",)
    list_filter = ("active", "role", "release")
    search_fields = ("name", "code", "their_id")
    inlines = (MailboxInline, WarehouseInline)
    actions = ("send_stock", "send_catalogue")
    fieldsets = (
        (None, {"fields": (("name", "code"), ("role", "account", "active"))}),
        ("Identities", {"fields": (("their_qualifier", "their_id", "their_group_id"),
                                   ("our_qualifier", "our_id", "our_group_id"))}),
        ("What is agreed", {"fields": (("release", "accepted_releases"), ("inbound_sets", "outbound_sets"),
                                       ("usage",), ("ack_wanted", "duplicate_window_days"), "credit_memo_sets")}),
        ("Shipments, stock and prices", {"fields": (("asn_structure", "asn_pallets", "scacs"),
                                                    ("advice_hours", "advice_by_warehouse", "catalogue_days"))}),
        ("Separators", {"fields": (("element_separator", "component_separator", "segment_terminator"),)}),
    )  # fmt: skip

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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, OPERATORS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, OPERATORS)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

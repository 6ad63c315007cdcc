"""The back office of operations: who our partners are and where their mailboxes lie."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, StackedInline

from distportal.web.staff_admin import in_groups
from edi.models import Mailbox, TradingPartner


class MailboxInline(StackedInline):  # type: ignore[misc]
    """A partner's one mailbox."""

    model = Mailbox
    fields = ("path", "active", "polled_at")
    readonly_fields = ("polled_at",)
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, ("operator",))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, ("operator",))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, ("operator",))


@admin.register(TradingPartner)
class TradingPartnerAdmin(ModelAdmin):  # type: ignore[misc]
    """Operators set partners up; nobody deletes one, its documents stay."""

    list_display = ("name", "code", "account", "their_id", "our_id", "release", "active")
    list_select_related = ("account",)
    list_filter = ("active", "release")
    search_fields = ("name", "code", "their_id")
    inlines = (MailboxInline,)
    fieldsets = (
        (None, {"fields": (("name", "code"), ("account", "active"))}),
        ("Identities", {"fields": (("their_qualifier", "their_id", "their_group_id"),
                                   ("our_qualifier", "our_id", "our_group_id"))}),
        ("What is agreed", {"fields": (("release", "accepted_releases"), ("inbound_sets", "outbound_sets"),
                                       ("usage", "asn_structure"), ("ack_wanted", "duplicate_window_days"))}),
        ("Separators", {"fields": (("element_separator", "component_separator", "segment_terminator"),)}),
    )  # fmt: skip

    def has_module_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, ("operator",))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, ("operator",))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return in_groups(request, ("operator",))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return in_groups(request, ("operator",))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

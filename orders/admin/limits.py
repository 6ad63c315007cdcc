"""Who may approve how much alone; only administrators set it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from distportal.accounts.models import User
from orders.admin.rule_forms import RuleAdmin, RuleForm
from orders.choices import DisputeReason
from orders.models import ApprovalLimit
from orders.process.finance_rules import set_limit


@admin.register(ApprovalLimit)
class ApprovalLimitAdmin(RuleAdmin):
    """Finance sees the limits; nobody in finance can raise their own."""

    form = RuleForm
    key_fields = ("user", "reason")
    list_display = ("__str__", "person", "about", "limit", "active", "version")
    list_filter = ("active", "reason")
    list_select_related = ("user",)
    fields = (("user", "reason"), ("limit", "active"), "why", "seen")
    wording: ClassVar[dict[str, str]] = {
        "user": "Person: Empty is everybody",
        "reason": "Reason: Empty is any reason",
        "limit": "Approves alone up to: The lowest of all rows that fit counts",
        "active": "Holds: Switch it off where it does not hold any more",
    }

    def change_by_process(self, row: Any, data: dict[str, Any], *, seen: int, user: Any) -> ApprovalLimit:
        """The limit with what was typed."""
        return set_limit(
            person=row.user, about=DisputeReason(row.reason) if row.reason else None, limit=data["limit"],
            active=data["active"], reason=data["why"], user=user, seen=seen,
        )  # fmt: skip

    @display(description="Person", empty_value="everybody")
    def person(self, row: ApprovalLimit) -> User | None:
        return row.user

    @display(description="Reason")
    def about(self, row: ApprovalLimit) -> str:
        return row.get_reason_display() if row.reason else "any"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Our own people only: dealers' people approve nothing here, and they are too many for a list."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_staff=True).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

"""When a company's orders need a colleague's yes, who may give it, and each order that waited for one."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.choices import Role
from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import TimestampedModel, UuidModel
from distportal.common.states import transition_pairs
from orders.choices import APPROVAL_MOVES, ApprovalAct, ApprovalState, ApprovalTrigger
from orders.models.draft import Draft
from orders.models.order import Order


@pghistory.track(exclude=["updated_at"])
class ApprovalRule(UuidModel, TimestampedModel):
    """One reason why an order needs approval. `amount` and `families` belong to some triggers only.

    `approver` alone may agree where one is named, else everybody of the `role`; `needed` of them have to.
    """

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    trigger = models.CharField(max_length=12, choices=ApprovalTrigger)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    families = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.APPROVER)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    needed = models.PositiveSmallIntegerField(default=1)
    own_allowed = models.BooleanField(default=False, help_text="Who may agree needs nobody for orders of their own")
    covers_keys = models.BooleanField(default=False, help_text="Also orders by the company's own API keys")
    active = models.BooleanField(default=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["trigger", "amount", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(needed__gte=1, needed__lte=5), name="orders_approval_needed"),
            models.CheckConstraint(
                condition=~models.Q(trigger__in=("total", "month")) | models.Q(amount__gt=0),
                name="orders_approval_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trigger} of {self.account}"


class ApprovalAbsence(models.Model):
    """Until the end of a day a colleague stands in for somebody who approves."""

    account_path: ClassVar[str] = "account_id"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until_on = models.DateField()

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "user"], name="orders_absence_once"),
            models.CheckConstraint(condition=~models.Q(user=models.F("deputy")), name="orders_absence_other"),
        ]

    def __str__(self) -> str:
        return f"{self.user} until {self.until_on}"


@pghistory.track(exclude=["updated_at"])
class ApprovalRequest(UuidModel, TimestampedModel):
    """An order that waits for a yes, frozen as its buyer saw it. `orders` are the canonical orders that it becomes,
    `shown` is what the page said of it, `reasons` which rules fired and who may agree:
    `[{rule, words, role, approver, name, needed}]`.

    `source_key` is what the order is placed under, once: `portal:<cart>:` or that of an API request.
    """

    account_path: ClassVar[str] = "account_id"

    number = models.BigIntegerField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    draft = models.OneToOneField(Draft, on_delete=models.SET_NULL, null=True, blank=True, related_name="approval")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_name = models.CharField(max_length=120)
    source_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=ApprovalState, default=ApprovalState.ASKED)
    po_number = models.CharField(max_length=60, blank=True)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="USD")
    orders = models.JSONField()
    shown = models.JSONField()
    reasons = models.JSONField()
    again = models.BooleanField(default=False, help_text="The buyer was shown the orders of the PO number")
    asked_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    reminded = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How many times who may approve was reminded"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="approval")
    correlation_id = models.UUIDField()

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(order__isnull=False),
                name="orders_approval_has_order",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-number"], name="orders_approval_newest"),
            models.Index(fields=["account"], name="orders_approval_open", condition=models.Q(state="asked")),
            models.Index(fields=["expires_at"], name="orders_approval_due", condition=models.Q(state="asked")),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.FSM(name="state_moves", field="state", transitions=transition_pairs(APPROVAL_MOVES))
        ]

    def __str__(self) -> str:
        return f"AP-{self.number}"


class ApprovalEntry(models.Model):
    """What somebody did or said about a request; never changed. One `agreed` a person."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="entries")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=12, choices=ApprovalAct)
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["request", "user"], condition=models.Q(action="agreed"), name="orders_approval_agreed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.action}"

    @property
    def word(self) -> str:
        """What was done, for people."""
        return str(ApprovalAct(self.action).label)

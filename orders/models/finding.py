"""What the rules found, and what an account's policy makes of it."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from distportal.accounts.models import Account
from orders.choices import FindingAction
from orders.models.order import Order, OrderLine


class OrderFinding(models.Model):
    """One remark of the rules on one version of an order; `action` is what the policy made of it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="findings")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, null=True, blank=True, related_name="findings")
    order_version = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=10)
    action = models.CharField(max_length=14, choices=FindingAction)
    message = models.CharField(max_length=400)
    remedy = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["order", "order_version"], name="orders_finding_version")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@pghistory.track()
class RulePolicy(models.Model):
    """What a finding of `code` does for an account, or, without one, for everybody."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=40)
    action = models.CharField(max_length=14, choices=FindingAction)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "code"], name="orders_policy_once", nulls_distinct=False)
        ]
        verbose_name_plural = "rule policies"

    def __str__(self) -> str:
        return f"{self.account or 'everybody'}: {self.code} -> {self.action}"

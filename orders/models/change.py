"""What somebody asked to change on an order that was placed, and what became of it."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from distportal.common.states import transition_pairs
from orders.choices import CHANGE_MOVES, ChangeStatus
from orders.models.order import Order


@pghistory.track()
class ChangeRequest(UuidModel):
    """One change or cancellation of one order. `source_key` is the channel's own unique key, `sequence` the buyer's
    count of its changes (X12 BCH05), `answers` what becomes of each line, `target` the order as it shall be.
    """

    account_path: ClassVar[str] = "order__account_id"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="change_requests")
    source_key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=14)
    sequence = models.CharField(max_length=20, blank=True)
    content_hash = models.CharField(max_length=64)
    canonical = models.JSONField()
    status = models.CharField(max_length=10, choices=ChangeStatus, default=ChangeStatus.RECEIVED)
    answers = models.JSONField(default=list)
    target = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_version = models.PositiveIntegerField(null=True, blank=True)
    asked_name = models.CharField(max_length=120, blank=True)
    correlation_id = models.UUIDField(db_index=True)
    requested_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["requested_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order", "sequence"], condition=~models.Q(sequence=""), name="orders_change_sequence_once"
            )
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.FSM(
                name="change_moves",
                field="status",
                transitions=[pair for pair in transition_pairs(CHANGE_MOVES) if pair[0] != pair[1]],
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} of {self.order}"

    @property
    def title(self) -> str:
        """`Change 3`, as people call it."""
        words = {"cancellation": gettext("Cancellation"), "replace": gettext("Replacement")}
        return f"{words.get(self.purpose) or gettext('Change')} {self.sequence}".strip()

"""What we want the ERP to do, once."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import TimestampedModel, UuidModel
from distportal.common.states import transition_pairs
from orders.choices import COMMAND_MOVES, CommandKind, CommandState
from orders.models.change import ChangeRequest
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.return_ import Return
from orders.models.return_parts import ReturnCredit


@pghistory.track(exclude=["updated_at"])
class ErpCommand(UuidModel, TimestampedModel):
    """One write to the ERP under one key for ever. `sending` is committed before the call; only a look-up leaves
    `unknown`.
    """

    kind = models.CharField(max_length=16, choices=CommandKind)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="commands")
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="commands")
    return_credit = models.ForeignKey(
        ReturnCredit, on_delete=models.PROTECT, null=True, blank=True, related_name="commands", db_index=False
    )
    change = models.OneToOneField(
        ChangeRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="command"
    )
    erp = models.CharField(
        max_length=16, default="default", db_default="default", help_text="ERP connection it goes to"
    )
    order_key = models.CharField(max_length=35, unique=True)
    content_hash = models.CharField(max_length=64)
    draft = models.JSONField()
    state = models.CharField(max_length=10, choices=CommandState, default=CommandState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    empty_lookups = models.PositiveIntegerField(default=0)
    last_lookup_at = models.DateTimeField(null=True, blank=True)
    erp_number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 - unique, and none at first
    erp_state = models.JSONField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_text = models.CharField(max_length=500, blank=True)
    correlation_id = models.UUIDField(db_index=True)
    requested_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(order__isnull=False, dispute__isnull=True, return_credit__isnull=True)
                | models.Q(order__isnull=True, dispute__isnull=False, return_credit__isnull=True)
                | models.Q(order__isnull=True, dispute__isnull=True, return_credit__isnull=False),
                name="orders_command_subject",
            ),
            models.UniqueConstraint(fields=["erp", "erp_number"], name="orders_command_erp_number_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["erp"], name="orders_command_open",
                condition=models.Q(state__in=("pending", "sending", "unknown")),
            )
        ]  # fmt: skip
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[pair for pair in transition_pairs(COMMAND_MOVES) if pair[0] != pair[1]],
            ),
            pgtrigger.ReadOnly(name="erp_stays", fields=["erp"]),
        ]

    def __str__(self) -> str:
        return f"{self.order_key} {self.state}"

    @property
    def about(self) -> Order | Dispute | Return | None:
        """What it is for: an order, a dispute, or a return."""
        return self.order or self.dispute or (self.return_credit.request if self.return_credit else None)

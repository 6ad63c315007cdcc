"""What a warehouse system is asked to do for an order, and what it says of it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from distportal.common.states import transition_pairs
from inventory.models import Warehouse
from orders.choices import RELEASE_MOVES, EventState, FloorStage, ReleaseState
from orders.models.order import Order


class WarehouseRelease(UuidModel):
    """One instruction to a warehouse system: the newest `sequence` of a `reference` is in force. `sending` is committed
    before the call; only a look-up leaves `unknown`. `stage` is how far the floor is, and never goes back.
    """

    account_path: ClassVar[str] = "order__account_id"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="releases")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    connection = models.CharField(max_length=16)
    reference = models.CharField(max_length=22)
    sequence = models.PositiveIntegerField(default=1)
    purpose = models.CharField(max_length=8, help_text="original, change or cancel")
    canonical = models.JSONField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.PENDING)
    stage = models.CharField(max_length=10, choices=FloorStage, blank=True)
    number = models.CharField(max_length=40, blank=True, help_text="The warehouse's own number")
    attempts = models.PositiveIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    empty_lookups = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_text = models.CharField(max_length=500, blank=True)
    correlation_id = models.UUIDField(db_index=True)
    requested_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["requested_at", "sequence"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "warehouse", "sequence"], name="orders_release_once"),
            models.UniqueConstraint(fields=["reference", "sequence"], name="orders_release_reference_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["connection", "requested_at"],
                name="orders_release_open",
                condition=models.Q(state__in=("pending", "sending", "unknown", "rejected")),
            )
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[pair for pair in transition_pairs(RELEASE_MOVES) if pair[0] != pair[1]],
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference}/{self.sequence}"


class WarehouseEvent(UuidModel):
    """One thing that a warehouse system told, kept as it was told, once per its own `event_id`."""

    connection = models.CharField(max_length=16)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=40, blank=True)
    occurred_at = models.DateTimeField()
    payload = models.JSONField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=EventState)
    finding = models.CharField(max_length=500, blank=True)
    release = models.ForeignKey(
        WarehouseRelease, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    correlation_id = models.UUIDField(db_index=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-recorded_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["connection", "event_id"], name="orders_warehouse_event_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-recorded_at"], name="orders_warehouse_event_recent")
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.kind}"

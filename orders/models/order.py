"""An order, its lines, and every version of what was asked."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account, ShipTo
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import TimestampedModel, UuidModel
from distportal.common.states import transition_pairs
from inventory.models import Item, Warehouse
from orders.choices import ORDER_MOVES, LineShipping, LineStatus, OrderStatus
from orders.choices.field_words import told_field


@pghistory.track(exclude=["updated_at"])
class Order(UuidModel, TimestampedModel):
    """One purchase order, whatever channel it came by. `canonical` is the version in force, as the rules saw it.

    One live order per account, PO number and part; `po_part` names the ship-to where one PO became several orders,
    `po_slot` counts up only where the account's policy lets PO numbers repeat.
    """

    account_path: ClassVar[str] = "account_id"

    number = models.BigIntegerField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="orders")
    ship_to = models.ForeignKey(ShipTo, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=10)
    po_number = models.CharField(max_length=60)
    po_norm = models.CharField(max_length=60)
    po_part = models.CharField(max_length=60, blank=True)
    po_slot = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=14, choices=OrderStatus, default=OrderStatus.RECEIVED)
    currency = models.CharField(max_length=3, default="USD")
    ordered_on = models.DateField()
    requested_on = models.DateField(null=True, blank=True)
    cancel_after = models.DateField(null=True, blank=True)
    ship_complete = models.BooleanField(default=False)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    canonical = models.JSONField()
    content_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    price_as_of = models.DateTimeField(null=True, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    placed_name = models.CharField(max_length=120, blank=True)
    erp = models.CharField(
        max_length=16, blank=True, default="", db_default="default",
        help_text="ERP connection it was given to, once for all; empty before",
    )  # fmt: skip
    erp_number = models.CharField(max_length=40, blank=True)
    correlation_id = models.UUIDField(db_index=True)
    placed_at = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=200, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "po_norm", "po_part", "po_slot"],
                condition=~models.Q(status__in=("rejected", "cancelled")),
                name="orders_order_po_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-number"], name="orders_by_account"),
            models.Index(fields=["status", "-number"], name="orders_by_status"),
            # most orders of an account are done; lists and counts of what is open need not pass them
            models.Index(
                fields=["account", "-number"],
                name="orders_open_by_account",
                condition=models.Q(status__in=OrderStatus.OPEN),
            ),
            models.Index(fields=["placed_at"], name="orders_by_placing"),
            # people look for an order by the ERP's number
            models.Index(fields=["erp_number"], condition=~models.Q(erp_number=""), name="orders_by_erp_number"),
            # people remember how a PO number begins; the unique constraint starts with the account
            models.Index(OpClass("po_norm", "varchar_pattern_ops"), name="orders_by_po_prefix"),
            # or any part of it: of a dealer's orders that needs no index, of all orders it does
            GinIndex(fields=["po_norm"], opclasses=["gin_trgm_ops"], name="orders_by_po_part"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.FSM(
                name="status_moves",
                field="status",
                transitions=[pair for pair in transition_pairs(ORDER_MOVES) if pair[0] != pair[1]],
            ),
            pgtrigger.Protect(
                name="erp_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__erp__gt="") & pgtrigger.Q(old__erp__df=pgtrigger.F("new__erp")),
            ),
        ]

    def __str__(self) -> str:
        return f"SO-{self.number}"


class OrderLine(UuidModel):
    """One line. Quantities are in `unit`, `base_quantity` in the item's base unit; prices per `unit`.

    `original_item` is the one that was asked where a substitute is sent. `erp_unit` and `erp_quantity` are set where
    the ERP has the line in another unit. `parts` are set where several warehouses send it, each an ERP line of its own:
    `[{key, warehouse, quantity, confirmed, shipped, on}]`, in `unit`.
    """

    account_path: ClassVar[str] = "order__account_id"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    line_no = models.CharField(max_length=20)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    original_item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    asked_items = models.JSONField(default=list)
    description = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=2)
    base_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    erp_unit = models.CharField(max_length=2, blank=True, default="", db_default="")
    erp_quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    parts = models.JSONField(default=list, db_default=[], blank=True)
    asked_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    price_reason = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    status = models.CharField(max_length=12, choices=LineStatus, default=LineStatus.HELD)
    status_reason = models.CharField(max_length=60, blank=True)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reserved_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    confirmed_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    shipped_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    invoiced_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    requested_on = models.DateField(null=True, blank=True)
    shipping = models.CharField(max_length=5, choices=LineShipping, blank=True, default="", db_default="")
    promised_on = models.DateField(null=True, blank=True)
    promise_reason = models.CharField(max_length=200, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "line_no"], name="orders_line_no_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["item"],
                condition=models.Q(
                    status__in=("accepted", "backordered"),
                    reserved_quantity__lt=models.F("quantity"),
                    confirmed_quantity__lt=models.F("quantity"),
                    shipped_quantity__lt=models.F("quantity"),
                ),
                name="orders_line_short",
            ),
            # what is still owed is a few of all lines; the list of them begins with the nearest promise
            models.Index(
                fields=["promised_on"],
                condition=~models.Q(status__in=("rejected", "cancelled"))
                & models.Q(shipped_quantity__lt=models.F("quantity")),
                name="orders_line_owed",
            ),
            # orders of which something is backordered, for their tab and its count
            models.Index(
                fields=["order"],
                condition=models.Q(status="backordered", shipped_quantity__lt=models.F("quantity")),
                name="orders_line_backordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} line {self.line_no}"

    @property
    def demand_ref(self) -> str:
        """What reservations and promises know the line by; it survives the rewriting of lines."""
        return f"order:{self.order_id}:{self.line_no}"

    @property
    def open_quantity(self) -> Decimal:
        """What is still owed, in `unit`; nothing for rejected and cancelled lines."""
        if self.status in (LineStatus.REJECTED, LineStatus.CANCELLED):
            return Decimal(0)
        return max(self.quantity - self.shipped_quantity, Decimal(0))


class OrderVersion(models.Model):
    """What an order asked for at one time, who made it so and why; `changes` lists field, old and new."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    canonical = models.JSONField()
    changes = models.JSONField(default=list)
    actor = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "version"], name="orders_version_once")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.order} v{self.version}"

    @property
    def told_changes(self) -> list[dict[str, str]]:
        """The changes with each field as people read it."""
        return [{**change, "field": told_field(change["field"])} for change in self.changes]

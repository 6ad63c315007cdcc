"""Invoices and credit memos as the ERP booked them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now, Upper

from distportal.accounts.models import Account
from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from inventory.models import Item
from orders.choices import InvoiceKind
from orders.models.open_amounts import DOCUMENT_TRIGGERS
from orders.models.order import Order, OrderLine
from orders.models.shipment import Shipment

NORMALISED_NUMBER = models.Func(
    models.Func(
        Upper("number"),
        models.Value("[^A-Z0-9]"),
        models.Value(""),
        models.Value("g"),
        function="REGEXP_REPLACE",
        output_field=models.CharField(),
    ),
    models.Value("0"),
    function="LTRIM",
    output_field=models.CharField(),
)
"""The number in capitals without punctuation and leading zeros, as `normalise_number` makes it of what payers write."""


class Invoice(UuidModel):
    """A billing document; a credit memo names the invoice it corrects and has positive amounts.

    `still_open` is kept by the database alone: what is owed of an invoice, below zero where too much was paid; of a
    credit memo that corrects none and that no payment took, its total below zero. NULL is not reckoned yet.
    """

    account_path: ClassVar[str] = "account_id"

    kind = models.CharField(max_length=12, choices=InvoiceKind)
    number = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invoices")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_memos")
    issued_on = models.DateField()
    due_on = models.DateField()
    total = models.DecimalField(max_digits=14, decimal_places=2)
    tax = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="USD")
    canonical = models.JSONField()
    erp = models.CharField(max_length=16, default="default", db_default="default")
    erp_id = models.CharField(max_length=60)
    erp_version = models.CharField(max_length=64)
    correlation_id = models.UUIDField(db_index=True)
    recorded_at = models.DateTimeField(db_default=Now())
    still_open = models.DecimalField(max_digits=14, decimal_places=2, null=True, editable=False)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-issued_on", "-number"]
        indexes: ClassVar[list[models.Index]] = [
            # the newest of an account, and what was billed to it until a day without looking at each document
            models.Index(
                fields=["account", "-issued_on", "-number"],
                include=["kind", "currency", "total"],
                name="orders_invoice_by_account",
            ),
            models.Index(fields=["-issued_on", "-number"], name="orders_invoice_newest"),
            models.Index("account", NORMALISED_NUMBER, name="orders_invoice_norm"),
            GinIndex(OpClass(Upper("number"), "gin_trgm_ops"), name="orders_invoice_by_part"),
            models.Index(fields=["recorded_at"], name="orders_invoice_recorded"),
            # most documents are settled: what an account owes is read without passing them
            models.Index(
                fields=["account", "due_on"],
                include=["currency", "still_open", "id", "issued_on"],
                condition=models.Q(still_open=None) | ~models.Q(still_open=0),
                name="orders_invoice_open",
            ),
            models.Index(fields=["id"], condition=models.Q(still_open=None), name="orders_invoice_unreckoned"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["erp", "erp_id"], name="orders_invoice_once")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = DOCUMENT_TRIGGERS

    def __str__(self) -> str:
        return self.number

    @property
    def signed_total(self) -> Decimal:
        """The total as it counts for the account: a credit memo lowers what is owed."""
        return -self.total if self.kind == InvoiceKind.CREDIT_MEMO else self.total


class InvoiceLine(models.Model):
    """One billed line; `agreed_price` is the order line's price when the invoice arrived, for comparison."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    description = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=2)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    agreed_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["invoice", "position"], name="orders_invoice_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.invoice} line {self.position}"

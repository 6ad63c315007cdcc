"""Transaction sets in both directions, with what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from edi.choices import AckState, Direction, DocumentState
from edi.models.interchange import FunctionalGroup
from edi.models.partner import TradingPartner
from orders.models import ChangeRequest, Invoice, Order, Shipment

NOT_PLACED = models.Q(state__in=("invalid", "failed"))
"""What was refused or needs a person: few rows, found by an index of their own."""


class Document(UuidModel):
    """One ST…SE. `segments` are the elements as sent; `business_key` makes building the same fact twice harmless.
    `verdict` is what our 997 will say of a set that it does not plainly accept, while its group is still being read.
    """

    account_path: ClassVar[str] = "partner__account_id"

    partner = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="documents")
    direction = models.CharField(max_length=3, choices=Direction)
    set_id = models.CharField(max_length=3)
    group = models.ForeignKey(
        FunctionalGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    control_number = models.CharField(max_length=9, blank=True)
    position = models.PositiveIntegerField(default=1)
    business_key = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=DocumentState)
    ack_state = models.CharField(max_length=12, choices=AckState, default=AckState.NONE)
    segments = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    verdict = models.TextField(blank=True, default="", db_default="", editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    line_sources = models.JSONField(default=dict)
    correlation_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["direction", "set_id", "business_key"],
                condition=~models.Q(business_key=""),
                name="edi_document_fact_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-created_at"], name="edi_document_newest"),
            models.Index(fields=["control_number"], name="edi_document_number"),
            models.Index(fields=["set_id"], name="edi_document_not_placed", condition=NOT_PLACED),
            models.Index(fields=["ack_state"], name="edi_document_awaited", condition=models.Q(ack_state="expected")),
        ]

    def __str__(self) -> str:
        return f"{self.set_id} {self.control_number or self.business_key}"


class DocumentOrder(models.Model):
    """One of the orders that a document with several ship-tos became, or that it changes by `change`."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="order_links")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    change = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "order"], name="edi_document_order_once")
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.order}"

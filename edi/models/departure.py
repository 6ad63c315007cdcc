"""Shipments of several orders that left together, and the one 856 that announces them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.models import UuidModel
from edi.models.document import Document
from edi.models.partner import TradingPartner
from orders.models import Shipment


class Departure(UuidModel):
    """One load to one place, by what the ERP says of it (`key`). It takes in shipments until it is announced; what
    comes later for the same load is a departure of its own.
    """

    account_path: ClassVar[str] = "partner__account_id"

    partner = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    opened_at = models.DateTimeField(db_default=Now())
    closes_at = models.DateTimeField()
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="departure")

    objects = AccountScopedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["opened_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partner", "key"], condition=models.Q(document=None), name="edi_departure_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"Departure to {self.partner}"


class DepartedShipment(models.Model):
    """A shipment in its departure: in one only, so it is announced once."""

    departure = models.ForeignKey(Departure, on_delete=models.PROTECT, related_name="parts")
    shipment = models.OneToOneField(Shipment, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.shipment} in {self.departure}"

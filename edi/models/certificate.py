"""Certificates of partners and our own, with the time in which each is used."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from edi.choices import CertificateUse, Holder
from edi.models.partner import TradingPartner


class Certificate(UuidModel):
    """An X.509 certificate. Ours without a partner serves all partners; ours carries its sealed private key.

    From `from_at` it is the one we send with; until `until_at` (or its own end) it is still accepted.
    """

    holder = models.CharField(max_length=6, choices=Holder)
    partner = models.ForeignKey(
        TradingPartner, on_delete=models.CASCADE, null=True, blank=True, related_name="certificates"
    )
    use = models.CharField(max_length=7, choices=CertificateUse, default=CertificateUse.BOTH)
    pem = models.TextField()
    sealed_key = models.TextField(blank=True)
    subject = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the certificate")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-from_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["holder", "partner", "use", "fingerprint"], name="edi_certificate_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(holder="ours", sealed_key__gt="")
                | models.Q(holder="theirs", partner__isnull=False, sealed_key=""),
                name="edi_certificate_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} until {self.valid_until:%Y-%m-%d}"

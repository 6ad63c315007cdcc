"""Who we exchange documents with, and how."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.fields.json import KT

from distportal.accounts.models import Account
from distportal.calendars.models import Calendar
from distportal.common.models import TimestampedModel
from edi.choices import PartnerRole, TransportKind


class TradingPartner(TimestampedModel):
    """One pair of interchange identities and the envelope its documents travel in; a buyer has an account."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10, choices=PartnerRole, default=PartnerRole.BUYER)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Whose working days its deadlines count; empty: its account's, else the default calendar",
    )  # fmt: skip
    their_qualifier = models.CharField(max_length=2, default="ZZ")
    their_id = models.CharField(max_length=15)
    our_qualifier = models.CharField(max_length=2, default="ZZ")
    our_id = models.CharField(max_length=15)
    their_group_id = models.CharField(max_length=15, blank=True)
    our_group_id = models.CharField(max_length=15, blank=True)
    element_separator = models.CharField(max_length=1, default="*")
    component_separator = models.CharField(max_length=1, default=">")
    segment_terminator = models.CharField(max_length=1, default="~")
    usage = models.CharField(max_length=1, default="P", help_text="P: live. T: in test, nothing books")
    credit_memo_sets = ArrayField(
        models.CharField(max_length=3),
        default=list,
        blank=True,
        help_text="Sets that tell a credit memo (810, 812); empty: 812 where it is agreed, else 810",
    )
    asn_pallets = models.BooleanField(default=False, help_text="With 0001: cartons stand below their pallets")
    advice_hours = models.PositiveSmallIntegerField(
        default=0, help_text="Hours between advices of stock (846); 0: only when asked"
    )
    advice_by_warehouse = models.BooleanField(default=False, help_text="846: figures per warehouse, not their total")
    scacs = ArrayField(
        models.CharField(max_length=4), default=list, blank=True, help_text="Carriers: the codes (SCAC) it reports as"
    )
    catalogue_days = models.PositiveSmallIntegerField(
        default=0, help_text="Days between price catalogues (832); 0: only when somebody sends one"
    )

    advised_slot = models.CharField(max_length=12, blank=True, editable=False, help_text="The last 846 by schedule")
    catalogued_on = models.DateField(null=True, editable=False, help_text="The last 832 by schedule")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(account__isnull=False) | ~models.Q(role=PartnerRole.BUYER),
                name="edi_buyer_has_account",
            ),
            models.UniqueConstraint(
                fields=["their_qualifier", "their_id", "our_qualifier", "our_id"], name="edi_partner_identity_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether its production documents are booked; the switch is a process with a name and a reason."""
        return self.usage == "P"


class Mailbox(models.Model):
    """Where a partner's files are dropped and fetched. `path` names it and, for a folder, is its place below EDI_ROOT.

    `settings` are those of its transport (`edi.transports.registry`); `secret` is sealed (`edi.transports.sealing`).
    """

    partner = models.OneToOneField(TradingPartner, on_delete=models.CASCADE, related_name="mailbox")
    transport = models.CharField(max_length=10, choices=TransportKind, default=TransportKind.FOLDER)
    path = models.CharField(max_length=200, unique=True)
    settings = models.JSONField(default=dict, blank=True)
    secret = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    polled_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    check_passed = models.BooleanField(null=True, blank=True)
    check_result = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                KT("settings__our_id"),
                KT("settings__their_id"),
                condition=models.Q(transport="as2"),
                name="edi_mailbox_as2_pair_once",
            )
        ]

    def __str__(self) -> str:
        return self.path

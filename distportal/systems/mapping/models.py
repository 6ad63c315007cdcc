"""What another system or partner calls something and what we call it; and the codes that nobody has mapped yet."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from distportal.accounts.models import Account
from distportal.common.models import TimestampedModel, UuidModel
from distportal.systems.mapping.choices import Kind, MissingState, Side


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["hits", "last_used_at", "updated_at"],
)
class CrossReference(TimestampedModel):
    """Their word and ours within one `scope` (`erp:default`, `partner:CRESTLINE`, `account:HARBOR`), from day to day;
    an open end has no date. `hits` and `last_used_at` are counted up to a minute late.
    """

    scope = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    theirs = models.CharField(max_length=80)
    ours = models.CharField(max_length=80)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    changed_by = models.CharField(max_length=120, blank=True)
    hits = models.PositiveBigIntegerField(default=0, db_default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["scope", "kind", "theirs", "valid_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_until")),
                name="mapping_reference_days",
            ),
            models.CheckConstraint(
                condition=~models.Q(theirs="") & ~models.Q(ours=""), name="mapping_reference_both_codes"
            ),
            ExclusionConstraint(
                name="mapping_reference_one_a_day",
                expressions=[
                    ("scope", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("theirs", RangeOperators.EQUAL),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["theirs"], name="mapping_theirs_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["ours"], name="mapping_ours_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.theirs} is our {self.ours}"


class SavedRule(models.Model):
    """A cross reference that somebody at the desk saved from an edit: whose it is, and from what (`origin`, a case). It
    ends by its last day, or when somebody takes it back.
    """

    reference = models.OneToOneField(CrossReference, on_delete=models.CASCADE, related_name="rule")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=40, db_index=True)
    saved_by = models.CharField(max_length=120, blank=True)
    saved_at = models.DateTimeField(db_default=Now())
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Rule {self.pk}: {self.reference}"


class RuleUse(models.Model):
    """A rule was applied in a story, once for each."""

    rule = models.ForeignKey(SavedRule, on_delete=models.CASCADE, related_name="uses", db_index=False)
    correlation_id = models.UUIDField(db_index=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rule", "correlation_id"], name="mapping_rule_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule} in {self.correlation_id}"


class CodeBook(models.Model):
    """A mark that every change of a scope's cross references makes anew: who keeps a copy knows by it whether it still
    holds. It is random, since a number that was rolled back would come again with other content.
    """

    scope = models.CharField(max_length=60, primary_key=True)
    mark = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return f"{self.scope} {self.mark}"


class MissingCode(TimestampedModel):
    """A code that stopped real work because nobody had mapped it; `times` is how often."""

    scope = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    side = models.CharField(max_length=6, choices=Side)
    code = models.CharField(max_length=80)
    state = models.CharField(max_length=7, choices=MissingState, default=MissingState.OPEN)
    answer = models.CharField(max_length=80, blank=True, help_text="What it was mapped to")
    times = models.PositiveBigIntegerField(default=1)
    first_seen_at = models.DateTimeField(db_default=Now())
    last_seen_at = models.DateTimeField(db_default=Now())
    settled_by = models.CharField(max_length=120, blank=True)
    settled_reason = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scope", "kind", "side", "code"], name="mapping_missing_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-last_seen_at"], name="mapping_missing_list")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"


class Waiting(models.Model):
    """One piece of work that waits for a code: an order, an ERP command, a feed. It goes once it need not wait."""

    missing = models.ForeignKey(MissingCode, on_delete=models.CASCADE, related_name="waiting")
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    label = models.CharField(max_length=160)
    seen_in = models.CharField(max_length=60, help_text="Where the code was seen")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="USD")
    trouble = models.CharField(max_length=300, blank=True, help_text="Why it did not go on when it was tried")
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["missing", "subject_type", "subject_id"], name="mapping_waiting_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_type", "subject_id"], name="mapping_waiting_subject")
        ]

    def __str__(self) -> str:
        return f"{self.label} waits for {self.missing}"


class TableUpload(UuidModel):
    """A file with a table of mappings that somebody looks at before it is imported; kept for a day."""

    name = models.CharField(max_length=120, blank=True)
    content = models.BinaryField()
    scope = models.CharField(max_length=60, blank=True, help_text="Of rows that name none")
    uploaded_by = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return self.name or "table"

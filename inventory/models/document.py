"""Documents of items: what a data sheet, a drawing or a certificate says, and each version that there was of it."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from distportal.common.models import UuidModel
from inventory.choices import DocumentKind, DocumentLanguage


class DocumentFile(models.Model):
    """The bytes of a document, by the hash of what is kept of them: the same file is stored once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


@pghistory.track()
class ItemDocument(UuidModel):
    """One document of the items with these `skus`. `version` is the number of its newest version; `internal`: no dealer
    sees it. A document that is withdrawn is shown to no dealer any more, and does not come back.
    """

    hidden_from_dealers: ClassVar[str] = "internal"

    skus = ArrayField(models.CharField(max_length=40))
    kind = models.CharField(max_length=14, choices=DocumentKind)
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=2, choices=DocumentLanguage, blank=True)
    internal = models.BooleanField()
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    withdrawn_why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [GinIndex(fields=["skus"], name="inventory_document_skus")]

    def __str__(self) -> str:
        return self.title


class ItemDocumentVersion(models.Model):
    """One version of a document, for ever: its file, under which name it is sent, and on which days it holds."""

    hidden_from_dealers: ClassVar[str] = "document__internal"

    document = models.ForeignKey(ItemDocument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(DocumentFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    added_by = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "number"], name="inventory_document_version_once"),
            models.CheckConstraint(
                condition=models.Q(valid_from__lte=models.F("valid_until"))
                | models.Q(valid_from=None)
                | models.Q(valid_until=None),
                name="inventory_document_days_in_order",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.document}, version {self.number}"

    @property
    def sha256(self) -> str:
        """Tells its file from any other."""
        return self.file_id

    @property
    def media_type(self) -> str:
        """What its file is."""
        return self.file.media_type

    @property
    def content(self) -> bytes | memoryview:
        """Its file's bytes."""
        return self.file.content

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown on a page."""
        return self.media_type.startswith("image/")

"""The columns most tables have."""

from __future__ import annotations

import uuid

from django.db import models


class UuidModel(models.Model):
    """A row known by a random id, so that a number in a URL tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(models.Model):
    """A row that knows when it was made and last written, by the database's clock."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

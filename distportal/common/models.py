"""The columns most tables have."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from django.db import models
from django.utils.encoding import force_str


class UuidModel(models.Model):
    """A row known by a random id, so that a number in a URL tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:
        """As Django's, which makes the table of all choices anew for each row of a list."""
        value = getattr(self, field.attname)
        return str(force_str(_words(field).get(value, value), strings_only=True))


@cache
def _words(field: models.Field[Any, Any]) -> dict[Any, Any]:
    """By value of a field with choices its words, lazy ones still to be said in the reader's language."""
    return dict(field.flatchoices)


class TimestampedModel(models.Model):
    """A row that knows when it was made and last written, by the database's clock."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

"""The words of item names, which a mistyped word is compared with."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SearchWord(models.Model):
    """One word of at least one item's name, in small letters. A word stays when its last item goes: it then finds
    nothing, which harms nobody.
    """

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["word"], name="inventory_word_trgm", opclasses=["gin_trgm_ops"])
        ]

    def __str__(self) -> str:
        return self.word

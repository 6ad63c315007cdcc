"""How items are spelled for their indexes: index and search have to say the same, so both take it from here."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector
from django.db.models.functions import Collate, Upper

CODE = Collate("code_norm", "C")
"""Whatever the collation of the database: codes that begin so lie side by side, in order."""
CAPITALS = Upper("name")
"""What `icontains` compares."""
WORDS = SearchVector("name", config="simple")
"""Whole words, as they are written."""

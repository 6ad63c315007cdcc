"""Keep the words of item names, for the search to compare mistyped ones with."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from inventory.models import SearchWord
from inventory.queries.words import words_of


@transaction.atomic
def learn_words(names: Iterable[str]) -> None:
    """The words of these names are known from now on; one statement, in the order of the words, so that two feeds at
    once never wait for each other in a ring.
    """
    words = {word for name in names for word in words_of(name)}
    if words:
        SearchWord.objects.bulk_create([SearchWord(word=word) for word in sorted(words)], ignore_conflicts=True)

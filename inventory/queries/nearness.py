"""What is near to a text that finds nothing as it was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, TrigramSimilarity
from django.db.models import QuerySet
from django.db.models.functions import Concat

from inventory.models import Item
from inventory.models.spelling import WORDS
from inventory.queries.words import nearest_words, slips_of, words_of

MOST = 20
ALIKE = 0.4
"""Of the trigrams of two codes together, how many both have."""
_LEAST_CODE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Ids of items, the nearest first, and the words that they are near to."""

    ids: tuple[int, ...] = ()
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.ids)


def near_codes(code: str, sold: QuerySet[Item]) -> Near:
    """Codes one slip of the pen away, else those that are alike by trigrams; nothing for what has no figure in it."""
    if len(code) < _LEAST_CODE or not any(sign.isdigit() for sign in code):
        return Near()
    slips = sold.filter(code_norm__in=slips_of(code)).values_list("pk", "sku")[:MOST]
    found = list(slips) or list(_alike(code, sold))
    return Near(ids=tuple(pk for pk, _ in found), words=found[0][1] if found else "")


def _alike(code: str, sold: QuerySet[Item]) -> QuerySet[Item, tuple[int, str]]:
    rows = sold.filter(code_norm__trigram_similar=code).annotate(alike=TrigramSimilarity("code_norm", code))
    return rows.filter(alike__gte=ALIKE).order_by("-alike", "sku").values_list("pk", "sku")[:MOST]


def near_names(words: Sequence[str], sold: QuerySet[Item], few: Concat) -> Near:
    """Names with all of the words as they were probably meant, else with all but one of them, in the order `few`."""
    typed = words_of(" ".join(words))
    close = nearest_words(typed) if typed else {}
    meant = [close[word] for word in typed if word in close]
    if not meant:
        return Near()
    for asked, told in _wider(meant):
        rows = sold.annotate(words=WORDS).filter(words=asked).order_by(few)
        if ids := tuple(rows.values_list("pk", flat=True)[:MOST]):
            return Near(ids=ids, words=told)
    return Near()


def _wider(words: list[str]) -> list[tuple[SearchQuery, str]]:
    whole = [(_all_of(words), " ".join(words))]
    if len(words) == 1:
        return whole
    fewer = [_all_of(some) for some in combinations(words, len(words) - 1)]
    return [*whole, (reduce(or_, fewer), " or ".join(" ".join(some) for some in combinations(words, len(words) - 1)))]


def _all_of(words: Sequence[str]) -> SearchQuery:
    return reduce(and_, (SearchQuery(word, config="simple") for word in words))

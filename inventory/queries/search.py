"""Find items for a search box: by code, by words, and by what is near to either where nothing is exactly so.

Each step asks one index and stops at the first few hundred, so that a search that says little costs no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from distportal.common.marks import A_CODE, A_KEY, A_TEXT, SOME_TEXTS
from distportal.common.prepared import PreparedValues
from inventory.models import Item, ItemCrossReference
from inventory.models.spelling import CODE, WORDS
from inventory.queries.items import ended, normalise_barcode, normalise_code
from inventory.queries.nearness import near_codes, near_names

MOST = 400
"""So many are found at most: who has more in sight adds a word."""
_MOST_WORDS = 6
_LEAST_PART = 3
"""Letters that the index of parts needs."""
BY_SKU = Concat("sku", Value(""))
"""The order of SKUs where few items are looked for: by the plain column the database would walk through all SKUs and
look at each, which is slow where those that are wanted come late.
"""
Narrow = Callable[[QuerySet[Item]], QuerySet[Item]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The ids of what a text finds, the likeliest first. `near` says what they are near to where nothing is as it was
    typed; with `more` there are others behind the last.
    """

    ids: tuple[int, ...] = ()
    near: str = ""

    @property
    def more(self) -> bool:
        """Whether there are more than are looked at."""
        return len(self.ids) >= MOST


def search_items(*, text: str, family: str = "", account_id: UUID | None = None) -> QuerySet[Item]:
    """What is found for the text, in its order; all that is sold where there is none."""

    narrow: Narrow | None = (lambda rows: rows.filter(family=family)) if family else None
    if not normalise_code(text):
        return sold_items(narrow)
    return in_order(find_items(text=text, account_id=account_id, narrow=narrow).ids)


def in_order(ids: tuple[int, ...]) -> QuerySet[Item]:
    """The items of these ids in their order."""
    if not ids:
        return Item.objects.none()
    place = Case(*(When(pk=pk, then=Value(at)) for at, pk in enumerate(ids)), output_field=IntegerField())
    return Item.objects.filter(pk__in=ids).order_by(place)


def sold_items(narrow: Narrow | None = None) -> QuerySet[Item]:
    """All that is sold, by SKU."""
    rows = Item.objects.exclude(ended()).order_by("sku")
    return narrow(rows) if narrow else rows


def find_items(*, text: str, account_id: UUID | None, narrow: Narrow | None = None) -> Found:
    """A code, a barcode or the account's own number first, then codes that begin so and those that hold it, then names
    with all of the words, then with parts of them; what is near only where there is nothing of these. Three statements,
    up to seven where it has to guess.
    """
    words = text.split()[:_MOST_WORDS]
    code = normalise_code(" ".join(words))
    if not code:
        return Found()
    found = dict.fromkeys(_by_code(code, normalise_barcode(text), account_id, narrow))
    for step in (_by_words, _by_parts):
        if len(found) < MOST:
            found.update(dict.fromkeys(step(words, narrow)))
    if found:
        return Found(ids=tuple(found)[:MOST])
    sold = sold_items(narrow)
    near = near_codes(code, sold) or near_names(words, sold, BY_SKU)
    return Found(ids=near.ids, near=near.words)


_NOBODYS = ItemCrossReference.objects.none()


def _by_code(code: str, barcode: str, account_id: UUID | None, narrow: Narrow | None) -> Iterator[int]:
    """One statement: the code itself; a barcode or the account's own number; codes and own numbers that begin so; codes
    that hold it.
    """
    parts = len(code) >= _LEAST_PART
    if narrow is None:
        told = [one for one in (code, barcode, account_id) if one]
        rows: Iterable[Any] = _prepared_codes(parts=parts, barcode=bool(barcode), own=bool(account_id))(*told)
    else:
        rows = _coded(code, barcode, account_id, narrow, parts=parts)
    for _, _, pk in sorted(rows):
        yield pk


@cache
def _prepared_codes(*, parts: bool, barcode: bool, own: bool) -> PreparedValues:
    marks = [A_CODE, *([A_TEXT] if barcode else []), *([A_KEY] if own else [])]
    told = A_CODE, A_TEXT if barcode else "", A_KEY if own else None
    return PreparedValues(lambda *_: _coded(*told, None, parts=parts), *marks)


def _coded(
    code: str, barcode: str, account_id: UUID | None, narrow: Narrow | None, *, parts: bool
) -> QuerySet[Item, tuple[int, str, int]]:
    """Rank, SKU and id of what is found by its code or number; `parts`: also by a part of the code."""
    sold = sold_items(narrow).annotate(in_c=CODE)
    references = ItemCrossReference.objects.filter(account_id=account_id) if account_id else _NOBODYS
    # One that ended is found by its own code where it says what came instead of it.
    itself = Item.objects.filter(~ended() | ~Q(substitutes=[]), code_norm=code)
    steps = [
        narrow(itself) if narrow else itself,
        sold.filter(pk__in=references.filter(code_norm=code).values("item")),
        sold.filter(in_c__startswith=code).order_by("in_c"),
        sold.filter(pk__in=references.filter(code_norm__startswith=code).values("item")),
    ]
    if barcode:
        steps[1:1] = [sold.filter(upc=barcode), sold.filter(barcodes__contains=[barcode])]
    if parts:
        steps.append(sold.filter(code_norm__contains=code).order_by(BY_SKU))
    found = [
        step.annotate(rank=Value(rank, IntegerField())).values_list("rank", "sku", "pk")[:MOST]
        for rank, step in enumerate(steps)
    ]
    return found[0].union(*found[1:], all=True)


def _by_words(words: list[str], narrow: Narrow | None) -> Iterator[int]:
    text = " ".join(words)
    for (pk,) in _WORDED(text) if narrow is None else _worded(text, narrow):
        yield pk


def _worded(text: str, narrow: Narrow | None = None) -> QuerySet[Item, tuple[int]]:
    asked = SearchQuery(text, config="simple", search_type="plain")
    rows = sold_items(narrow).annotate(words=WORDS).filter(words=asked).order_by(BY_SKU)
    return rows.values_list("pk")[:MOST]


_WORDED = PreparedValues(_worded, A_TEXT)


def _by_parts(words: list[str], narrow: Narrow | None) -> Iterator[int]:
    if not any(len(normalise_code(word)) >= _LEAST_PART for word in words):
        return
    for (pk,) in _prepared_parts(len(words))(*words) if narrow is None else _with_parts(words, narrow):
        yield pk


@cache
def _prepared_parts(count: int) -> PreparedValues:
    return PreparedValues(lambda *marks: _with_parts(marks), *SOME_TEXTS[:count])


def _with_parts(words: Sequence[str], narrow: Narrow | None = None) -> QuerySet[Item, tuple[int]]:
    parts = reduce(and_, (Q(name__icontains=word) for word in words))
    return sold_items(narrow).filter(parts).order_by(BY_SKU).values_list("pk")[:MOST]

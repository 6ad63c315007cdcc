"""The places of an account as a person looks for one among many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from distportal.accounts.models import Account, ShipTo

SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Those that were found, at most 30, and whether there are more to look for."""

    found: tuple[ShipTo, ...]
    more: bool


def places_of(*, account: Account, text: str = "", keep: Collection[UUID] = ()) -> Places:
    """The active ship-tos whose code, name, street, city, region or postcode has every word; those to `keep` stand
    first, whatever the words.
    """
    rows = ShipTo.objects.filter(account=account, active=True)
    kept = list(rows.filter(pk__in=keep)) if keep else []
    wanted = rows.exclude(pk__in=keep)
    for word in text.split()[:6]:
        fits = Q(code__icontains=word) | Q(name__icontains=word) | Q(street__icontains=word) | Q(city__icontains=word)
        wanted = wanted.filter(fits | Q(region__iexact=word) | Q(postcode__startswith=word))
    others = list(wanted[: SHOWN + 1])
    return Places(found=(*kept, *others[:SHOWN]), more=len(others) > SHOWN)

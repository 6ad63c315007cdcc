"""Control numbers of what we send: counted per partner, without gaps, because they roll back with their document."""

from __future__ import annotations

from typing import Literal

from django.db import transaction

from edi.models import ControlNumber, TradingPartner

Counter = Literal["ISA", "GS", "ST"]
"""ISA13, GS06, ST02."""


@transaction.atomic
def next_control_number(*, partner: TradingPartner, counter: Counter, count: int = 1) -> int:
    """The first of `count` new numbers, from 1 on. Nobody else gets a number of this counter until commit."""
    row = _locked(partner, counter)
    first = row.last + 1
    row.last += count
    row.save(update_fields=["last"])
    return first


@transaction.atomic
def hold_numbers(*, partner: TradingPartner) -> None:
    """Until commit nobody else can send to the partner: taken before a look whether something was sent already."""
    _locked(partner, "ISA")


def _locked(partner: TradingPartner, counter: Counter) -> ControlNumber:
    ControlNumber.objects.bulk_create([ControlNumber(partner=partner, counter=counter)], ignore_conflicts=True)
    return ControlNumber.objects.select_for_update(no_key=True).get(partner=partner, counter=counter)

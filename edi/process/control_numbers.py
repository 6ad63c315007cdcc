"""Control numbers of what we send: counted per partner, without gaps, because they roll back with their document."""

from __future__ import annotations

from typing import Literal

from django.db import connection, transaction

from edi.models import ControlNumber, TradingPartner

_NEXT = """
INSERT INTO edi_controlnumber AS known (partner_id, counter, last) VALUES (%s, %s, %s)
ON CONFLICT (partner_id, counter) DO UPDATE SET last = known.last + EXCLUDED.last
RETURNING last
"""
Counter = Literal["ISA", "GS", "ST"]
"""ISA13, GS06, ST02."""


@transaction.atomic(savepoint=False)
def next_control_number(*, partner: TradingPartner, counter: Counter, count: int = 1) -> int:
    """The first of `count` new numbers, from 1 on. Nobody else gets a number of this counter until commit."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [partner.pk, counter, count])
        last: int = cursor.fetchone()[0]
    return last - count + 1


@transaction.atomic(savepoint=False)
def hold_numbers(*, partner: TradingPartner) -> None:
    """Until commit nobody else can send to the partner: taken before a look whether something was sent already."""
    rows = ControlNumber.objects.select_for_update(no_key=True).filter(partner=partner, counter="ISA")
    if not rows.values_list("pk", flat=True):
        ControlNumber.objects.bulk_create([ControlNumber(partner=partner, counter="ISA")], ignore_conflicts=True)
        rows.get()

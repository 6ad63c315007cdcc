"""Demo policies and routines of the desk."""

from __future__ import annotations

from decimal import Decimal

from exceptions.choices import CaseStatus
from exceptions.models import EditPolicy, Routine
from exceptions.process.edit_policies import save_policy
from exceptions.process.routines import save_routine

ROUTINES = (
    ("Ask which price counts", "order.price_differs", CaseStatus.WAITING_DEALER, 16,
     "{about}: the price you state is not the one we agreed. Which one counts, and from which contract?"),
    ("Ask what is meant", "order.item_unknown", CaseStatus.WAITING_DEALER, 16,
     "{about}: we do not know one of the item numbers. Which item do you mean? Your own number for it helps, too."),
    ("The ERP's people look into it", "erp.", CaseStatus.WAITING_ERP, 8, ""),
)  # fmt: skip
"""Name, kind of case, what it waits for, working hours, what the dealer is asked."""


def seed_desk() -> None:
    """Prices and ship-tos of orders from 5,000 on are corrected by two people; three things are asked by one click."""
    for name, field in (("Prices from 5,000", "unit_price"), ("Ship-tos from 5,000", "ship_to")):
        if not EditPolicy.objects.filter(name=name).exists():
            save_policy(EditPolicy(name=name, kind="order.", field=field, least_amount=Decimal(5000)))
    for name, kind, aside, hours, message in ROUTINES:
        if not Routine.objects.filter(name=name).exists():
            save_routine(Routine(name=name, kind=kind, aside=aside, hours=hours, message=message))

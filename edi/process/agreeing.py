"""Write down what was agreed with a partner."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from edi.choices import Direction
from edi.models import Agreement, TradingPartner
from edi.models.agreement_options import AgreementOptions, read_options
from edi.queries.agreements import agreements_of, forget
from edi.x12.leniency import ALL_LENIENCIES
from orders.process.policy import agree_price_tolerance


@transaction.atomic
def agree_sets(*, partner: TradingPartner, direction: str, set_ids: Collection[str], **details: Any) -> list[Agreement]:
    """Exactly these sets are exchanged in this direction; what is not named any more stays on file, inactive.

    `details` are fields of the agreements, written into new ones and those that are there.
    """
    for set_id in set_ids:
        Agreement.objects.update_or_create(
            partner=partner, direction=direction, set_id=set_id, defaults={"active": True, **details}
        )
    Agreement.objects.filter(partner=partner, direction=direction).exclude(set_id__in=set_ids).update(active=False)
    forget(partner)
    settle_tolerance(partner=partner)
    return [row for row in agreements_of(partner) if row.direction == direction and row.active]


@transaction.atomic
def settle_tolerance(*, partner: TradingPartner) -> None:
    """The rules judge the prices of the partner's account by the tolerance agreed for its 850; None gives it back to
    everybody's.
    """
    if partner.account_id is None:
        return
    agree_price_tolerance(account_id=partner.account_id, percent=price_tolerance(partner))


def price_tolerance(partner: TradingPartner) -> Decimal | None:
    """The agreed tolerance in per cent, None where nothing was agreed."""
    rows = [a for a in agreements_of(partner) if a.active and a.direction == Direction.IN and a.set_id == "850"]
    return rows[0].terms.price_tolerance if rows else None


def check_options(options: Mapping[str, Any]) -> AgreementOptions:
    """The options, if they can be agreed. Raises ValueError with a sentence that names the bad one."""
    read = read_options(options)
    unknown = sorted(set(read.leniencies or ()) - ALL_LENIENCIES)
    if unknown:
        raise ValueError(f"leniencies: there is no {unknown[0]!r}; there are {', '.join(sorted(ALL_LENIENCIES))}.")
    return read

"""The switch between test and live: with a name on it, a reason, and the checks that were not passed."""

from __future__ import annotations

from django.db import transaction

from distportal.accounts.models import User
from edi.errors import BadPartner, ChecksOpen, NothingToDo
from edi.models import StageChange, TradingPartner
from edi.queries.checklist import missing_checks

_LIVE, _TEST = "P", "T"


@transaction.atomic
def go_live(*, partner_id: int, user: User, reason: str, override: bool = False) -> StageChange:
    """From now on the partner's production documents book; who said so and why is kept for good.

    Raises BadPartner without a reason, ChecksOpen where a must is not passed and nobody overrides it, NothingToDo for a
    partner that is live. Of two clicks at once one goes live.
    """
    partner = _switched(partner_id, to=_LIVE, reason=reason)
    missing = [check.exchange.label for check in missing_checks(partner)]
    if missing and not override:
        raise ChecksOpen(
            f"{partner} is not live: {', '.join(missing)} must be passed first. Override it with a reason, or wait",
            checks=missing,
        )
    return _changed(partner, user, reason, live=True, overridden=missing)


@transaction.atomic
def back_to_test(*, partner_id: int, user: User, reason: str) -> StageChange:
    """From now on the partner's documents are tests again; real ones are refused. Raises as `go_live` does."""
    return _changed(_switched(partner_id, to=_TEST, reason=reason), user, reason, live=False, overridden=[])


def _switched(partner_id: int, *, to: str, reason: str) -> TradingPartner:
    if not reason.strip():
        raise BadPartner("say why; nothing was changed", problems=["reason"])
    before = _TEST if to == _LIVE else _LIVE
    if not TradingPartner.objects.filter(pk=partner_id, usage=before).update(usage=to):
        raise NothingToDo("the partner is that already; nothing was changed")
    return TradingPartner.objects.get(pk=partner_id)


def _changed(partner: TradingPartner, user: User, reason: str, *, live: bool, overridden: list[str]) -> StageChange:
    return StageChange.objects.create(
        partner=partner,
        live=live,
        by=f"{user.name} <{user.email}>"[:120],
        reason=reason.strip()[:300],
        overridden=overridden,
    )

"""When partners are told of stock (846) and prices (832): by their schedule, or because somebody asks for it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from edi.models import TradingPartner
from edi.process.jobs import ADVISE_JOB, CATALOGUE_JOB
from edi.queries.agreements import wants
from edi.queries.readiness import unread_feeds
from edi.queries.schedules import partners_on_schedule


@transaction.atomic
def advise_partners() -> int:
    """How many advices and catalogues were begun because their time has come; each slot begins once.

    The first slot of a day tells everything, the others what changed since. A slot that was missed is made up for.
    """
    if unread_feeds():
        return 0  # an empty catalogue would tell partners that there is nothing
    now = timezone.localtime(database_now())
    begun = 0
    for partner in partners_on_schedule():
        if partner.advice_hours and wants(partner, "846"):
            begun += _begin_slot(partner, now)
        if partner.catalogue_days and wants(partner, "832"):
            begun += _begin_catalogue(partner, site_day(now))
    return begun


def _begin_slot(partner: TradingPartner, now: dt.datetime) -> bool:
    """Compare-and-set: of many that look at once, one begins the slot."""
    hour = now.hour - now.hour % partner.advice_hours
    slot = f"{now:%Y%m%d}{hour:02d}"
    rows = TradingPartner.objects.filter(pk=partner.pk)
    first = bool(rows.filter(advised_slot__lt=f"{now:%Y%m%d}").exists())
    if not rows.filter(advised_slot__lt=slot).update(advised_slot=slot):
        return False
    _queue_advice(partner, slot, delta=not first)
    return True


def _begin_catalogue(partner: TradingPartner, today: dt.date) -> bool:
    due = today - dt.timedelta(days=partner.catalogue_days)
    rows = TradingPartner.objects.filter(Q(catalogued_on=None) | Q(catalogued_on__lte=due), pk=partner.pk)
    if not rows.update(catalogued_on=today):
        return False
    _queue_catalogue(partner, f"{today:%Y%m%d}")
    return True


@transaction.atomic
def request_advice(*, partner_code: str) -> bool:
    """Whether all stock goes to the partner now; False where it waits for no 846 or is no buyer."""
    partner = TradingPartner.objects.get(code=partner_code)
    if not wants(partner, "846") or partner.account_id is None:
        return False
    _queue_advice(partner, f"{timezone.localtime(database_now()):%y%m%d%H%M%S}", delta=False)
    return True


@transaction.atomic
def request_catalogue(*, partner_code: str) -> bool:
    """Whether all prices go to the partner now; False where it waits for no 832 or is no buyer."""
    partner = TradingPartner.objects.get(code=partner_code)
    if not wants(partner, "832") or partner.account_id is None:
        return False
    _queue_catalogue(partner, f"{timezone.localtime(database_now()):%y%m%d%H%M%S}")
    return True


def _queue_advice(partner: TradingPartner, slot: str, *, delta: bool) -> None:
    payload = {"partner": partner.code, "slot": slot, "delta": delta}
    enqueue_job(ADVISE_JOB, key=f"{partner.code}:{slot}", payload=payload)


def _queue_catalogue(partner: TradingPartner, number: str) -> None:
    payload = {"partner": partner.code, "number": number}
    enqueue_job(CATALOGUE_JOB, key=f"{partner.code}:{number}", payload=payload)

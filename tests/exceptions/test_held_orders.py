"""A held order's case: its kind by what holds it, what it blocks, and until when it can be saved."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from exceptions.models import Case
from orders.process.corrections import correct_order
from orders.process.intake import place_order
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def test_the_first_reason_is_the_kind_and_two_reasons_are_the_general_one(cast: Cast, synced: SandboxProcess) -> None:
    wrong_price = place_order(order=asked(("FST-10001", "10", "EA", "0.30"), po="A"), source_key="t:a").order
    both = place_order(
        order=asked(("FST-10001", "10", "EA", "0.30"), ("NO-SUCH", "1", "EA", None), po="B"), source_key="t:b"
    ).order
    case = Case.objects.get(subject_id=str(wrong_price.pk))
    assert (case.kind, case.code, case.reference) == ("order.price_differs", "held", f"{wrong_price} · PO A")
    assert case.group_key == "order.price_differs · HARBOR · FST-10001"
    assert Case.objects.get(subject_id=str(both.pk)).kind == "order.held"
    correct_order(
        order_id=both.pk, version=1, changes={"line.1.unit_price": ""}, reason="ours holds", actor="agent@x.example"
    )
    assert Case.objects.get(subject_id=str(both.pk)).kind == "order.item_unknown"


def test_the_case_knows_what_is_blocked_and_the_end_of_the_wanted_day(cast: Cast, synced: SandboxProcess) -> None:
    day = timezone.localdate() + dt.timedelta(days=14)
    wanted = replace(asked(("FST-10001", "1000", "EA", "30"), po="A"), requested_on=day)
    order = place_order(order=wanted, source_key="t:a").order
    case = Case.objects.get(subject_id=str(order.pk))
    assert (case.amount, case.account, case.region) == (order.total, cast.harbor, order.ship_to.region)  # type: ignore[union-attr]
    assert case.cutoff_at is not None
    assert (
        dt.timedelta(0)
        <= day - timezone.localtime(case.cutoff_at - dt.timedelta(seconds=1)).date()
        <= dt.timedelta(days=3)
    )
    assert case.amount > Decimal(0)
    assert case.rescore_at is not None

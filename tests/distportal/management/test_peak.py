"""A small peak on the real parts: nothing lost, nothing doubled, the ERP's limit kept, nobody held up."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from distportal.events.clock import database_now
from distportal.events.models import Heartbeat, Job
from distportal.management.peak.chart import chart
from distportal.management.peak.erp import PeakErp
from distportal.management.peak.plan import Plan
from distportal.management.peak.running import Peak, Sample, run_peak
from distportal.management.peak.verdict import verdict
from distportal.systems.limits import shared
from distportal.systems.models import SystemCall

SMALL = Plan(normal=60, factor=20, minutes=0.1, dealers=4, erp_rate=480, concurrency=2, workers=4)


@pytest.mark.django_db(transaction=True)
def test_a_rush_of_one_dealer_holds_up_no_other(tmp_path: Path) -> None:
    shared.forget_absence()
    erp = PeakErp(tmp_path)
    try:
        erp.start()
        peak = run_peak(SMALL, erp)
        found = verdict(SMALL, peak, orders=erp.order_keys(), writes=erp.writes())
    finally:
        erp.stop()
    assert (found.sent, found.lost, found.doubled, found.dead) == (120, 0, 0, 0)
    assert len(peak.waits) == 120
    assert found.burst <= found.burst_allowed
    assert found.others[1] < found.hurried[1]
    assert found.deepest > 10
    assert peak.samples[-1].depth == 0
    assert not Job.objects.exists()
    assert not SystemCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_outage_loses_and_doubles_nothing_and_ends_within_the_limit(tmp_path: Path) -> None:
    shared.forget_absence()
    plan = Plan(normal=30, factor=20, minutes=0.1, dealers=3, erp_rate=900, concurrency=2, workers=3, outage=2.0)
    erp = PeakErp(tmp_path)
    try:
        erp.start()
        peak = run_peak(plan, erp)
        found = verdict(plan, peak, orders=erp.order_keys(), writes=erp.writes())
    finally:
        erp.stop()
    assert (found.sent, found.lost, found.doubled, found.dead) == (60, 0, 0, 0)
    assert found.burst <= found.burst_allowed


def test_a_burst_beyond_the_rate_is_seen() -> None:
    peak = run_of(3)
    steady, rushed = [0.0, 1.0, 2.0, 3.0], [0.0, 0.01, 0.02, 0.03]
    plan = Plan(erp_rate=60, concurrency=1)
    assert verdict(plan, peak, orders=counted("abc"), writes=steady).burst == 1.0
    assert verdict(plan, peak, orders=counted("abc"), writes=rushed).burst == pytest.approx(3.97)


def test_lost_and_doubled_orders_are_seen() -> None:
    found = verdict(Plan(), run_of(3), orders=counted("aac"), writes=[0.0])
    assert (found.lost, found.doubled, found.good) == (1, 1, False)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"minutes": 0.0}, "0 orders"),
        ({"minutes": 9999.0}, "can be simulated"),
        ({"workers": 99}, "workers"),
        ({"dealers": 1}, "two dealers"),
        ({"outage": 9999.0}, "outage"),
    ],
)
def test_a_plan_out_of_bounds_says_why(wrong: dict[str, Any], words: str) -> None:
    assert words in "; ".join(Plan(**wrong).problems())


@pytest.mark.django_db
def test_no_simulation_where_a_sweeper_works() -> None:
    Heartbeat.objects.create(name="sweeper", beat_at=database_now())
    with pytest.raises(CommandError, match="Nothing was done"):
        call_command("simulate_peak", stdout=StringIO())


def test_the_chart_is_one_drawing_with_three_lines() -> None:
    samples = [Sample(at / 2, at, at / 3, at, int(at > 5)) for at in range(20)]
    root = ElementTree.fromstring(chart(samples, title="a <peak> & more"))  # noqa: S314 - our own text
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert tags.count("polyline") == 3
    assert tags.count("rect") == 1 + 3 * 13


def run_of(orders: int) -> Peak:
    return Peak(samples=[Sample(0.0, 1, 0.0, 0, 0)], keys=list("abcdefgh"[:orders]))


def counted(keys: str) -> Counter[str]:
    return Counter(keys)

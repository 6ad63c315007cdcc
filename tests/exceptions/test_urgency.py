"""How urgent a case is: money, hours and tier, by hand-counted examples."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from distportal.accounts.models import Account
from distportal.events.clock import database_now
from exceptions.choices import Severity
from exceptions.models import Case
from exceptions.process.cases import open_case
from exceptions.process.scoring import rescore_due
from exceptions.process.urgency import Urgency, count_urgency
from tests.conftest import Cast

NOW = dt.datetime(2026, 3, 4, 15, tzinfo=dt.UTC)


def counted(amount: str, *, hours: float | None = None, tier: str = "B", base: int = 1) -> Urgency:
    cutoff_at = None if hours is None else NOW + dt.timedelta(hours=hours)
    return count_urgency(base=base, amount=Decimal(amount), tier=tier, cutoff_at=cutoff_at, now=NOW)


@pytest.mark.parametrize(
    ("facts", "points", "severity"),
    [
        ({"amount": "499.99"}, "499.99", Severity.LOW),
        ({"amount": "500"}, "500.00", Severity.NORMAL),
        ({"amount": "5000"}, "5000.00", Severity.HIGH),
        ({"amount": "12400", "hours": 2.2, "tier": "A"}, "55800.00", Severity.HIGH),
        ({"amount": "12400", "hours": 1.9, "tier": "A"}, "93000.00", Severity.URGENT),
        ({"amount": "1000", "hours": 49}, "1000.00", Severity.NORMAL),
        ({"amount": "1000", "hours": 48}, "1500.00", Severity.NORMAL),
        ({"amount": "1000", "hours": -3, "tier": "C"}, "4500.00", Severity.NORMAL),
        ({"amount": "-80", "hours": 1}, "0.00", Severity.LOW),
        ({"amount": "0", "base": 3}, "0.00", Severity.HIGH),
        ({"amount": "100", "tier": "Z"}, "100.00", Severity.LOW),
    ],
)
def test_value_times_hours_times_tier(facts: dict[str, Any], points: str, severity: Severity) -> None:
    got = counted(**facts)
    assert (got.points, got.severity) == (Decimal(points), severity)


def test_it_says_when_the_hours_count_more() -> None:
    assert counted("1", hours=50).changes_at == NOW + dt.timedelta(hours=2)
    assert counted("1", hours=1).changes_at == NOW + dt.timedelta(hours=1)
    assert counted("1", hours=-1).changes_at is None
    assert counted("1").changes_at is None


@pytest.mark.django_db
def test_a_case_becomes_urgent_as_its_cutoff_comes_nearer_and_others_are_not_read(cast: Cast) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(tier="A")
    cast.harbor.refresh_from_db()

    def case(subject: str, hours: int) -> Case:
        return open_case(
            kind="order.held", code="held", subject_type="order", subject_id=subject, sentence="x",
            account=cast.harbor, amount=Decimal(12400), cutoff_at=database_now() + dt.timedelta(hours=hours),
        )  # fmt: skip

    near, far = case("1", 3), case("2", 100)
    assert (near.severity, near.points, far.severity) == (Severity.HIGH, Decimal(55800), Severity.HIGH)
    assert rescore_due() == 0
    Case.objects.filter(pk=near.pk).update(
        cutoff_at=database_now() + dt.timedelta(hours=1), rescore_at=database_now() - dt.timedelta(seconds=1)
    )
    assert rescore_due() == 1
    near.refresh_from_db()
    assert (near.severity, near.points, near.version) == (Severity.URGENT, Decimal(93000), 1)
    assert near.rescore_at == near.cutoff_at

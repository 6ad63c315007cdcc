"""What is in dispute is not due, the rest is: the same on every page, and in the notice."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from distportal.events.models import OutboxEvent
from orders.models import Dispute, Invoice
from orders.process.dispute_deciding import reject_dispute
from orders.process.overdue import watch_overdue
from orders.queries.dealer_standing import standing_of
from orders.queries.receivables import receivables_of
from orders.queries.statement import statement_of
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.disputes.conftest import Opens

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(invoice: Invoice) -> Invoice:
    """Due five days ago."""
    day = timezone.localdate()
    before = day - dt.timedelta(days=35)
    Invoice.objects.filter(pk=invoice.pk).update(due_on=day - dt.timedelta(days=5), issued_on=before)
    invoice.refresh_from_db()
    return invoice


def overdue_notices() -> list[str]:
    return [event.payload["open"] for event in OutboxEvent.objects.filter(type="invoice.overdue")]


def test_only_the_disputed_part_is_left_out_everywhere(cast: Cast, late: Invoice, opens: Opens) -> None:
    today = timezone.localdate()
    opens("100", "10")
    [owed] = receivables_of(cast.harbor, today=today)
    assert (owed.open, owed.overdue, owed.disputed) == (Decimal(160), Decimal(50), Decimal(110))
    assert (owed.ages["1-30"], owed.ages["disputed"]) == (Decimal(50), Decimal(110))
    assert sum(owed.ages.values()) == owed.open
    standing = standing_of(account=cast.harbor, user=cast.buyer, today=today)
    assert (standing.overdue, standing.overdue_amount) == (1, Decimal(50))
    statement = statement_of(cast.harbor, since=today - dt.timedelta(days=60), as_of=today)
    assert (statement.closing, statement.ages.overdue) == (Decimal(160), Decimal(50))
    before = statement_of(cast.harbor, since=today - dt.timedelta(days=60), as_of=today - dt.timedelta(days=1))
    assert before.ages.overdue == Decimal(160), "yesterday nothing was in dispute"
    watch_overdue()
    assert overdue_notices() == ["$50.00"]


def test_what_is_disputed_whole_is_not_dunned_until_it_is_denied(cast: Cast, late: Invoice, opens: Opens) -> None:
    row = opens("100", "60")
    buyer = signed_in(cast.buyer)
    assert "INV-1" not in buyer.get("/invoices/?view=overdue").content.decode()
    assert "INV-1" in buyer.get("/invoices/?age=disputed").content.decode()
    page = buyer.get("/invoices/").content.decode()
    assert "In dispute, not due" in page
    assert '<small class="remark warn">overdue' not in page
    assert (watch_overdue(), overdue_notices()) == (0, [])
    Invoice.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - dt.timedelta(days=40))
    reject_dispute(dispute_id=row.pk, reason="as contracted", user=cast.finance)
    assert (watch_overdue(), overdue_notices()) == (1, ["$160.00"]), "also where the day passed long ago"
    assert watch_overdue() == 0
    assert "INV-1" in buyer.get("/invoices/?view=overdue").content.decode()


def test_a_part_that_is_approved_and_not_credited_yet_is_kept_back_alone(
    cast: Cast, late: Invoice, opens: Opens
) -> None:
    row = opens("100")
    Dispute.objects.filter(pk=row.pk).update(status="approved", amount_approved=Decimal(30))
    [owed] = receivables_of(cast.harbor, today=timezone.localdate())
    assert (owed.overdue, owed.ages["disputed"]) == (Decimal(130), Decimal(30))

"""What is due is noted once, warned of, missed with its fee, and ended by the document that leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from distportal.events.clock import database_now
from distportal.events.sweeper import work_until_idle
from edi.models import DeadlineRule, Document, DueDocument
from edi.process.deadlines import watch_deadlines
from edi.queries.cases import evidence_of
from edi.queries.deadlines import sla_of
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import Order
from tests.at_once import at_once
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def rule(post: Post, set_id: str, **changes: Any) -> DeadlineRule:
    details = {
        "counted_from": "received", "hours": Decimal(24), "valid_from": dt.date(2026, 1, 1), "fee_kind": "flat",
        "fee_amount": Decimal(250), "source": "guide 2026",
    }  # fmt: skip
    return DeadlineRule.objects.create(partner=post.partner, set_id=set_id, **details | changes)


def open_kinds() -> list[str]:
    return sorted(Case.objects.filter(status__in=CaseStatus.OPEN).values_list("kind", flat=True))


def states() -> list[tuple[str, str, Decimal]]:
    return list(DueDocument.objects.order_by("set_id").values_list("set_id", "state", "fee"))


def test_what_leaves_in_time_opens_nothing(
    crestline: Post, catalogue: SandboxProcess, ship: Callable[[str], None]
) -> None:
    for set_id in ("997", "855"):
        rule(crestline, set_id)
    rule(crestline, "856", counted_from="shipped", hours=Decimal(2))
    rule(crestline, "810", counted_from="shipped", hours=Decimal(48))
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    ship(Order.objects.get().erp_number)
    assert watch_deadlines() == 8
    assert states() == [(set_id, "met", Decimal(0)) for set_id in ("810", "855", "856", "997")]
    assert watch_deadlines() == 0
    assert not Case.objects.exists()
    assert [(s.set_id, s.on_time, s.percent) for s in sla_of(crestline.partner, now=timezone.now())] == [
        (set_id, 1, 100) for set_id in ("810", "855", "856", "997")
    ]


@pytest.fixture
def held(crestline: Post, catalogue: SandboxProcess) -> Post:
    """An order that waits for a person, so that its 855 does not leave."""
    rule(crestline, "855", warn_hours=Decimal(4))
    crestline.take(crestline.order(("FST-10001", "10", "9.99"), po="LATE-1"))
    watch_deadlines()
    return crestline


def shift(hours: float) -> None:
    """The deadline is that many hours from now."""
    due = database_now() + dt.timedelta(hours=hours)
    DueDocument.objects.update(due_at=due, warn_at=due - dt.timedelta(hours=4))


def test_the_case_shows_what_was_agreed_and_what_asks_for_it(held: Post) -> None:
    shift(-1)
    watch_deadlines()
    shown = evidence_of(Case.objects.get(kind="edi.deadline_missed"))
    assert shown["edi_document"] == Document.objects.get(set_id="850")
    assert shown["edi_sentences"] == ["Agreed: 855 within 24 h of receipt from the partner.", "Source: guide 2026"]


def test_it_is_warned_of_once_and_the_warning_ends_by_itself(held: Post) -> None:
    assert open_kinds() == ["order.price_differs"]
    shift(3)
    watch_deadlines()
    watch_deadlines()
    assert open_kinds() == ["edi.deadline_near", "order.price_differs"]
    warning = Case.objects.get(kind="edi.deadline_near")
    assert (warning.occurrences, warning.cutoff_at) == (1, DueDocument.objects.get().due_at)
    assert "PO LATE-1 has to leave for Crestline" in warning.sentence
    accept()
    watch_deadlines()
    assert open_kinds() == []
    assert states() == [("855", "met", Decimal(0))]


def accept() -> None:
    """A person corrects the price."""
    from orders.process.corrections import correct_order

    order = Order.objects.get()
    correct_order(
        order_id=order.pk, version=order.version, changes={"line.1.unit_price": "0.42"}, reason="agreed", actor="t"
    )
    work_until_idle()
    assert Document.objects.filter(set_id="855", sent_at__isnull=False).exists()


def test_a_missed_one_is_told_with_its_fee_which_stays_when_it_leaves_late(held: Post) -> None:
    shift(3)
    watch_deadlines()
    shift(-1)
    watch_deadlines()
    watch_deadlines()
    assert open_kinds() == ["edi.deadline_missed", "order.price_differs"]
    case = Case.objects.get(kind="edi.deadline_missed")
    assert (case.amount, case.occurrences) == (Decimal(250), 1)
    assert "$250.00 may be charged" in case.sentence
    accept()
    watch_deadlines()
    assert open_kinds() == []
    assert states() == [("855", "missed", Decimal(250))]
    [sla] = sla_of(held.partner, now=timezone.now())
    assert (sla.on_time, sla.missed, sla.percent, sla.fees) == (0, 1, 0, Decimal(250))


def test_rules_hold_on_their_days_only_and_the_newest_counts(crestline: Post, catalogue: SandboxProcess) -> None:
    today = timezone.localdate()
    rule(crestline, "855", valid_until=today - dt.timedelta(days=1))
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    watch_deadlines()
    assert not DueDocument.objects.exists()
    rule(crestline, "855", valid_from=today - dt.timedelta(days=2), hours=Decimal(8))
    rule(crestline, "855", valid_from=today, hours=Decimal(2))
    watch_deadlines()
    due = DueDocument.objects.get()
    source = Document.objects.get(set_id="850")
    assert due.due_at - source.created_at == dt.timedelta(hours=2)


def test_an_order_that_was_cancelled_owes_no_ship_notice(crestline: Post, catalogue: SandboxProcess) -> None:
    rule(crestline, "856", counted_from="requested_ship", hours=Decimal(0))
    crestline.take(crestline.order(("FST-10001", "10", "9.99")))
    watch_deadlines()
    shift(1)
    watch_deadlines()
    assert "edi.deadline_near" in open_kinds()
    Order.objects.update(status="rejected")
    watch_deadlines()
    assert states() == [("856", "void", Decimal(0))]
    assert "edi.deadline_near" not in open_kinds()


def test_a_ship_notice_the_partner_refused_has_not_arrived(
    crestline: Post, catalogue: SandboxProcess, ship: Callable[[str], None]
) -> None:
    rule(crestline, "856", counted_from="shipped", hours=Decimal(2), fee_kind="per_carton", fee_amount=Decimal(75))
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    ship(Order.objects.get().erp_number)
    Document.objects.filter(set_id="856").update(ack_state="rejected")
    watch_deadlines()
    shift(-1)
    watch_deadlines()
    assert states() == [("856", "missed", Decimal(75))]


def test_tests_owe_nothing(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.partner.usage = "T"
    crestline.partner.save()
    rule(crestline, "855")
    rule(crestline, "997")
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    assert watch_deadlines() == 0
    assert not DueDocument.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_watchers_at_once_note_and_tell_once(held: Post) -> None:
    DueDocument.objects.all().delete()
    at_once(watch_deadlines, watch_deadlines)
    assert DueDocument.objects.count() == 1
    shift(-1)
    at_once(watch_deadlines, watch_deadlines)
    case = Case.objects.get(kind="edi.deadline_missed")
    assert (case.occurrences, open_kinds().count("edi.deadline_missed")) == (1, 1)

"""Queues are kept by those who lead: by their calendar cases are due, and what nobody takes goes where they say."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.accounts.models import User
from distportal.calendars.models import Calendar, WorkingHours
from distportal.events.clock import database_now
from exceptions.models import Case, Queue
from exceptions.process.cases import open_case
from exceptions.process.clocks import due_in_words
from exceptions.process.watching import watch_cases
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def lead_person() -> User:
    return User.objects.get(email="operator@northline.example")


def case(subject: str) -> Case:
    return open_case(kind="order.held", code="held", subject_type="order", subject_id=subject, sentence="x")


def test_an_operator_gives_a_queue_its_calendar_and_says_where_it_escalates_to(cast: Cast) -> None:
    before = case("1")
    calendar = Calendar.objects.create(code="night", name="Night shift", time_zone="Asia/Tokyo")
    for day in range(1, 8):
        WorkingHours.objects.create(calendar=calendar, weekday=day, opens=dt.time(0), closes=dt.time(4))
    lead = signed_in(lead_person())
    assert lead.post("/desk/queues/", {"name": "Team leads", "group": "agent"}).status_code == 302
    leads, orders = Queue.objects.get(code="team-leads"), Queue.objects.get(code="orders")
    form = {"name": "Orders", "group": "agent", "calendar": calendar.pk, "escalates_to": leads.pk}
    assert lead.post(f"/desk/queues/{orders.pk}/", form).status_code == 302
    page = lead.get("/desk/queues/").content.decode()
    assert ("Night shift" in page, "Team leads" in page) == (True, True)

    due = before.due_at
    before.refresh_from_db()
    after = case("2")
    assert before.due_at == due
    assert ("Night shift" in due_in_words(after), after.due_at is not None) == (True, True)
    Case.objects.filter(pk=after.pk).update(first_due_at=database_now())
    assert watch_cases()["escalated"] == 1
    after.refresh_from_db()
    assert after.queue == leads


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"name": "orders"}, "nother queue has this name"),
        ({"name": "ORDERS!"}, "nother queue has this name"),
        ({"name": " "}, "This field is required"),
        ({"group": "dealers"}, "not one of the available choices"),
    ],
)
def test_what_is_no_queue_is_refused(cast: Cast, bad: dict[str, str], why: str) -> None:
    case("1")
    answer = signed_in(lead_person()).post("/desk/queues/", {"name": "Leads", "group": "agent", **bad})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert Queue.objects.count() == 1


def test_a_queue_does_not_escalate_to_itself_and_only_operators_keep_queues(cast: Cast) -> None:
    case("1")
    orders = Queue.objects.get()
    form = {"name": "Orders", "group": "agent", "escalates_to": orders.pk}
    answer = signed_in(lead_person()).post(f"/desk/queues/{orders.pk}/", form)
    assert answer.status_code == 422
    assert "cannot escalate to itself" in answer.content.decode()
    for user in (cast.agent, cast.finance, cast.buyer):
        assert signed_in(user).get("/desk/queues/").status_code in (403, 404)
        assert signed_in(user).post(f"/desk/queues/{orders.pk}/", form).status_code in (403, 404)
    orders.refresh_from_db()
    assert (orders.name, orders.escalates_to) == ("Orders", None)

"""How the desk stands: load, ageing, repeat causes with money and hours, and ends, of the days in the address."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.accounts.models import User
from distportal.calendars.adding import AddedTime
from distportal.calendars.queries import weekdays
from distportal.observability.actor import acting
from distportal.web.charts import column_chart, stacked_bar
from exceptions.choices import CaseStatus, Resolution
from exceptions.models import Case
from exceptions.process.cases import claim_case, open_case, resolve_case
from exceptions.queries.supervising.ends import days, ends
from exceptions.queries.supervising.periods import Period
from exceptions.queries.supervising.repeat_causes import repeat_causes
from exceptions.queries.supervising.standing import by_kind, by_person, by_queue, open_rows
from tests.clients import main_of, signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
UNIT, PRICE = "order.unit_unknown", "order.price_differs"


def case(subject: str, **more: Any) -> Case:
    facts = {"kind": UNIT, "code": "held", "subject_type": "order", "sentence": "x", "data": {"cause": "CTN"}, **more}
    return open_case(subject_id=subject, **facts)


def ended(row: Case, resolution: Resolution = Resolution.BY_HAND, by: str = "") -> Case:
    with acting(by):
        return resolve_case(case_id=row.pk, resolution=resolution, reason="done")


def lead() -> User:
    return User.objects.get(email="operator@northline.example")


def last_days(count: int = 30) -> Period:
    return Period.of({"days": str(count)})


def test_what_is_open_is_counted_by_person_queue_kind_and_age(cast: Cast) -> None:
    now = timezone.now()
    mine = claim_case(case_id=case("1", amount=Decimal(100)).pk, user=cast.agent, version=1)
    late, waits, old = case("2", amount=Decimal(50), currency="EUR"), case("3"), case("4", kind="edi.ack_overdue")
    Case.objects.filter(pk__in=[late.pk, waits.pk]).update(due_at=now - dt.timedelta(hours=1))
    Case.objects.filter(pk=waits.pk).update(status=CaseStatus.WAITING_DEALER, remind_at=now, owner=cast.agent)
    Case.objects.filter(pk=old.pk).update(created_at=now - dt.timedelta(days=40))
    Case.objects.filter(pk=mine.pk).update(created_at=now - dt.timedelta(days=2))
    ended(case("done"))
    rows = open_rows()
    people = by_person(rows, settled={cast.finance.email: 3, "key:CRM": 9}, names={cast.finance.email: "Fin"})
    assert [(load.name, load.open, load.late, load.aside, load.settled) for load in people] == [
        ("Nobody", 2, 1, 0, 0), (cast.agent.name, 2, 0, 1, 0), ("Fin", 0, 0, 0, 3),
    ]  # fmt: skip
    assert (people[0].blocked, people[1].blocked) == ({"EUR": Decimal(50)}, {"USD": Decimal(100)})
    assert [(load.key, load.open, load.unowned) for load in by_queue(rows)] == [("orders", 3, 1), ("edi", 1, 1)]
    assert [(load.key, load.ages) for load in by_kind(rows)] == [
        ("edi.ack_overdue", [0, 0, 0, 0, 1]), (UNIT, [2, 1, 0, 0, 0]),
    ]  # fmt: skip


def test_a_cause_that_repeats_has_its_money_and_the_working_hours_that_it_cost(cast: Cast) -> None:
    """A Monday from 9 to 12 and, over a weekend, from Friday 22:00 to Monday 01:00: three hours each."""
    today = timezone.localtime()
    monday = (today - dt.timedelta(days=today.weekday() + 7)).replace(hour=9, minute=0, second=0, microsecond=0)
    first, second, once = case("1", amount=Decimal(70)), case("2", amount=Decimal(30)), case("3", kind=PRICE)
    for row, since, until in (
        (first, monday, monday + dt.timedelta(hours=3)),
        (second, monday - dt.timedelta(days=3) + dt.timedelta(hours=13), monday - dt.timedelta(hours=8)),
    ):
        ended(row)
        Case.objects.filter(pk=row.pk).update(created_at=since, responded_at=since, resolved_at=until)
    [cause] = repeat_causes(last_days())
    assert (cause.key, cause.cases, cause.seen, cause.still_open) == (first.group_key, 2, 2, 0)
    assert (cause.amount, cause.money, cause.hours) == (Decimal(100), {"USD": Decimal(100)}, 6.0)
    case("3", kind=PRICE, amount=Decimal(500))
    assert [one.kind for one in repeat_causes(last_days())] == [once.kind, UNIT]
    assert [one.kind for one in repeat_causes(last_days(), sort="hours")] == [UNIT, once.kind]
    case("4", amount=Decimal(1), currency="EUR")
    assert repeat_causes(last_days(), sort="seen")[0].money == {"EUR": Decimal(1), "USD": Decimal(100)}
    later = Period(monday.date() + dt.timedelta(days=1), today.date())
    assert {one.kind: one.cases for one in repeat_causes(later)} == {PRICE: 1}


def test_time_that_is_added_up_by_day_is_what_the_calendar_counts() -> None:
    calendar, start = weekdays(), timezone.now() - dt.timedelta(days=20)
    added = AddedTime(calendar, start)
    for a, b in ((3, 400), (0, 1), (50, 50), (100, 479), (17, 30)):
        begin, end = start + dt.timedelta(hours=a), start + dt.timedelta(hours=b)
        assert added.between(begin, end) == calendar.worked(begin, end)
        assert added.between(end, begin) == dt.timedelta(0)


def test_ends_tell_who_settled_what_needed_nobody_and_what_came_again(cast: Cast) -> None:
    ended(case("1"), by=cast.agent.email)
    ended(case("2"), Resolution.BY_EVENT, by="")
    ended(case("3"), Resolution.BY_EVENT, by=cast.finance.email)  # as a dispute that a person decides
    case("3")
    late = ended(case("4", kind=PRICE), by=cast.agent.email)
    opened = timezone.now() - dt.timedelta(days=3)
    Case.objects.filter(pk=late.pk).update(clock_from=opened, due_at=opened, resolved_at=opened + dt.timedelta(hours=8))
    figures = ends(last_days())
    assert (figures.all.ended, figures.all.by_itself_share, figures.all.reopened_share) == (4, 25, 25)
    assert figures.people == {cast.agent.email: 2, cast.finance.email: 1}, "what finance decides, finance ended"
    units, prices = figures.kinds
    assert (units.kind, units.ended, units.settled, units.reopened, units.in_time_share) == (UNIT, 3, 2, 1, 100)
    assert (prices.ended, prices.in_time_share, prices.half) == (1, 0, dt.timedelta(hours=8))
    told = days(last_days(2))
    assert [(day.came, day.ended) for day in told] == [(0, 0), (4, 4)]
    before = Period(told[0].on - dt.timedelta(days=9), told[0].on - dt.timedelta(days=5))
    assert (ends(before).all.ended, ends(before).all.by_itself_share) == (0, None)


def test_a_period_is_words_of_the_address_and_nonsense_is_the_last_thirty_days() -> None:
    today = dt.date(2026, 3, 31)
    for query, wanted in (
        ({"days": "7"}, (25, 7)), ({"from": "2026-03-30", "until": "2026-03-30"}, (30, 1)),
        ({"days": "x", "from": "2026-02-31", "until": "never"}, (2, 30)), ({"days": "²"}, (2, 30)),
        ({"until": "2031-01-01"}, (2, 30)), ({"from": "2031-01-01"}, (31, 1)),
    ):  # fmt: skip
        period = Period.of(query, today=today)
        assert (period.first.day, period.length) == wanted, query
    assert Period.of({"from": "1999-01-01"}, today=today).length == 366


def test_the_page_is_for_who_leads_and_asks_as_much_for_many_cases_as_for_few(cast: Cast) -> None:
    for person in (cast.agent, cast.finance, cast.buyer):
        assert signed_in(person).get("/desk/supervisor/").status_code == 403
    client = signed_in(lead())
    counts = []
    for upto in (2, 60):
        for n in range(upto):
            row = claim_case(case_id=case(f"{upto}-{n}", amount=Decimal(9)).pk, user=cast.agent, version=1)
            if n % 2:
                ended(row, by=cast.agent.email)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page = client.get("/desk/supervisor/", {"days": "7", "sort": "hours"})
        counts.append(len(seen))
    assert counts[0] == counts[1]
    text = page.content.decode()
    assert "order.unit_unknown · CTN" in text
    assert "$558.00" in text
    assert f"owner={cast.agent.email.replace('@', '%40')}" in text
    assert (page.context["period"].length, page.context["sort"]) == (7, "hours")
    assert "How it stands" in client.get("/desk/").content.decode()
    assert "How it stands" not in signed_in(cast.agent).get("/desk/").content.decode()


def test_a_kind_of_which_every_end_was_opened_again_has_no_times(cast: Cast) -> None:
    ended(case("1"), by=cast.agent.email)
    case("1")
    page = main_of(signed_in(lead()).get("/desk/supervisor/").content.decode())
    assert '<td class="num" data-label="half within">—</td>' in page
    assert '<td class="num" data-label="nine of ten within">—</td>' in page


def test_an_empty_desk_says_so(cast: Cast) -> None:
    text = signed_in(lead()).get("/desk/supervisor/").content.decode()
    for words in ("Nothing came twice", "Nothing waits", "Nothing ended", "0 came and 0 ended"):
        assert words in text


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    chart = column_chart([(2, 0), (4, 1)])
    assert [(bar.series, bar.height) for bar in chart.bars] == [(0, 60.0), (1, 0.0), (0, 120.0), (1, 30.0)]
    assert {round(bar.y + bar.height) for bar in chart.bars} == {120}
    bars = stacked_bar((1, 0, 3), most=8).bars
    assert [(bar.series, bar.x, bar.width) for bar in bars] == [(0, 0.0, 12.5), (2, 12.5, 37.5)]
    assert column_chart([]).bars == stacked_bar((), most=0).bars == ()

"""The control tower says what is wrong, worst first by money, and who acts; scorecards agree with their rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.events.backlog import LaneBacklog
from distportal.events.clock import database_now
from distportal.events.judging import Bounds
from distportal.events.models import Heartbeat, Job
from distportal.measures.kinds import Team
from edi.choices import DueState
from edi.models import DeadlineRule, DueDocument, MailboxLink
from edi.ops.alarms import QUIET, Alarm, of_lanes, worst_first
from exceptions.choices import Layer, Severity
from exceptions.models import Case, Incident
from exceptions.process.cases import open_case
from inventory.models import FeedCursor
from orders.models import Dispute
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post

pytestmark = pytest.mark.django_db
STORY = "6f6c1a52-9a5c-5b0e-8a3d-0d3b7f1d2c11"


def alive() -> None:
    Heartbeat.objects.update_or_create(name="sweeper", defaults={"beat_at": database_now()})


def due(post: Post, set_id: str, state: str, *, hours_ago: int = 1, fee: int = 0, late: int = 2) -> DueDocument:
    rule = DeadlineRule.objects.filter(partner=post.partner).first() or DeadlineRule.objects.create(
        partner=post.partner, set_id="855", counted_from="received", hours=Decimal(24), valid_from=dt.date(2026, 1, 1)
    )
    at = database_now() - dt.timedelta(hours=hours_ago)
    left = {"met": at, "missed": at + dt.timedelta(hours=late)}.get(state)
    return DueDocument.objects.create(
        partner=post.partner, rule=rule, set_id=set_id, subject=f"x:{DueDocument.objects.count()}", due_at=at,
        warn_at=at, state=state, left_at=left, fee=fee, correlation_id=STORY,
    )  # fmt: skip


def test_a_quiet_house_is_said_to_be_quiet_and_dealers_are_not_let_in(cast: Cast) -> None:
    alive()
    page = signed_in(cast.agent).get("/tower/")
    assert (page.status_code, page.context["alarms"]) == (200, [])
    text = page.content.decode()
    assert "Nothing is wrong." in text
    assert 'hx-get="/tower/" hx-trigger="every 15s" hx-select="#tower"' in text
    assert "hx-trigger" not in signed_in(cast.agent).get("/tower/?live=off").content.decode()
    for address in ("/tower/", "/edi/scorecards/", "/edi/partners/CRESTLINE/scorecard/"):
        assert signed_in(cast.buyer).get(address).status_code == 403, address


def test_what_is_wrong_stands_worst_first_with_its_money_and_team(cast: Cast, crestline: Post) -> None:
    small = open_case(
        kind="order.held", code="held", subject_type="order", subject_id="1", sentence="x", amount=Decimal(300)
    )
    big = open_case(
        kind="dispute.open", code="d", subject_type="dispute", subject_id="2", sentence="y", queue="finance",
        amount=Decimal(70_000),
    )  # fmt: skip
    now = database_now()
    Case.objects.filter(pk__in=(small.pk, big.pk)).update(due_at=now - dt.timedelta(hours=1))
    FeedCursor.objects.create(kind="stock", failing_since=now, last_error="timed out")
    MailboxLink.objects.update_or_create(
        mailbox=crestline.partner.mailbox, direction="out", defaults={"failed_since": now, "last_error": "refused"}
    )
    page = signed_in(cast.agent).get("/tower/")
    alarms = page.context["alarms"]
    assert [(a.severity, a.team, a.title) for a in alarms] == [
        (Severity.URGENT, Team.FINANCE, "1 late case in Disputes"),
        (Severity.URGENT, Team.OPERATIONS, "The sweeper is away"),
        (Severity.HIGH, Team.EDI, "Crestline Home Centers: files do not get out"),
        (Severity.HIGH, Team.OPERATIONS, "Feed stock from default fails"),
        (Severity.NORMAL, Team.ORDERS, "1 late case in Orders"),
    ]
    finance = signed_in(cast.finance)
    assert finance.get("/tower/").status_code == finance.get("/edi/partners/CRESTLINE/scorecard/").status_code == 200
    assert page.context["blocked"] == {"USD": Decimal("70300.00")}
    assert [(t.team, t.alarms) for t in page.context["teams"]] == [
        (Team.OPERATIONS, 2), (Team.FINANCE, 1), (Team.EDI, 1), (Team.ORDERS, 1),
    ]  # fmt: skip
    text = page.content.decode()
    assert "5 things are wrong" in text
    assert "$70,300.00" in text
    alive()
    Case.objects.update(due_at=now + dt.timedelta(hours=1))
    FeedCursor.objects.update(failing_since=None, read_at=now)
    MailboxLink.objects.update(failed_since=None)
    assert signed_in(cast.agent).get("/tower/").context["alarms"] == []


def test_an_outage_is_one_alarm_and_its_place_no_second_one(cast: Cast, crestline: Post) -> None:
    alive()
    now = database_now()
    MailboxLink.objects.update_or_create(
        mailbox=crestline.partner.mailbox, direction="out", defaults={"failed_since": now, "last_error": "refused"}
    )
    row = Incident.objects.create(
        layer=Layer.PARTNER, place="CRESTLINE", key="partner:CRESTLINE", title="Crestline cannot be reached",
        reason="5 tries failed", severity=Severity.HIGH, waiting=3, case_count=1, blocked={"USD": "1200"}, began_at=now,
    )  # fmt: skip
    [alarm] = signed_in(cast.agent).get("/tower/").context["alarms"]
    assert (alarm.title, alarm.team, alarm.money) == (row.title, Team.EDI, {"USD": Decimal(1200)})
    assert alarm.detail == f"incident {row}: 1 case, 3 things wait. 5 tries failed"
    assert alarm.url == f"/desk/incidents/{row.pk}/"
    Incident.objects.update(seen_at=now - QUIET - dt.timedelta(seconds=1))
    [alarm] = signed_in(cast.agent).get("/tower/").context["alarms"]
    assert alarm.detail.endswith("3 things wait. It was quiet since and ends with five quiet minutes; last seen")
    assert alarm.until == now - QUIET - dt.timedelta(seconds=1)
    Incident.objects.update(ended_at=now)
    [alarm] = signed_in(cast.agent).get("/tower/").context["alarms"]
    assert alarm.title == "Crestline Home Centers: files do not get out"


def test_the_feeds_of_a_system_that_does_not_answer_are_no_alarms_beside_it(cast: Cast) -> None:
    alive()
    now = database_now()
    FeedCursor.objects.create(kind="item", failing_since=now, last_error="rests")
    FeedCursor.objects.create(kind="stock", read_at=now - dt.timedelta(hours=1))
    FeedCursor.objects.create(kind="wms:newark", failing_since=now, last_error="no answer")
    FeedCursor.objects.create(kind="tms:roadrunner", failing_since=now, last_error="no answer")
    for layer, place in ((Layer.ERP, "default"), (Layer.WMS, "newark")):
        Incident.objects.create(
            layer=layer, place=place, key=f"{layer}:{place}", title=f"{place} does not answer", reason="7 calls failed",
            severity=Severity.HIGH, waiting=0, case_count=0, began_at=now,
        )  # fmt: skip
    titles = {alarm.title for alarm in signed_in(cast.agent).get("/tower/").context["alarms"]}
    assert titles == {"default does not answer", "newark does not answer", "Feed carrier roadrunner fails"}
    Incident.objects.update(ended_at=now)
    titles = {alarm.title for alarm in signed_in(cast.agent).get("/tower/").context["alarms"]}
    assert titles == {
        "Feed item from default fails", "Feed stock from default is late", "Feed warehouse newark fails",
        "Feed carrier roadrunner fails",
    }  # fmt: skip


def test_money_raises_an_alarm_and_never_lowers_it() -> None:
    def alarm(base: Severity, amount: int) -> Alarm:
        money = {"USD": Decimal(amount)} if amount else {}
        return Alarm(title=f"{base}{amount}", detail="", team=Team.EDI, base=base, url="/", money=money)

    assert [alarm(Severity.LOW, n).severity for n in (0, 499, 500, 5_000, 60_000)] == [1, 1, 2, 3, 4]
    assert alarm(Severity.HIGH, 10).severity == Severity.HIGH
    rows = worst_first([alarm(Severity.LOW, 0), alarm(Severity.NORMAL, 600), alarm(Severity.NORMAL, 900)])
    assert [row.title for row in rows] == ["2900", "2600", "10"]


def test_a_lane_is_an_alarm_once_its_oldest_work_waits_too_long() -> None:
    lanes = [LaneBacklog("orders", 3, 0, seconds) for seconds in (60.0, 61.0, 301.0)]
    found = list(of_lanes(lanes, 1.0, Bounds()))
    assert [(a.base, a.detail) for a in found] == [
        (Severity.NORMAL, "the oldest for 61 s, 3 in all"), (Severity.HIGH, "the oldest for 5 min, 3 in all"),
    ]  # fmt: skip


def test_more_rows_are_no_more_statements(cast: Cast, crestline: Post) -> None:
    client = signed_in(cast.agent)
    counts = []
    for n in (1, 30):
        for m in range(n):
            due(crestline, "855", DueState.OPEN)
            open_case(kind="order.held", code="held", subject_type="order", subject_id=f"{n}-{m}", sentence="x")
            Job.objects.create(lane="orders", kind="x", key=f"{n}-{m}", correlation_id=STORY)
        client.get("/tower/")
        with CaptureQueriesContext(connection) as ran:
            client.get("/tower/")
        counts.append(len(ran))
    assert counts[0] == counts[1]


def test_a_scorecard_counts_what_its_rows_show(cast: Cast, crestline: Post, brightway: Post) -> None:
    for set_id, state in (("855", "met"), ("855", "met"), ("855", "missed"), ("856", "open"), ("810", "void")):
        due(crestline, set_id, state, fee=250 if state == "missed" else 0)
    due(crestline, "855", "missed", hours_ago=24 * 200)
    due(brightway, "855", "missed")
    client = signed_in(cast.agent)
    page = client.get("/edi/partners/CRESTLINE/scorecard/?period=90")
    scores = [(s.set_id, s.met, s.missed, s.open, s.late_by) for s in page.context["scores"]]
    assert scores == [("855", 2, 1, 0, dt.timedelta(hours=2)), ("856", 0, 0, 1, None)]
    assert page.context["fees"] == [("USD", Decimal("250.00"), 1)]
    assert sum(met for met, _ in page.context["trend"].values()) == 2
    assert sum(missed for _, missed in page.context["trend"].values()) == 1
    text = page.content.decode()
    assert "66.6 %" in text
    assert "$250.00 for 1 document" in text
    days = f"first={page.context['asked'].first}&last={page.context['asked'].last}"
    for query, expected in (("", 4), ("&part=855", 3), ("&part=855&state=missed", 1), ("&state=open", 1)):
        rows = client.get(f"/edi/partners/CRESTLINE/scorecard/rows/?{days}{query}").context["page"]
        assert len(rows) == expected, query
    assert text.count('<rect class="bad"') == 1
    for words in ("period=nonsense", "first=x&last=y", "first=2026-02-30"):
        assert client.get(f"/edi/partners/CRESTLINE/scorecard/?{words}").status_code == 200
    assert client.get("/edi/partners/NOBODY/scorecard/").status_code == 404


def test_an_empty_scorecard_says_so(cast: Cast, crestline: Post) -> None:
    page = signed_in(cast.agent).get("/edi/partners/CRESTLINE/scorecard/?period=last_month")
    assert page.context["share"] is None
    assert "Nothing was due" in page.content.decode()
    assert not Dispute.objects.exists()

"""One outage is one incident: it begins, grows and ends by what is seen, and its cases do not shout one by one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from distportal.accounts.models import Account, User
from distportal.events.clock import database_now
from distportal.events.sweeper import work_lane
from distportal.notices.models import Notice
from distportal.systems.models import SystemCall
from distportal.systems.registry import system_name
from exceptions.choices import Resolution
from exceptions.models import Case, Incident, Subscription
from exceptions.process.cases import open_case, resolve_case
from exceptions.process.incidents.subscribing import subscribe_to
from exceptions.process.incidents.watching import watch_incidents
from exceptions.process.next_case import take_next
from exceptions.process.saved_views import save_view
from exceptions.process.watching import watch_cases
from exceptions.queries.listing import Asked, cases_asked
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
OPERATOR = "operator@northline.example"


def call(outcome: str, count: int = 1, name: str = "order", code: str = "erp.unreachable") -> None:
    for _ in range(count):
        SystemCall.objects.create(
            system=system_name("default"), call=name, outcome=outcome, duration_ms=1,
            error_code="" if outcome == "ok" else code, correlation_id="00000000-0000-4000-8000-000000000000",
        )  # fmt: skip


def dead(subject: str, *, lane: str = "erp_write", kind: str = "orders.send", **more: Any) -> Case:
    return open_case(
        kind="dead.job", code="dead", subject_type="job", subject_id=subject, sentence=f"{kind} was given up",
        data={"kind": kind, "lane": lane, "payload": {}}, **more,
    )  # fmt: skip


def told(user: User | str, kind: str) -> list[str]:
    email = user if isinstance(user, str) else user.email
    return [row.facts["title"] for row in Notice.objects.filter(user__email=email, kind=kind).order_by("pk")]


def test_an_order_that_waits_for_several_things_is_blocked_once(cast: Cast) -> None:
    for n in range(4):
        dead(str(n), amount=Decimal(200 + n), account=cast.harbor, reference="SO-1 · PO 7")
    dead("other", amount=Decimal(10), account=cast.harbor, reference="SO-2 · PO 8")
    dead("stranger", amount=Decimal(10), account=Account.objects.get(code="SUMMIT"), reference="SO-2 · PO 8")
    for n in range(2):
        dead(f"nameless {n}", amount=Decimal(1), account=cast.harbor)
    for _ in range(3):
        watch_incidents()
    row = Incident.objects.get()
    assert (row.case_count, row.blocked) == (8, {"USD": "225.00"})
    for n in range(3):
        dead(f"print {n}", lane="orders", kind="orders.print")
    watch_incidents()
    assert list(Incident.objects.order_by("pk").values_list("pk", flat=True)) == [row.pk, row.pk + 1], (
        "no number is lost"
    )


def test_an_outage_of_the_erp_is_one_incident_with_its_money_and_ends_when_calls_go_well(cast: Cast) -> None:
    call("ok", name="stock")
    call("transient", 2)
    call("rejected", 9, code="erp.price")
    call("transient", 9, code="erp.busy")
    assert watch_incidents() == {"began": 0, "went_on": 0, "ended": 0}
    call("unknownoutcome")
    for n in range(4):
        dead(str(n), amount=Decimal(2_000), account=cast.harbor)
    other = dead("other", lane="orders", kind="orders.print")
    assert watch_incidents() == {"began": 1, "went_on": 0, "ended": 0}
    row = Incident.objects.get()
    assert (row.key, row.failures, row.case_count, row.waiting) == ("erp · default", 3, 4, 4)
    assert (row.blocked, row.severity) == ({"USD": "8000.00"}, 3)
    assert "order erp.unreachable" in row.reason
    dead("late", amount=Decimal(60_000))
    assert watch_incidents() == {"began": 0, "went_on": 1, "ended": 0}
    row.refresh_from_db()
    assert (row.case_count, row.severity, [step.action for step in row.steps.all()]) == (5, 4, ["began", "worse"])
    assert (Case.objects.get(pk=other.pk).incident, other.is_open) == (None, True)
    call("ok")
    Case.objects.filter(kind="dead.job").update(created_at=database_now() - dt.timedelta(hours=1))
    assert watch_incidents()["ended"] == 0
    Incident.objects.update(seen_at=database_now() - dt.timedelta(minutes=6))
    assert watch_incidents() == {"began": 0, "went_on": 0, "ended": 1}
    row.refresh_from_db()
    assert (row.ended_at is not None, row.most_waiting, row.cases.count()) == (True, 5, 5)
    call("transient", 3)
    assert watch_incidents()["began"] == 1
    assert Incident.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_see_the_first_failure_at_once_make_one_incident(cast: Cast) -> None:
    call("transient", 3)
    told_of = at_once(watch_incidents, watch_incidents)
    assert sorted(one["began"] for one in told_of) == [0, 1]
    [row] = Incident.objects.all()
    assert [step.action for step in row.steps.all()] == ["began"]


def test_work_of_ours_that_dies_is_one_incident_and_settled_work_is_none(cast: Cast) -> None:
    rows = [dead(str(n), lane="orders", kind="orders.print") for n in range(3)]
    resolve_case(case_id=rows[0].pk, resolution=Resolution.RETRIED, reason="again")
    assert watch_incidents()["began"] == 0
    dead("3", lane="orders", kind="orders.print")
    assert watch_incidents()["began"] == 1
    assert Incident.objects.get().key == "middleware · orders.print"


def test_whoever_subscribed_is_told_and_where_nobody_did_the_operators_are(cast: Cast) -> None:
    call("transient", 3)
    watch_incidents()
    work_lane("relay")
    assert told(OPERATOR, "incident.began") == ["The ERP default does not answer"]
    assert told(cast.agent, "incident.began") == []
    subscribe_to(user=cast.agent, wanted=["incident:erp", "incident:never", "warned:nowhere"])
    assert list(Subscription.objects.values_list("topic", flat=True)) == ["incident:erp"]
    Incident.objects.update(seen_at=database_now() - dt.timedelta(minutes=6))
    call("ok")
    watch_incidents()
    work_lane("relay")
    assert (len(told(cast.agent, "incident.ended")), told(OPERATOR, "incident.ended")) == (1, [])
    assert Notice.objects.filter(user=cast.buyer).count() == 0
    text = signed_in(cast.agent).get(reverse("notices:inbox")).content.decode()
    assert "The ERP default does not answer is over" in text


def test_an_incident_speaks_for_its_cases_and_other_cases_speak_for_themselves(cast: Cast) -> None:
    for n in range(3):
        dead(str(n))
    loose = open_case(kind="order.held", code="held", subject_type="order", subject_id="1", sentence="A held order")
    watch_incidents()
    Case.objects.update(warn_at=database_now(), first_due_at=database_now(), owner=None)
    Case.objects.filter(pk=loose.pk).update(owner=cast.agent, responded_at=database_now())
    assert watch_cases()["warned"] == 4
    work_lane("relay")
    warned = Notice.objects.filter(kind="case.warned")
    assert [(row.user, row.facts["case"]) for row in warned] == [(cast.agent, str(loose))]
    assert not Notice.objects.filter(kind="case.escalated").exists()
    assert take_next(cases=cases_asked(Asked("open", {}), cast.agent), user=cast.agent) is None
    number = Incident.objects.get().pk
    asked = {"incident": str(number)}
    assert cases_asked(Asked("open", asked), cast.agent).count() == 3
    assert [row.pk for row in cases_asked(Asked("open", {"incident": "none"}), cast.agent)] == [loose.pk]
    Incident.objects.update(ended_at=database_now())
    assert take_next(cases=cases_asked(Asked("open", asked), cast.agent), user=cast.agent) is not None


def test_an_escalation_reaches_the_team_of_the_queue(cast: Cast) -> None:
    open_case(kind="order.held", code="held", subject_type="order", subject_id="1", sentence="A held order")
    Case.objects.update(first_due_at=database_now())
    assert watch_cases()["escalated"] == 1
    work_lane("relay")
    assert set(Notice.objects.values_list("user__email", "kind")) == {(cast.agent.email, "case.escalated")}


def test_one_incident_is_followed_until_it_is_over_beside_whoever_hears_of_its_layer(cast: Cast) -> None:
    call("transient", 3)
    watch_incidents()
    row = Incident.objects.get()
    agent = signed_in(cast.agent)
    page = agent.post(f"/desk/incidents/{row.pk}/follow/", {"follow": "1"}, follow=True).content.decode()
    assert "Stop telling me" in page
    agent.post("/desk/alerts/", {"topic": ["incident:wms"]})
    Incident.objects.update(seen_at=database_now() - dt.timedelta(minutes=6))
    call("ok")
    watch_incidents()
    work_lane("relay")
    for person in (cast.agent, OPERATOR):
        assert told(person, "incident.ended") == ["The ERP default does not answer"]
    late = signed_in(cast.finance).post(f"/desk/incidents/{row.pk}/follow/", {"follow": "1"}, follow=True)
    assert "is over; nothing more will be told of it" in late.content.decode()
    agent.post(f"/desk/incidents/{row.pk}/follow/", {"follow": "0"})
    assert list(Subscription.objects.values_list("topic", flat=True)) == ["incident:wms"]
    assert signed_in(cast.buyer).post(f"/desk/incidents/{row.pk}/follow/", {"follow": "1"}).status_code == 403
    assert agent.post("/desk/incidents/987654/follow/", {"follow": "1"}).status_code == 404


def test_money_of_several_currencies_is_told_apart_and_the_largest_decides(cast: Cast) -> None:
    for n, (amount, currency) in enumerate(((3000, "USD"), (900, "CAD"), (3000, "USD"))):
        dead(str(n), amount=Decimal(amount), currency=currency)
    watch_incidents()
    row = Incident.objects.get()
    assert row.money == [("CAD", Decimal(900)), ("USD", Decimal(6000))]
    assert row.get_severity_display() == "High"
    text = signed_in(cast.agent).get(f"/desk/incidents/{row.pk}/").content.decode()
    assert "CA$900.00, $6,000.00" in text
    assert "largest amount; currencies are not added up" in text


def test_pages_of_incidents_and_alerts_are_for_our_people(cast: Cast) -> None:
    for page in ("/desk/incidents/", "/desk/alerts/"):
        assert signed_in(cast.buyer).get(page).status_code == 403
    agent = signed_in(cast.agent)
    assert "Everything works" in agent.get("/desk/incidents/").content.decode()
    call("transient", 3)
    case = dead("1", amount=Decimal(70))
    watch_incidents()
    row = Incident.objects.get()
    assert agent.get("/desk/incidents/987654/").status_code == 404
    for page in ("/desk/", "/desk/incidents/", f"/desk/incidents/{row.pk}/"):
        text = agent.get(page).content.decode()
        assert f"{row} The ERP default does not answer" in text or "The ERP default does not answer</small>" in text
        assert "$70.00" in text
    assert str(case) in text
    assert "erp · default" in text
    answer = agent.post("/desk/alerts/", {"topic": ["incident:erp"]}, follow=True).content.decode()
    assert "you hear of 1 topic" in answer
    assert "An incident begins" in agent.get(reverse("notices:settings")).content.decode()
    assert "An incident begins" not in signed_in(cast.buyer).get(reverse("notices:settings")).content.decode()


def test_a_saved_view_tells_of_each_case_that_comes_into_it(cast: Cast) -> None:
    harbors = save_view(user=cast.agent, name="Harbor's", query="account=HARBOR", shared=True)
    own = save_view(user=cast.finance, name="Urgent ones", query="severity=urgent", shared=False)
    agent, finance = signed_in(cast.agent), signed_in(cast.finance)
    offered = agent.get("/desk/alerts/").content.decode()
    assert ("Harbor&#x27;s" in offered or "Harbor's" in offered, "Urgent ones" in offered) == (True, False)
    agent.post("/desk/alerts/", {"topic": [f"view:{harbors.pk}", f"view:{own.pk}"]})
    finance.post("/desk/alerts/", {"topic": [f"view:{harbors.pk}"]})
    assert set(Subscription.objects.values_list("user__email", "topic")) == {
        (cast.agent.email, f"view:{harbors.pk}"), (cast.finance.email, f"view:{harbors.pk}"),
    }  # fmt: skip
    facts = {"kind": "order.held", "code": "held", "subject_type": "order"}
    case = open_case(subject_id="1", sentence="A held order", account=cast.harbor, **facts)
    open_case(subject_id="1", sentence="Seen again", account=cast.harbor, **facts)
    open_case(subject_id="2", sentence="Nobody's order", **facts)
    work_lane("relay")
    for person in (cast.agent, cast.finance):
        rows = Notice.objects.filter(kind="case.came", user=person)
        assert [row.facts["case"] for row in rows] == [str(case)]
    agent.post(f"/desk/views/{harbors.pk}/forget/")
    assert not Subscription.objects.exists(), "nobody hears of a view that is gone"

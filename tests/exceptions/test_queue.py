"""The queue screen: views, filters, causes, next, presence; all of it in the address."""

from __future__ import annotations

import csv
import io
import time
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.common.errors import UnusableView
from distportal.common.redis_client import cache_redis
from exceptions.choices import Resolution
from exceptions.models import Case, CaseView
from exceptions.process.cases import claim_case, open_case, resolve_case
from exceptions.process.next_case import take_next
from exceptions.process.presence import SECONDS, look_at, who_looks
from exceptions.process.saved_views import drop_view, save_view
from exceptions.queries.listing import Asked, cases_asked
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def case(subject: str, **more: Any) -> Case:
    facts = {"kind": "order.held", "code": "held", "subject_type": "order", "sentence": f"Sentence {subject}", **more}
    return open_case(subject_id=subject, **facts)


def shown(cast: Cast, query: str) -> list[str]:
    page = signed_in(cast.agent).get(f"/desk/?{query}")
    return [row.case.subject_id for row in page.context["rows"]]


def test_the_worst_is_first_and_every_filter_narrows(cast: Cast) -> None:
    case("small", amount=Decimal(10), reference="SO-1 · PO AB-77")
    big = case("big", amount=Decimal(9000), account=cast.harbor)
    case("edi", kind="edi.ack_overdue", code="ack_overdue")
    done = case("done")
    resolve_case(case_id=done.pk, resolution=Resolution.BY_HAND, reason="done")
    assert shown(cast, "") == ["big", "small", "edi"]
    assert shown(cast, "queue=edi") == shown(cast, "kind=edi.") == ["edi"]
    assert shown(cast, "account=HARBOR") == shown(cast, "severity=high") == ["big"]
    assert shown(cast, "q=ab-77") == ["small"]
    assert shown(cast, f"q=E-{big.number}") == shown(cast, f"q={big.number}") == ["big"]
    assert shown(cast, f"cause={big.group_key}") == ["big", "small"]
    assert shown(cast, "view=resolved") == ["done"]
    assert shown(cast, "view=never&severity=odd&cursor=x") == ["big", "small", "edi"]
    claim_case(case_id=big.pk, user=cast.agent, version=big.version)
    assert (shown(cast, "view=mine"), shown(cast, "view=unowned")) == (["big"], ["small", "edi"])


def test_pages_follow_each_other_without_a_gap_while_cases_come_in(cast: Cast) -> None:
    for n in range(60):
        case(str(n), amount=Decimal(n % 3))
    agent = signed_in(cast.agent)
    first = agent.get("/desk/")
    case("worse", amount=Decimal(90_000))
    second = agent.get("/desk/", {"cursor": first.context["page"].older})
    seen = [row.case.subject_id for page in (first, second) for row in page.context["rows"]]
    assert sorted(seen, key=int) == [str(n) for n in range(60)]
    points = [row.case.points for page in (first, second) for row in page.context["rows"]]
    assert points == sorted(points, reverse=True)
    back = agent.get("/desk/", {"cursor": second.context["page"].newer})
    assert [row.case.subject_id for row in back.context["rows"]][-1] == seen[49]


def test_cases_of_one_cause_are_one_row_that_says_why(cast: Cast) -> None:
    for n in range(3):
        case(
            str(n),
            kind="erp.refused",
            code="erp_refused",
            data={"code": "E17"},
            amount=Decimal(100),
            account=cast.harbor,
        )
    case("other", kind="erp.refused", code="erp_refused", data={"code": "E18"})
    page = signed_in(cast.agent).get("/desk/?group=cause")
    [first, second] = page.context["causes"]
    assert (first.key, first.cases, first.money, first.accounts) == ("erp.refused · E17", 3, {"USD": Decimal(300)}, 1)
    assert (second.key, second.cases) == ("erp.refused · E18", 1)
    text = page.content.decode()
    assert "erp.refused · E17" in text
    assert "$300.00" in text
    assert "cause=erp.refused+%C2%B7+E17" in text


def test_views_have_counts_and_the_oldest_and_the_desk_sees_shared_ones(cast: Cast) -> None:
    case("1", account=cast.harbor)
    case("2")
    agent, finance = signed_in(cast.agent), signed_in(cast.finance)
    agent.post("/desk/views/keep/", {"name": "Harbor", "query": "view=open&account=HARBOR&page=9", "shared": "1"})
    agent.post("/desk/views/keep/", {"name": "Secret", "query": "view=mine&queue=edi"})
    names = {one.name: one for one in finance.get("/desk/").context["views"]}
    assert (names["Harbor"].count, names["All open"].count, names["Mine"].count) == (1, 2, 0)
    assert names["Harbor"].address == "view=open&account=HARBOR"
    assert names["Harbor"].oldest_at is not None
    assert "Secret" not in names
    mine = CaseView.objects.get(name="Harbor")
    finance.post(f"/desk/views/{mine.pk}/forget/")
    assert CaseView.objects.filter(pk=mine.pk).exists()
    agent.post(f"/desk/views/{mine.pk}/forget/")
    assert not CaseView.objects.filter(pk=mine.pk).exists()


def test_a_view_that_says_nothing_is_not_kept(cast: Cast) -> None:
    for name, query in (("", "view=mine"), ("x", "page=3"), ("x", "q=" + "y" * 600)):
        with pytest.raises(UnusableView):
            save_view(user=cast.agent, name=name, query=query, shared=False)
    with pytest.raises(UnusableView):
        drop_view(user=cast.agent, view_id=4711)
    assert not CaseView.objects.exists()


def test_a_case_is_taken_in_the_list_and_the_list_is_as_it_was(cast: Cast) -> None:
    row = case("1")
    agent = signed_in(cast.agent)
    answer = agent.post(f"/desk/{row.number}/claim/", {"version": "1", "next": "/desk/?queue=orders&q=x"})
    assert answer.headers["Location"] == "/desk/?queue=orders&q=x"
    away = agent.post(f"/desk/{row.number}/claim/", {"version": "2", "next": "https://elsewhere.example/"})
    assert away.headers["Location"] == f"/desk/{row.number}/"
    row.refresh_from_db()
    assert row.owner == cast.agent


def test_next_is_the_worst_that_nobody_has_in_this_view(cast: Cast) -> None:
    case("small", amount=Decimal(10))
    case("big", amount=Decimal(9000))
    case("edi", kind="edi.ack_overdue", code="ack_overdue")
    agent = signed_in(cast.agent)
    agent.post("/desk/next/", {"view": "open"})
    agent.post("/desk/next/", {"view": "open", "queue": "edi"})
    assert set(Case.objects.filter(owner=cast.agent).values_list("subject_id", flat=True)) == {"big", "edi"}
    nothing = agent.post("/desk/next/", {"view": "open", "queue": "edi"}, follow=True)
    assert b"Nothing in this view waits" in nothing.content


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_the_next_at_once_get_two(cast: Cast) -> None:
    case("1")
    case("2")

    def take(user: Any) -> Case | None:
        return take_next(cases=cases_asked(Asked("open", {}), user), user=user)

    got = at_once(partial(take, cast.agent), partial(take, cast.finance))
    assert {row.subject_id for row in got if row} == {"1", "2"}


def test_who_looks_is_shown_to_others_and_without_redis_nobody_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = case("1")
    cache_redis().flushdb()
    assert look_at(case_id=row.pk, user=cast.agent) == []
    assert look_at(case_id=row.pk, user=cast.finance) == ["Ana Reyes"]
    assert who_looks([row.pk], but=cast.agent) == {row.pk: ["Frank Osei"]}
    other = case("2")
    assert look_at(case_id=other.pk, user=cast.finance) == [], "who looks at one case looks at no other"
    assert who_looks([other.pk, row.pk], but=cast.agent) == {other.pk: ["Frank Osei"], row.pk: ["Frank Osei"]}
    assert who_looks([other.pk], but=cast.finance) == {}
    cast.finance.name = "Frank O. Osei"
    assert look_at(case_id=row.pk, user=cast.finance) == ["Ana Reyes"]
    assert who_looks([row.pk], but=cast.agent) == {row.pk: ["Frank O. Osei"]}, "each person once, by the last name"
    assert "Ana Reyes, Frank O. Osei looks at it" in signed_in(cast.finance2).get("/desk/").content.decode()
    later = time.time() + SECONDS + 1
    with monkeypatch.context() as patched:
        patched.setattr("exceptions.process.presence.time.time", lambda: later)
        assert who_looks([row.pk], but=cast.agent) == {}, "who has shown no sign for so long has left"
        assert look_at(case_id=other.pk, user=cast.agent) == []
    cache_redis().flushdb()
    assert who_looks([row.pk], but=cast.agent) == {}
    assert who_looks([], but=cast.agent) == {}


def test_the_page_asks_the_same_for_one_row_and_for_fifty_and_counts_no_more_than_a_thousand(cast: Cast) -> None:
    agent, counts = signed_in(cast.agent), []
    for wanted in (1, 30):
        for n in range(wanted):
            case(str(n), account=cast.harbor, amount=Decimal(5))
        agent.get("/desk/")
        with CaptureQueriesContext(connection) as queries:
            agent.get("/desk/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 22
    [limited] = [q["sql"] for q in queries.captured_queries if "COUNT" in q["sql"] and "LIMIT 1000" in q["sql"]]
    assert limited.count("LIMIT 1000") == limited.count("COUNT(*)") == 6, "each view reads no further"


def test_the_next_is_the_next_of_the_view_that_one_works_through(cast: Cast) -> None:
    asks = {"kind": "catalogue.question", "subject_type": "thing", "account": cast.harbor}
    mine = [case(str(n), **asks) for n in range(2)]
    other = case("other", amount=Decimal(900_000))
    agent = signed_in(cast.agent)
    page = agent.get("/desk/?account=HARBOR").content.decode()
    address = f"/desk/{mine[0].number}/?from=view%3Dopen%26account%3DHARBOR"
    assert f'href="{address}"' in page
    shown = agent.get(address).content.decode()
    assert 'href="/desk/?view=open&amp;account=HARBOR"' in shown
    assert '<input type="hidden" name="account" value="HARBOR">' in shown
    here = {"Referer": f"http://testserver{address}"}
    answer = agent.post(f"/desk/{mine[0].number}/comment/", {"text": "seen"}, headers=here)
    assert answer.headers["Location"] == address, "what is done on a case keeps the view"
    answer = agent.post("/desk/next/", {"view": "open", "account": "HARBOR"})
    assert answer.headers["Location"] == address
    assert agent.post("/desk/next/", {}).headers["Location"] == f"/desk/{other.number}/"
    strange = {"Referer": f"http://elsewhere.example{address}"}
    answer = agent.post(f"/desk/{mine[0].number}/comment/", {"text": "seen"}, headers=strange)
    assert answer.headers["Location"] == f"/desk/{mine[0].number}/"


def test_an_empty_view_says_what_comes_next(cast: Cast) -> None:
    row = case("1")
    page = signed_in(cast.agent).get("/desk/?view=mine").content.decode()
    assert f"{row} is the next that is due on the desk" in page
    resolve_case(case_id=row.pk, resolution=Resolution.BY_HAND, reason="done")
    page = signed_in(cast.agent).get("/desk/?view=mine").content.decode()
    assert "1 settled today." in page


def test_a_view_is_told_as_a_file_as_it_is_filtered(cast: Cast) -> None:
    case("1", account=cast.harbor, reference="=1+1", amount=Decimal("12.50"))
    case("other")
    done = case("done", account=cast.harbor)
    resolve_case(case_id=done.pk, resolution=Resolution.BY_HAND, reason="done")
    agent = signed_in(cast.agent)
    told = b"".join(agent.get("/desk/cases.csv?account=HARBOR")).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [(row["dealer"], row["about"], row["at_risk"], row["state"]) for row in rows] == [
        ("HARBOR", "'=1+1", "12.50", "New")
    ]
    ended = b"".join(agent.get("/desk/cases.csv?view=resolved")).decode("utf-8-sig")  # type: ignore[arg-type]
    assert [row["case"] for row in csv.DictReader(io.StringIO(ended))] == [str(done)]
    assert signed_in(cast.buyer).get("/desk/cases.csv").status_code == 403

"""One action on many cases: only the frozen ones, an outcome for each, and a way back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from exceptions.choices import CaseStatus, ItemState, Resolution
from exceptions.errors import CaseChanged, NoSuchPlace, NothingChosen
from exceptions.models import BulkItem, BulkRun, Case, Queue
from exceptions.process.bulk import running
from exceptions.process.bulk.choosing import choose_cases
from exceptions.process.bulk.running import begin_run, work_run
from exceptions.process.bulk.undoing import undo_run
from exceptions.process.cases import claim_case, comment_case, open_case, resolve_case
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def case(subject: str, **more: Any) -> Case:
    facts = {"kind": "order.duplicate_po", "code": "x", "subject_type": "order", "sentence": "x", **more}
    return open_case(subject_id=subject, **facts)


def run_of(action: str, cast: Cast, cases: Any = None) -> BulkRun:
    rows = Case.objects.all() if cases is None else cases
    return choose_cases(cases=rows, action=action, said="a test", user=cast.agent)


def outcomes(run: BulkRun) -> dict[str, str]:
    return {item.case.subject_id: item.state for item in run.items.select_related("case")}


def test_on_a_queue_that_moves_only_the_frozen_cases_are_touched_as_they_were_seen(cast: Cast) -> None:
    rows = {name: case(name) for name in ("a", "b", "c", "d")}
    run = run_of("claim", cast)
    later = case("later")
    claim_case(case_id=rows["b"].pk, user=cast.finance, version=1)
    resolve_case(case_id=rows["c"].pk, resolution=Resolution.BY_HAND, reason="done")
    begin_run(run_id=run.pk, form={}, reason="")
    work_run(run_id=run.pk)
    assert outcomes(run) == {"a": "done", "b": "failed", "c": "failed", "d": "done"}
    owners = dict(Case.objects.values_list("subject_id", "owner__email"))
    assert owners == {
        "a": cast.agent.email, "b": cast.finance.email, "c": None, "d": cast.agent.email, "later": None,
    }  # fmt: skip
    assert later.entries.count() == 1
    assert run.items.get(case=rows["b"]).told == "it changed after it was chosen; nothing was done to it"


def test_it_is_taken_back_where_nobody_worked_since(cast: Cast) -> None:
    queue = Queue.objects.create(code="leads", name="Leads", group="agent")
    mine, other = case("a"), case("b")
    claim_case(case_id=mine.pk, user=cast.finance, version=1)
    run = run_of("move", cast)
    begin_run(run_id=run.pk, form={"queue": str(queue.pk)}, reason="holiday")
    work_run(run_id=run.pk)
    mine.refresh_from_db()
    assert (mine.queue, mine.owner, mine.status) == (queue, None, CaseStatus.NEW)
    claim_case(case_id=other.pk, user=cast.agent, version=2)
    undo_run(run_id=run.pk)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.queue.code, mine.owner, mine.status) == ("orders", cast.finance, CaseStatus.CLAIMED)
    assert (other.queue, other.owner) == (queue, cast.agent)
    assert outcomes(run) == {"a": "undone", "b": "kept"}
    with pytest.raises(CaseChanged):
        undo_run(run_id=run.pk)


def test_a_crash_in_the_middle_repeats_nothing_and_skips_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcd":
        case(name)
    run = run_of("comment", cast)
    begin_run(run_id=run.pk, form={}, reason="called them")
    real, calls = running.do_item, []

    def crashing(item_id: int, *rest: Any) -> None:
        calls.append(item_id)
        if len(calls) == 3:
            raise MemoryError
        real(item_id, *rest)

    monkeypatch.setattr(running, "do_item", crashing)
    with pytest.raises(MemoryError):
        work_run(run_id=run.pk)
    monkeypatch.setattr(running, "do_item", real)
    assert work_run(run_id=run.pk).state == "done"
    assert [row.entries.filter(action="comment").count() for row in Case.objects.all()] == [1, 1, 1, 1]


def test_a_run_begins_once_and_only_with_what_it_needs(cast: Cast) -> None:
    case("a")
    run = run_of("snooze", cast)
    begin = "say until when; nothing was begun"
    with pytest.raises(Exception, match=begin):
        begin_run(run_id=run.pk, form={"until": "soon"}, reason="")
    until = timezone.localtime() + dt.timedelta(days=1)
    begin_run(run_id=run.pk, form={"until": f"{until:%Y-%m-%dT%H:%M}"}, reason="")
    with pytest.raises(CaseChanged, match="begun before"):
        begin_run(run_id=run.pk, form={"until": f"{until:%Y-%m-%dT%H:%M}"}, reason="")
    work_run(run_id=run.pk)
    row = Case.objects.get()
    assert (row.status, row.remind_at) == (CaseStatus.SNOOZED, until.replace(second=0, microsecond=0))


def test_what_one_kind_can_do_needs_cases_of_that_kind(cast: Cast) -> None:
    case("a"), case("b"), case("c", kind="order.held")
    with pytest.raises(NothingChosen, match="one kind"):
        run_of("kind:settle", cast)
    with pytest.raises(NothingChosen, match="one kind"):
        run_of("kind:resubmit", cast, Case.objects.filter(kind="order.held"))
    run = run_of("kind:settle", cast, Case.objects.filter(kind="order.duplicate_po"))
    assert run.label == "Mark as settled"
    begin_run(run_id=run.pk, form={}, reason="")
    work_run(run_id=run.pk)
    assert set(outcomes(run).values()) == {ItemState.FAILED}
    again = run_of("kind:settle", cast, Case.objects.filter(kind="order.duplicate_po"))
    begin_run(run_id=again.pk, form={}, reason="agreed with the buyer")
    work_run(run_id=again.pk)
    assert set(outcomes(again).values()) == {ItemState.DONE}
    assert Case.objects.filter(status=CaseStatus.RESOLVED).count() == 2
    with pytest.raises(CaseChanged):
        undo_run(run_id=again.pk)


def test_the_page_shows_which_before_anything_is_done_and_the_result_as_a_file(cast: Cast) -> None:
    first, second = case("a", reference="=1+1", account=cast.harbor), case("b")
    agent = signed_in(cast.agent)
    nothing = agent.post("/desk/many/choose/", {"action": "claim", "view": "open"}, follow=True)
    assert b"no open case was chosen" in nothing.content.lower()
    ticked = agent.post(
        "/desk/many/choose/", {"action": "claim", "pick": [str(first.number)], "view": "open"}, follow=True
    )
    assert "Take them: 1 case" in ticked.content.decode()
    every = {"action": "claim", "all": "1", "view": "open", "account": "HARBOR", "pick": [str(second.number)]}
    page = agent.post("/desk/many/choose/", every, follow=True).content.decode()
    run = BulkRun.objects.latest("created_at")
    assert "Take them: 1 case" in page
    assert "All that match: All open, account HARBOR" in page
    assert str(first) in page
    assert not Case.objects.exclude(owner=None).exists()
    agent.post(f"/desk/many/{run.pk}/run/")
    assert b"0 of 1 done" in agent.get(f"/desk/many/{run.pk}/").content
    work_run(run_id=run.pk)
    lines = agent.get(f"/desk/many/{run.pk}/result.csv").content.decode("utf-8-sig").splitlines()
    assert lines == ["case,reference,outcome,told", f"{first},'=1+1,Done,{first} is yours"]
    assert b"Take it back" in agent.get(f"/desk/many/{run.pk}/").content
    assert signed_in(cast.finance).get(f"/desk/many/{run.pk}/").status_code == 404
    assert signed_in(cast.finance).post(f"/desk/many/{run.pk}/undo/").status_code == 404
    assert signed_in(cast.buyer).post("/desk/many/choose/", {"action": "claim", "all": "1"}).status_code == 403
    assert BulkItem.objects.filter(case=second).count() == 0


def test_too_many_are_refused_before_anything(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exceptions.process.bulk.choosing.MOST", 2)
    for name in "abc":
        comment_case(case_id=case(name).pk, text="x")
    with pytest.raises(NothingChosen, match="more than 2 cases"):
        run_of("claim", cast)
    assert not BulkRun.objects.exists()


def test_cases_are_put_together_from_the_queue_only_with_an_open_one_and_taken_apart_again(cast: Cast) -> None:
    rows = {name: case(name, data={"cause": name}) for name in ("a", "b", "c")}
    target, client = rows["a"], signed_in(cast.agent)
    before = {name: row.group_key for name, row in rows.items()}
    picks = {"action": "join", "pick": [str(row.number) for row in rows.values()]}
    client.post("/desk/many/choose/", picks)
    run = BulkRun.objects.get()
    assert b'name="case"' in client.get(f"/desk/many/{run.pk}/").content
    for wrong in ("", "E-999999", "x"):
        told = client.post(f"/desk/many/{run.pk}/run/", {"case": wrong})
        run.refresh_from_db()
        assert run.state == "chosen"
        assert (told.status_code, f'value="{wrong}" aria-describedby' in told.content.decode()) == (422, True)
        assert '<span class="error" id="id_case_wrong">Name an open case' in told.content.decode()
    client.post(f"/desk/many/{run.pk}/run/", {"case": f"e-{target.number} "})
    work_run(run_id=run.pk)
    assert set(outcomes(run).values()) == {"done"}
    assert set(Case.objects.values_list("group_key", "group_by_hand")) == {(before["a"], True)}
    assert Case.objects.get(pk=target.pk).version == target.version
    case("b", data={"cause": "elsewhere"})
    undo_run(run_id=run.pk)
    assert outcomes(run) == {"a": "undone", "b": "kept", "c": "undone"}
    assert dict(Case.objects.values_list("subject_id", "group_key")) == {**before, "b": before["a"]}
    resolve_case(case_id=target.pk, resolution=Resolution.BY_HAND, reason="done")
    with pytest.raises(NoSuchPlace):
        begin_run(run_id=run_of("join", cast).pk, form={"case": str(target)}, reason="")

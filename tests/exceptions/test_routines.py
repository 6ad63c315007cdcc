"""Routines: what is done again and again is one click, all of its steps or none, on one case or on many."""

from __future__ import annotations

from typing import Any

import pytest

from distportal.accounts.models import User
from distportal.common.errors import DomainError
from distportal.threads.models import Message
from exceptions.choices import CaseStatus, Resolution
from exceptions.errors import CaseChanged, NoSuchPlace, RuleRefused
from exceptions.models import Case, Queue, Routine
from exceptions.process.bulk.choosing import choose_cases
from exceptions.process.bulk.running import begin_run, work_run
from exceptions.process.bulk.undoing import undo_run
from exceptions.process.cases import open_case, resolve_case
from exceptions.process.routines import run_routine, save_routine
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
ASKS = {
    "name": "Ask which price counts", "kind": "catalogue.question", "aside": CaseStatus.WAITING_DEALER, "hours": 16,
    "message": "{about}: which price counts?", "note": "asked by form",
}  # fmt: skip


def routine(**more: Any) -> Routine:
    return save_routine(Routine(**{**ASKS, **more}))


def case(subject: str = "1", **more: Any) -> Case:
    facts = {"kind": "catalogue.question", "code": "x", "subject_type": "thing", "sentence": "x", **more}
    return open_case(subject_id=subject, reference="PO 7", **facts)


def test_one_click_asks_the_dealer_and_waits_for_the_answer(cast: Cast) -> None:
    row, agent = case(account=cast.harbor), signed_in(cast.agent)
    routine()
    routine(name="Of another kind", kind="edi.")
    routine(name="Switched off", active=False)
    page = agent.get(f"/desk/{row.number}/").content.decode()
    assert [name in page for name in ("Ask which price counts", "Of another kind", "Switched off")] == [
        True, False, False,
    ]  # fmt: skip
    use = f"/desk/{row.number}/routine/{Routine.objects.get(kind=row.kind, active=True).pk}/"
    told = agent.post(use, {"version": row.version}, follow=True).content.decode()
    assert "is with you, waiting for the dealer until" in told
    row.refresh_from_db()
    assert (row.status, row.owner, row.paused_at is not None) == (CaseStatus.WAITING_DEALER, cast.agent, True)
    assert row.remind_at is not None
    message = Message.objects.get()
    assert (message.text, message.asks, message.author) == ("PO 7: which price counts?", True, cast.agent)
    assert [entry.action for entry in row.entries.order_by("pk")][-2:] == ["claimed", "waits for the dealer"]
    assert "asked by form" in row.entries.order_by("pk").last().text  # type: ignore[union-attr]
    again = agent.post(use, {"version": 1}, follow=True).content.decode()
    assert "case changed meanwhile" in again
    assert Message.objects.count() == 1


def test_what_cannot_be_done_whole_is_not_done_at_all(cast: Cast) -> None:
    asks = routine()
    nobodys, other, done = case("1"), case("2", kind="order.dates"), case("3", account=cast.harbor)
    resolve_case(case_id=done.pk, resolution=Resolution.BY_HAND, reason="done")
    for row, error in ((nobodys, NoSuchPlace), (other, NoSuchPlace), (done, CaseChanged)):
        with pytest.raises(error):
            run_routine(case_id=row.pk, version=row.version, routine_id=asks.pk, user=cast.agent)
    asks.active = False
    save_routine(asks)
    with pytest.raises(NoSuchPlace, match="not offered any more"):
        run_routine(case_id=nobodys.pk, version=1, routine_id=asks.pk, user=cast.agent)
    assert not Case.objects.exclude(owner=None).exists()
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_asks(cast: Cast) -> None:
    row, asks = case(account=cast.harbor), routine()

    def press(user: Any) -> str:
        try:
            return run_routine(case_id=row.pk, version=1, routine_id=asks.pk, user=user)
        except DomainError as error:
            return error.code

    got = at_once(lambda: press(cast.agent), lambda: press(cast.finance))
    assert sorted(one == "case_changed" for one in got) == [False, True]
    assert Message.objects.count() == 1


def test_many_at_once_each_with_its_outcome_and_taken_back_where_nobody_was_written_to(cast: Cast) -> None:
    edi = Queue.objects.get_or_create(code="edi", defaults={"name": "EDI"})[0]
    moves = routine(name="To EDI", kind="catalogue.", message="", queue=edi, take=False, aside="", hours=0, note="")
    rows = [case("1"), case("2"), case("3", kind="edi.unmatched_ack", code="y")]
    before = {row.pk: row.queue_id for row in rows}
    run = choose_cases(cases=Case.objects.all(), action=f"routine:{moves.pk}", said="a test", user=cast.agent)
    foreseen = signed_in(cast.agent).get(f"/desk/many/{run.pk}/").content.decode()
    assert foreseen.count("Will be left alone: it is not for cases of this kind") == 1
    begin_run(run_id=run.pk, form={}, reason="")
    work_run(run_id=run.pk)
    outcomes = {item.case.subject_id: item.state for item in run.items.select_related("case")}
    assert outcomes == {"1": "done", "2": "done", "3": "failed"}
    assert set(Case.objects.filter(kind="catalogue.question").values_list("queue__code", flat=True)) == {"edi"}
    undo_run(run_id=run.pk)
    assert dict(Case.objects.values_list("pk", "queue_id")) == before
    asks = routine(name="Asks")
    asked = choose_cases(cases=Case.objects.all(), action=f"routine:{asks.pk}", said="a test", user=cast.agent)
    begin_run(run_id=asked.pk, form={}, reason="")
    work_run(run_id=asked.pk)
    with pytest.raises(CaseChanged):
        undo_run(run_id=asked.pk)
    asks.delete()
    page = signed_in(cast.agent).get(f"/desk/many/{asked.pk}/")
    assert page.status_code == 200, "what was done by a routine that is gone is still told"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "a name"),
        ({"take": False, "message": "", "aside": "", "note": ""}, "at least one thing"),
        ({"hours": 0}, "comes back"),
        ({"hours": 9999}, "at most 400"),
        ({"kind": "nothing."}, "no kind of case"),
    ],
)
def test_a_routine_that_says_too_little_is_not_kept(cast: Cast, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleRefused, match=words):
        routine(**wrong)
    assert not Routine.objects.exists()


def test_those_who_lead_keep_them_and_nobody_else(cast: Cast) -> None:
    row, kept = case(account=cast.harbor), routine()
    for user in (cast.agent, cast.finance, cast.buyer):
        assert signed_in(user).get("/desk/routines/").status_code == 403
        assert signed_in(user).post(f"/desk/routines/{kept.pk}/drop/").status_code == 403
    assert signed_in(cast.buyer).post(f"/desk/{row.number}/routine/{kept.pk}/", {"version": 1}).status_code == 403
    lead = signed_in(User.objects.get(email="operator@northline.example"))
    form = {"name": "Snooze", "active": "on", "aside": "snoozed", "hours": "4", "take": "on"}
    assert b"Snooze" in lead.post("/desk/routines/", form, follow=True).content
    wrong = lead.post("/desk/routines/", {**form, "name": "Snooze"})
    assert wrong.status_code == 422, "one of that name is there"
    assert "snoozes it for 4 h" in lead.get("/desk/routines/").content.decode()
    lead.post(f"/desk/routines/{kept.pk}/drop/")
    assert list(Routine.objects.values_list("name", flat=True)) == ["Snooze"]
    assert not Message.objects.exists()

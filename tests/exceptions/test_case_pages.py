"""A case's page: why it is urgent and due, put aside, handed on, split, opened again; and the page of the rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from distportal.accounts.models import Account, User
from distportal.common.redis_client import cache_redis
from exceptions.choices import CaseStatus, Resolution
from exceptions.models import Case, Queue, RoutingRule, StaffSkill
from exceptions.process.cases import claim_case, open_case, resolve_case
from tests.clients import main_of, signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def case(subject: str = "1", **more: Any) -> Case:
    facts = {"kind": "order.duplicate_po", "code": "x", "subject_type": "order", "sentence": "Came twice", **more}
    return open_case(subject_id=subject, **facts)


def test_the_page_shows_the_formula_and_why_it_is_due_then(cast: Cast) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(tier="B")
    cast.harbor.refresh_from_db()
    row = case(amount=Decimal(12400), account=cast.harbor, cutoff_at=timezone.now() + dt.timedelta(hours=5))
    case("2", account=cast.harbor)
    cache_redis().flushdb()
    signed_in(cast.finance).get(f"/desk/{row.number}/")
    page = signed_in(cast.agent).get(f"/desk/{row.number}/").content.decode()
    for told in (
        "$12,400.00 blocked × 3 (5.0 h to the cut-off) × 1 (tier B) =", "<b>37200.00</b> points: high",
        "is at least high", "8 business hours from", "1 more", "Frank Osei looks at this case",
    ):  # fmt: skip
        assert told in page


def test_what_is_put_aside_comes_back_by_hand_and_of_two_one_is_told(cast: Cast) -> None:
    row = case()
    agent = signed_in(cast.agent)
    until = f"{timezone.localtime() + dt.timedelta(days=1):%Y-%m-%dT%H:%M}"
    form = {"version": "1", "status": "waiting_dealer", "until": until, "reason": "asked by mail"}
    agent.post(f"/desk/{row.number}/do/aside/", form)
    told = agent.post(f"/desk/{row.number}/do/aside/", {**form, "status": "snoozed"}, follow=True)
    assert "changed meanwhile" in told.content.decode()
    row.refresh_from_db()
    assert (row.status, row.version) == (CaseStatus.WAITING_DEALER, 2)
    agent.post(f"/desk/{row.number}/do/back/", {"version": "2"})
    for bad in ({"until": ""}, {"until": "soon"}, {"status": "resolved"}, {"version": "x"}):
        agent.post(f"/desk/{row.number}/do/aside/", {**form, "version": "3", **bad})
    row.refresh_from_db()
    assert (row.status, row.version) == (CaseStatus.NEW, 3)


def test_a_refused_form_keeps_what_was_typed_and_says_why_beside_its_field(cast: Cast) -> None:
    row = case(account=cast.harbor)
    agent = signed_in(cast.agent)
    far = f"{timezone.localtime() + dt.timedelta(days=200):%Y-%m-%dT%H:%M}"
    typed = {"version": "1", "status": "snoozed", "until": far, "reason": "asked by mail"}
    told = agent.post(f"/desk/{row.number}/do/aside/?from=view%3Dunowned", typed)
    page = main_of(told.content.decode())
    assert told.status_code == 422
    assert '<span class="error" id="id_aside_until_wrong">Say until when, at most 90 days ahead; nothing' in page
    assert f'name="until" value="{far}" required aria-invalid="true"' in page
    assert '<option value="snoozed" selected>' in page
    assert 'value="asked by mail"' in page
    assert page.count("<details open>") == 1
    assert page.count("asked by mail") == 1, "what was typed into one form stands in no other"
    assert f'action="/desk/{row.number}/do/aside/?from=view%3Dunowned"' in page
    moved = agent.post(f"/desk/{row.number}/do/move/", {"version": "1", "queue": str(row.queue_id), "reason": " "})
    assert '<span class="error" id="id_move_why_wrong">Say why; nothing was done.' in moved.content.decode()
    given = {"version": "9", "person": cast.finance.email, "reason": "she knows them"}
    stale = main_of(agent.post(f"/desk/{row.number}/do/assign/", given).content.decode())
    assert f'<option value="{cast.finance.email}" selected>' in stale
    assert 'name="version" value="1"' in stale, "once more is on what the page shows now"
    row.refresh_from_db()
    assert (row.version, row.owner, row.status) == (1, None, CaseStatus.NEW)


def test_a_case_is_given_moved_split_and_opened_again(cast: Cast) -> None:
    row = case(account=cast.harbor)
    case("2", account=cast.harbor)
    leads = Queue.objects.create(code="leads", name="Leads", group="agent")
    agent = signed_in(cast.agent)
    agent.post(f"/desk/{row.number}/do/assign/", {"version": "1", "person": cast.finance.email})
    row.refresh_from_db()
    assert row.owner == cast.finance
    agent.post(f"/desk/{row.number}/do/assign/", {"version": "2", "person": cast.buyer.email})
    agent.post(f"/desk/{row.number}/do/move/", {"version": "2", "queue": str(leads.pk), "reason": "big"})
    agent.post(f"/desk/{row.number}/do/split/", {"reason": "another matter"})
    row.refresh_from_db()
    assert (row.queue, row.owner, row.group_key) == (leads, None, f"alone · {row}")
    resolve_case(case_id=row.pk, resolution=Resolution.BY_HAND, reason="done")
    agent.post(f"/desk/{row.number}/do/reopen/", {"reason": ""})
    row.refresh_from_db()
    assert not row.is_open
    agent.post(f"/desk/{row.number}/do/reopen/", {"reason": "not done"})
    row.refresh_from_db()
    assert row.status == CaseStatus.REOPENED
    assert agent.post(f"/desk/{row.number}/do/explode/").status_code == 404
    assert signed_in(cast.buyer).post(f"/desk/{row.number}/do/reopen/", {"reason": "x"}).status_code == 403


def test_rules_are_tried_before_they_are_kept_and_only_by_those_who_lead(cast: Cast) -> None:
    row = case(amount=Decimal(9000))
    Case.objects.update(created_at=timezone.now() - dt.timedelta(days=1))
    claim_case(case_id=row.pk, user=cast.agent, version=1)
    leads = Queue.objects.create(code="leads", name="Leads", group="agent")
    lead = signed_in(User.objects.get(email="operator@northline.example"))
    form = {"position": "5", "name": "Big ones", "active": "on", "least_amount": "1000", "queue": str(leads.pk)}
    assert signed_in(cast.agent).post("/desk/rules/", {**form, "save": "1"}).status_code == 403
    tried = lead.post("/desk/rules/", {**form, "try": "1"}).content.decode()
    assert "would have moved 1 of 1" in tried
    assert not RoutingRule.objects.exists()
    assert lead.post("/desk/rules/", {**form, "account_code": "NOBODY", "save": "1"}).status_code == 422
    assert lead.post("/desk/rules/", {**form, "queue": "", "save": "1"}).status_code == 422
    assert lead.post("/desk/rules/", {**form, "account_code": "harbor", "save": "1"}).status_code == 302
    rule = RoutingRule.objects.get()
    assert (rule.account, rule.queue) == (cast.harbor, leads)
    assert lead.get(f"/desk/rules/{rule.pk}/").status_code == 200
    row.refresh_from_db()
    assert row.queue.code == "orders"
    lead.post(f"/desk/rules/{rule.pk}/drop/")
    assert not RoutingRule.objects.exists()
    for skill in ("hazmat", "two words"):
        lead.post("/desk/rules/skills/", {"person": cast.agent.email, "skill": skill})
    assert list(StaffSkill.objects.values_list("skill", flat=True)) == ["hazmat"]
    lead.post("/desk/rules/skills/", {"person": cast.agent.email, "skill": "hazmat", "drop": "1"})
    assert not StaffSkill.objects.exists()

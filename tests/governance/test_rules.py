"""Rules have versions with who and why, and change on their day: once, back again, and never into nonsense."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from distportal.accounts.choices import StaffGroup
from distportal.accounts.models import ApiPolicy, User
from distportal.common.errors import Conflict, Invalid, NotAllowed, NotFound
from distportal.governance.choices import PlanState
from distportal.governance.differences import Difference, differences
from distportal.governance.models import PlannedChange
from distportal.governance.planning import apply_change, due_changes, plan_change, withdraw_change
from distportal.governance.registry import rule_kind, rule_kinds
from distportal.governance.tasks import apply_due_job
from distportal.governance.versions import history_model, versions_of
from edi.models import Agreement, TradingPartner
from orders.models import RulePolicy
from orders.process.policy import policies_of
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
POLICIES = "policies"


@pytest.fixture
def operator(cast: Cast) -> User:
    user = User.objects.create_user(email="op@northline.example", name="Op", is_staff=True)
    user.groups.add(Group.objects.get(name=StaffGroup.OPERATOR))
    return user


@pytest.fixture
def policy(cast: Cast) -> RulePolicy:
    return RulePolicy.objects.create(
        account=cast.harbor, code="price_differs", action="hold", data={"tolerance_percent": "2"}
    )


def days(number: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=number)


def planned(by: User, row: RulePolicy, **other: Any) -> PlannedChange:
    wanted = {
        "values": {"action": "accept", "data": {"tolerance_percent": "5"}},
        "effective_on": days(1),
        "reason": "contract 7",
    }
    return plan_change(by=by, kind=POLICIES, subject=str(row.pk), **{**wanted, **other})


def apply_due(on: dt.date) -> None:
    for pk in due_changes(on):
        apply_change(change_id=pk, on=on)


def now(row: RulePolicy) -> tuple[str, dict[str, str]]:
    row.refresh_from_db()
    return row.action, row.data


def test_every_sort_of_rules_is_tracked() -> None:
    assert [kind.name for kind in rule_kinds()] == ["agreements", "api_policies", "policies"]
    assert [history_model(kind).pgh_tracked_model for kind in rule_kinds()] == [Agreement, ApiPolicy, RulePolicy]


def test_what_an_api_client_may_ask_changes_on_its_day_too(operator: User) -> None:
    row = ApiPolicy.objects.create(name="Marts", rate_per_minute=60, hidden_fields=["total"])
    page = f"/rules/api_policies/{row.pk}/"
    client = signed_in(operator)
    form = {
        "rate_per_minute": "120", "burst": "100", "daily_quota": "", "hidden_fields": "total, unit_price",
        "effective_on": str(days(0)), "reason": "contract 9",
    }  # fmt: skip
    assert client.post(page, {**form, "burst": "0"}).status_code == 422
    assert client.post(page, form).status_code == 302
    apply_due(days(0))
    row.refresh_from_db()
    assert (row.rate_per_minute, row.hidden_fields) == (120, ["total", "unit_price"])
    told = main_of(client.get(page).content.decode())
    assert "contract 9" in told
    for nowhere in ("7", "not-a-key", uuid4()):
        assert client.get(f"/rules/api_policies/{nowhere}/").status_code == 404


def test_a_change_holds_from_its_day_until_its_end(cast: Cast, operator: User, policy: RulePolicy) -> None:
    change = planned(operator, policy, ends_on=days(3))
    apply_due(days(0))
    assert now(policy) == ("hold", {"tolerance_percent": "2"})
    apply_due(days(1))
    assert now(policy) == ("accept", {"tolerance_percent": "5"})
    assert str(policies_of(cast.harbor.pk).price_tolerance) == "5"
    apply_due(days(2))
    assert now(policy)[0] == "accept"
    apply_due(days(3))
    apply_due(days(4))
    change.refresh_from_db()
    assert (now(policy), change.state) == (("hold", {"tolerance_percent": "2"}), PlanState.ENDED)
    newest, middle, first = versions_of(rule_kind(POLICIES), policy.pk)
    assert (newest.number, middle.by, middle.reason) == (3, operator.email, "contract 7")
    assert middle.changed == [
        Difference("action", "hold", "accept"),
        Difference("data.tolerance_percent", "2", "5"),
    ]
    assert (first.changed, first.values["action"]) == ([], "hold")


def test_the_job_puts_into_force_what_is_due_and_what_was_missed(operator: User, policy: RulePolicy) -> None:
    planned(operator, policy, effective_on=days(0))
    other = RulePolicy.objects.create(code="split", action="accept", data={"per_line": "2"})
    PlannedChange.objects.create(
        kind=POLICIES, subject=str(other.pk), about="x", values={"data": {"per_line": "3"}}, effective_on=days(-9),
        ends_on=days(-5), reason="r", planned_by=operator,
    )  # fmt: skip
    apply_due_job({})
    assert now(policy)[0] == "accept"
    assert now(other) == ("accept", {"per_line": "3"})  # it began late ...
    apply_due_job({})
    assert now(other) == ("accept", {"per_line": "2"})  # ... and is over all the same


def test_a_rule_that_was_changed_by_hand_stays_at_the_end(operator: User, policy: RulePolicy) -> None:
    change = planned(operator, policy, ends_on=days(2))
    apply_due(days(1))
    RulePolicy.objects.filter(pk=policy.pk).update(action="reject")
    apply_due(days(2))
    change.refresh_from_db()
    assert (now(policy)[0], change.state) == ("reject", PlanState.OVERTAKEN)
    assert "changed since" in change.said


def test_a_rule_that_is_gone_or_nonsense_by_then_is_told(operator: User, policy: RulePolicy) -> None:
    gone, wrong = planned(operator, policy), planned(operator, policy, effective_on=days(2))
    PlannedChange.objects.filter(pk=wrong.pk).update(values={"action": "nonsense"})
    apply_change(change_id=wrong.pk, on=days(2))
    wrong.refresh_from_db()
    assert (wrong.state, now(policy)[0]) == (PlanState.FAILED, "hold")
    policy.delete()
    apply_due(days(1))
    gone.refresh_from_db()
    assert (gone.state, "not there any more" in gone.said) == (PlanState.FAILED, True)


def test_a_crash_in_the_middle_leaves_it_planned(operator: User, policy: RulePolicy) -> None:
    change = planned(operator, policy)
    with patch.object(PlannedChange, "save", side_effect=RuntimeError), pytest.raises(RuntimeError):
        apply_change(change_id=change.pk, on=days(1))
    change.refresh_from_db()
    assert (now(policy)[0], change.state) == ("hold", PlanState.PLANNED)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"reason": " "}, "Say why"),
        ({"effective_on": dt.date(2020, 1, 1)}, "day has passed"),
        ({"ends_on": dt.date(2020, 1, 1)}, "after the beginning"),
        ({"values": {"code": "split"}}, "no fields of the rule: code"),
        ({"values": {"action": "hold"}}, "like that now"),
        ({"values": {"action": "nonsense"}}, "not a valid choice"),
        ({"values": {"data": {"tolerance_percent": "a lot"}}}, "is no number"),
        ({"values": {"data": [1]}}, "an object of figures"),
    ],
)
def test_what_means_nothing_is_refused(operator: User, policy: RulePolicy, other: dict[str, Any], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        planned(operator, policy, **other)
    assert not PlannedChange.objects.exists()


def test_who_may_and_what_waits(cast: Cast, operator: User, policy: RulePolicy) -> None:
    for stranger in (cast.agent, cast.buyer):
        with pytest.raises(NotAllowed):
            planned(stranger, policy)
    change = planned(operator, policy)
    with pytest.raises(Conflict):
        planned(operator, policy, values={"action": "reject"})
    withdraw_change(by=operator, change_id=change.pk)
    with pytest.raises(Conflict):
        withdraw_change(by=operator, change_id=change.pk)
    apply_due(days(1))
    assert now(policy)[0] == "hold"
    with pytest.raises(NotFound):
        plan_change(by=operator, kind="nothing", subject="1", values={}, effective_on=days(1), reason="r")
    with pytest.raises(NotFound):
        plan_change(by=operator, kind=POLICIES, subject="x' OR 1", values={}, effective_on=days(1), reason="r")


def test_an_agreement_with_a_partner_is_planned_on_its_page(cast: Cast, operator: User) -> None:
    partner = TradingPartner.objects.create(
        code="P1",
        name="Partner One",
        their_qualifier="ZZ",
        their_id="P1",
        our_qualifier="ZZ",
        our_id="US",
        account=cast.harbor,
    )
    row = Agreement.objects.create(partner=partner, direction="in", set_id="850", releases=["004010"])
    client, address = signed_in(operator), f"/rules/agreements/{row.pk}/"
    form = {
        "active": "on", "releases": "004010,005010", "release": "004010", "ack": row.ack, "duplicate_window_days": "30",
        "error_policy": row.error_policy, "ctt_policy": row.ctt_policy, "options": "{}",
        "effective_on": days(0).isoformat(), "ends_on": "", "reason": "their new release",
    }  # fmt: skip
    assert "{'nonsense'" not in main_of(client.get(address).content.decode())
    assert client.post(address, {**form, "options": '{"nonsense": 1}'}, follow=True).status_code == 200
    assert not PlannedChange.objects.exists()
    client.post(address, {**form, "error_policy": "accept_with_errors"})
    page = main_of(client.get(address).content.decode())
    assert "<td>Reject the set</td>" in page, "as the form calls it"
    assert "<del>Reject the set</del> → <ins>Accept with errors</ins>" in page
    assert "<del>365</del> → <ins>30</ins>" in page
    assert "<ins>004010, 005010</ins>" in page
    apply_due_job({})
    row.refresh_from_db()
    assert (row.releases, row.duplicate_window_days) == (["004010", "005010"], 30)
    page = main_of(client.get(address).content.decode())
    assert "their new release" in page
    assert operator.email in page
    assert "Partner One" in main_of(signed_in(cast.agent).get("/rules/").content.decode())
    assert signed_in(cast.agent).post(address, form, follow=True).status_code in (200, 403)
    assert PlannedChange.objects.count() == 1
    assert signed_in(cast.buyer).get("/rules/").status_code == 403
    assert client.get("/rules/nothing/1/").status_code == client.get("/rules/agreements/999999999/").status_code == 404


def test_what_differs_is_told_one_by_one() -> None:
    old, new = (
        {"a": True, "b": [1, 2], "c": {"d": None, "e": {"f": 1}}},
        {"a": False, "b": [1, 2], "c": {"e": {"f": 2}, "g": "h"}},
    )
    assert differences(old, new) == [
        Difference("a", "yes", "no"), Difference("c.e.f", "1", "2"), Difference("c.g", "", "h"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_workers_begin_it_once(cast: Cast) -> None:
    boss = User.objects.create_superuser(email="boss@example.com", password="a-long-demo-password-1", name="Boss")
    row = RulePolicy.objects.create(account=cast.harbor, code="price_differs", action="hold", data={})
    change = planned(boss, row)
    at_once(*[lambda: apply_change(change_id=change.pk, on=days(1))] * 3)
    assert len(versions_of(rule_kind(POLICIES), row.pk)) == 2

"""Routing rules: the first that fits counts, an owned case never moves, and a preview tells before anything counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from exceptions.choices import CaseStatus
from exceptions.errors import RuleRefused
from exceptions.models import Case, Queue, RoutingRule, StaffSkill
from exceptions.process.cases import claim_case, open_case, resolve_case
from exceptions.process.rules import drop_rule, preview_rule, save_rule
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def case(subject: str, **more: Any) -> Case:
    facts = {"kind": "order.held", "code": "held", "subject_type": "order", "sentence": "x", **more}
    return open_case(subject_id=subject, **facts)


@pytest.fixture
def key_accounts(db: None) -> Queue:
    return Queue.objects.create(code="key", name="Key accounts", group="agent")


def rule(**facts: Any) -> RoutingRule:
    return RoutingRule(**{"position": 1, "name": "Big ones", **facts})


def test_the_first_rule_that_fits_counts(cast: Cast, key_accounts: Queue) -> None:
    save_rule(rule(position=20, name="All orders", kind="order.", person=cast.agent))
    big = save_rule(rule(position=10, account=cast.harbor, least_amount=Decimal(1000), region="TX", queue=key_accounts))
    fitting = {"account": cast.harbor, "amount": Decimal(1000), "region": "TX"}
    first = case("1", **fitting)
    assert (first.queue, first.routed_by, first.owner) == (key_accounts, big, None)
    for n, change in enumerate(({"account": None}, {"amount": Decimal(999)}, {"region": "NV"})):
        other = case(f"o{n}", **{**fitting, **change})
        assert (other.queue.code, other.owner, other.status) == ("orders", cast.agent, CaseStatus.NEW)
    assert case("3", kind="edi.ack_overdue").routed_by is None


def test_a_skill_leads_to_whoever_has_it_and_the_least_to_do(cast: Cast) -> None:
    StaffSkill.objects.create(user=cast.agent, skill="hazmat")
    StaffSkill.objects.create(user=cast.finance, skill="hazmat")
    StaffSkill.objects.create(user=cast.buyer, skill="hazmat")
    save_rule(rule(kind="order.restricted", skill="hazmat"))
    owners = [case(str(n), kind="order.restricted").owner for n in range(4)]
    assert owners == [cast.agent, cast.finance, cast.agent, cast.finance]
    RoutingRule.objects.update(skill="nobody-has-it")
    assert case("5", kind="order.restricted").owner is None


def test_a_case_that_somebody_has_is_never_moved_by_a_rule(cast: Cast, key_accounts: Queue) -> None:
    owned = case("1")
    claim_case(case_id=owned.pk, user=cast.agent, version=owned.version)
    loose = case("2")
    save_rule(rule(queue=key_accounts))
    again, seen = case("1"), case("2")
    assert (again.owner, again.queue.code, seen.queue) == (cast.agent, "orders", loose.queue)
    resolve_case(case_id=owned.pk, resolution="by_hand", reason="done")  # type: ignore[arg-type]
    assert (case("1").owner, case("1").queue.code) == (cast.agent, "orders")


def test_the_preview_says_what_would_have_moved_yesterday_and_changes_nothing(cast: Cast, key_accounts: Queue) -> None:
    for n in range(5):
        case(str(n), amount=Decimal(n * 1000))
    case("today", amount=Decimal(9000))
    noon = timezone.make_aware(dt.datetime.combine(timezone.localdate() - dt.timedelta(days=1), dt.time(12)))
    Case.objects.exclude(subject_id="today").update(created_at=noon)
    proposed = rule(least_amount=Decimal(3000), queue=key_accounts)
    told = preview_rule(proposed)
    assert str(told) == "would have moved 2 of 5"
    assert [(m.case.subject_id, m.before, m.after) for m in told.sample] == [
        ("3", "Orders", "Key accounts"), ("4", "Orders", "Key accounts"),
    ]  # fmt: skip
    assert not RoutingRule.objects.exists()
    save_rule(proposed)
    assert str(preview_rule(proposed)) == "would have moved 0 of 5"
    proposed.active = False
    assert str(preview_rule(proposed)) == "would have moved 2 of 5"


@pytest.mark.parametrize(
    "bad", [{}, {"name": " ", "skill": "tax"}, {"kind": "never", "skill": "tax"}, {"kind": "never.", "skill": "tax"}]
)
def test_a_rule_that_says_nothing_is_refused(bad: dict[str, Any], cast: Cast) -> None:
    with pytest.raises(RuleRefused):
        save_rule(rule(**bad))
    with pytest.raises(RuleRefused, match="does not work here"):
        preview_rule(rule(person=cast.buyer))
    with pytest.raises(RuleRefused):
        drop_rule(rule_id=4711)
    assert not RoutingRule.objects.exists()

"""Policies are set by administrators alone, and only with figures that mean something."""

from __future__ import annotations

import pytest

from distportal.accounts.models import User
from orders.models import RulePolicy
from orders.process.policy import policies_of
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
ADD = "/admin/orders/rulepolicy/add/"


def answers(**values: str) -> dict[str, str]:
    empty = dict.fromkeys(("account_code", "per_line", "per_order", "least_part", "amount"), "")
    return {**empty, "action": "accept", **values}


@pytest.fixture
def boss(cast: Cast) -> User:
    return User.objects.create_superuser(email="boss@example.com", password="a-long-demo-password-1", name="Boss")


def test_an_accounts_own_policy_is_set_and_counts_before_everybodys(cast: Cast, boss: User) -> None:
    client = signed_in(boss)
    assert client.post(ADD, answers(code="split", per_line="3", least_part="6")).status_code == 302
    assert client.post(ADD, answers(code="split", account_code="HARBOR", per_line="2")).status_code == 302
    own, others = policies_of(cast.harbor.pk), RulePolicy.objects.get(account=None, code="split")
    assert (own.figures["split"], others.data) == ({"per_line": "2"}, {"per_line": "3", "least_part": "6"})
    page = client.get(f"/admin/orders/rulepolicy/{others.pk}/change/").content.decode()
    assert 'name="least_part" value="6"' in page
    changed = client.post(f"/admin/orders/rulepolicy/{others.pk}/change/", answers(code="split", per_line="4"))
    assert changed.status_code == 302
    others.refresh_from_db()
    assert others.data == {"per_line": "4"}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"code": "split", "amount": "10"}, "This figure does not belong to that code"),
        ({"code": "split", "per_line": "0"}, "greater than or equal to 1"),
        ({"code": "split", "account_code": "NOBODY"}, "There is no account NOBODY"),
        ({"code": "nonsense"}, "Select a valid choice"),
        ({"code": "price_differs"}, "There is such a policy already"),
    ],
)
def test_what_means_nothing_is_refused(boss: User, values: dict[str, str], told: str) -> None:
    RulePolicy.objects.create(code="price_differs", action="hold", data={"tolerance_percent": "2"})
    answer = signed_in(boss).post(ADD, answers(**values))
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert RulePolicy.objects.count() == 1


def test_customer_service_reads_and_dealers_do_not(cast: Cast) -> None:
    RulePolicy.objects.create(code="split", action="accept", data={"per_line": "2"})
    agent = signed_in(cast.agent)
    assert agent.get("/admin/orders/rulepolicy/").status_code == 200
    assert agent.get(ADD).status_code == 403
    assert signed_in(cast.buyer).get("/admin/orders/rulepolicy/").status_code in (302, 403)

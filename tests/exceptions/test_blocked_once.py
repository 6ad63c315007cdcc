"""An order that blocks several cases counts once wherever sums are told; a single case keeps its own figure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from distportal.accounts.models import Account, User
from exceptions.models import Case
from exceptions.process.cases import claim_case, open_case
from exceptions.queries.blocked import blocked_by_all
from exceptions.queries.listing import Asked, cases_asked, causes
from exceptions.queries.money import queue_standings
from exceptions.queries.supervising.periods import Period
from exceptions.queries.supervising.repeat_causes import repeat_causes
from exceptions.queries.supervising.standing import by_person, by_queue, open_rows
from tests.clients import main_of, signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
ORDER = "SO-1 · PO 7"


def waits(subject: str, **more: Any) -> Case:
    facts = {
        "kind": "order.unit_unknown", "code": subject, "subject_type": "order", "subject_id": "1", "sentence": "x",
        "reference": ORDER, "data": {"cause": "CTN"}, **more,
    }  # fmt: skip
    return open_case(**facts)


def lead() -> User:
    return User.objects.get(email="operator@northline.example")


@pytest.fixture
def harbor(cast: Cast) -> Account:
    """One order with three cases in two queues, a stranger's with the same words, and a case about nothing named."""
    waits("a", account=cast.harbor, amount=Decimal(200))
    waits("b", account=cast.harbor, amount=Decimal(250))
    waits("c", account=cast.harbor, amount=Decimal(200), kind="order.price_differs", queue="operations")
    waits("d", account=Account.objects.get(code="SUMMIT"), amount=Decimal(30))
    waits("e", account=cast.harbor, amount=Decimal(5), reference="", queue="operations")
    waits("f", account=cast.harbor, amount=Decimal(5), reference="", queue="operations", currency="EUR")
    waits("g", account=cast.harbor, reference="SO-2 · PO 8", kind="order.dates")
    return cast.harbor


def test_all_that_is_open_and_each_queue_have_an_order_once(harbor: Account) -> None:
    assert blocked_by_all() == {"EUR": Decimal(5), "USD": Decimal(285)}
    assert [(one.code, one.cases, one.money) for one in queue_standings()] == [
        ("orders", 4, {"USD": Decimal(280)}), ("operations", 3, {"EUR": Decimal(5), "USD": Decimal(205)}),
    ]  # fmt: skip
    assert [one.late_money for one in queue_standings()] == [{}, {}]
    Case.objects.filter(code__in=["a", "b", "d"]).update(due_at=timezone.now() - dt.timedelta(hours=1))
    orders = queue_standings()[0]
    assert (orders.late, orders.late_money) == (3, {"USD": Decimal(280)})


def test_the_supervisor_s_sums_have_an_order_once(cast: Cast, harbor: Account) -> None:
    claim_case(case_id=Case.objects.get(code="a").pk, user=cast.agent, version=1)
    rows = open_rows()
    people = by_person(rows, settled={}, names={})
    assert [(load.name, load.open, load.blocked) for load in people] == [
        ("Nobody", 6, {"EUR": Decimal(5), "USD": Decimal(285)}), (cast.agent.name, 1, {"USD": Decimal(200)}),
    ]  # fmt: skip
    assert [(load.key, load.blocked) for load in by_queue(rows)] == [
        ("orders", {"USD": Decimal(280)}), ("operations", {"EUR": Decimal(5), "USD": Decimal(205)}),
    ]  # fmt: skip
    found = repeat_causes(Period.of({"days": "7"}))
    assert [(one.kind, one.seen, one.money) for one in found] == [
        ("order.unit_unknown", 4, {"EUR": Decimal(5), "USD": Decimal(255)}),
    ]  # fmt: skip
    page = main_of(signed_in(lead()).get("/desk/supervisor/").content.decode())
    assert "€5.00 + $285.00" in page
    assert "an order that several cases are about counts once" in page


def test_the_costliest_cause_is_found_by_what_it_blocks_once(harbor: Account) -> None:
    for n in range(3):  # 750 if each case counted, and more than 255 + 5
        waits(f"h{n}", kind="order.dates", account=harbor, amount=Decimal(250), reference="SO-9")
    first, second = repeat_causes(Period.of({"days": "7"}))
    assert (first.kind, first.amount, second.kind, second.amount) == (
        "order.unit_unknown", Decimal(260), "order.dates", Decimal(250),
    )  # fmt: skip
    assert repeat_causes(Period.of({"days": "7"}), sort="seen")[0].kind == "order.dates"


def test_the_queue_and_its_causes_have_an_order_once_and_each_case_its_own(cast: Cast, harbor: Account) -> None:
    found = {one.key: one.money for one in causes(cases_asked(Asked.of({}), cast.agent))}
    assert found == {
        "order.unit_unknown · HARBOR · CTN": {"EUR": Decimal(5), "USD": Decimal(255)},
        "order.unit_unknown · SUMMIT · CTN": {"USD": Decimal(30)},
        "order.price_differs · HARBOR · CTN": {"USD": Decimal(200)}, "order.dates · HARBOR": {},
    }  # fmt: skip
    assert causes(cases_asked(Asked.of({"q": "nothing like it"}), cast.agent)) == []
    page = main_of(signed_in(cast.agent).get("/desk/").content.decode())
    assert "<dt>Blocked</dt><dd>€5.00 + $285.00</dd>" in page
    assert page.count("$200.00") == 2
    assert "$250.00" in page
    tower = main_of(signed_in(lead()).get("/tower/").content.decode())
    assert "€5.00 + $285.00" in tower
    assert "$685.00" not in tower


def test_parts_of_a_payment_add_up(cast: Cast) -> None:
    for code, amount in (("overpaid", 40), ("unclaimed_deduction", 2)):
        open_case(
            kind=f"remittance.{code}", code=code, subject_type="remittance", subject_id="1", sentence="x",
            account=cast.harbor, amount=Decimal(amount), reference="payment T-1",
        )  # fmt: skip
    assert blocked_by_all() == {"USD": Decimal(42)}

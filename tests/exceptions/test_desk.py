"""The desk: who may see it, what its forms do, and what they refuse."""

from __future__ import annotations

import pytest
from django.test import Client

from exceptions.models import Case
from exceptions.process.cases import open_case
from orders.models import Order
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def held(po: str = "PO-1") -> tuple[Order, Case]:
    order = place_order(order=asked(("FST-10001", "10", "EA", "0.30"), po=po), source_key=f"t:{po}").order
    return order, Case.objects.get(subject_id=str(order.pk))


def test_dealers_and_strangers_do_not_see_the_desk(cast: Cast) -> None:
    case = open_case(
        kind="order.duplicate_po", code="x", subject_type="order", subject_id="1", sentence="x", queue="orders"
    )
    for address in ("/desk/", f"/desk/{case.number}/"):
        assert Client().get(address).status_code == 302
        assert signed_in(cast.buyer).get(address).status_code == 403
        assert signed_in(cast.agent).get(address).status_code == 200
    refused = signed_in(cast.buyer).post(f"/desk/{case.number}/act/settle/", {"reason": "mine"})
    case.refresh_from_db()
    assert (refused.status_code, case.is_open) == (403, True)


def test_an_action_needs_its_reason_and_does_nothing_without(cast: Cast, synced: SandboxProcess) -> None:
    order, case = held()
    agent = signed_in(cast.agent)
    told = agent.post(f"/desk/{case.number}/act/reject/", {"reason": " "}, follow=True)
    assert b"Say why; nothing was done." in told.content
    order.refresh_from_db()
    assert order.status == "held"
    agent.post(f"/desk/{case.number}/act/reject/", {"reason": "the buyer withdrew it"})
    order.refresh_from_db()
    case.refresh_from_db()
    assert (order.status, order.closed_reason, case.is_open) == ("rejected", "the buyer withdrew it", False)


def test_an_action_that_the_kind_does_not_have_is_not_found(cast: Cast, synced: SandboxProcess) -> None:
    _, case = held()
    assert signed_in(cast.agent).post(f"/desk/{case.number}/act/explode/", {"reason": "x"}).status_code == 404


def test_of_two_resubmits_of_one_version_the_second_is_told_so(cast: Cast, synced: SandboxProcess) -> None:
    order, case = held()
    agent, form = signed_in(cast.agent), {"version": "1", "fix.line.1.unit_price": "0.31", "reason": "try"}
    agent.post(f"/desk/{case.number}/act/resubmit/", form)
    second = agent.post(f"/desk/{case.number}/act/resubmit/", {**form, "fix.line.1.unit_price": "0.48"}, follow=True)
    assert "changed meanwhile" in second.content.decode()
    order.refresh_from_db()
    assert (order.version, order.status) == (2, "held")


@pytest.mark.parametrize(
    "bad",
    [{"fix.line.1.quantity": "many"}, {"fix.line.9.sku": "X"}, {"fix.account": "SUMMIT"}, {"fix.requested_on": "soon"}],
)
def test_a_field_that_cannot_be_is_refused_and_nothing_is_saved(
    cast: Cast, synced: SandboxProcess, bad: dict[str, str]
) -> None:
    order, case = held()
    agent = signed_in(cast.agent)
    assert agent.get(f"/desk/{case.number}/", {"dry_run": "1", **bad}).status_code == 200
    answer = agent.post(f"/desk/{case.number}/act/resubmit/", {"version": "1", **bad}, follow=True)
    assert answer.status_code == 200
    order.refresh_from_db()
    assert (order.version, order.status) == (1, "held")

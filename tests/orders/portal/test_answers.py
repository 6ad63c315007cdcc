"""A held order that came by EDI or CSV is settled by its own dealer: once, in the fields that were asked for."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.events.sweeper import work_until_idle
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.errors import NothingToCorrect, NotYoursToAnswer, StaleVersion
from orders.models import ErpCommand, Order, OrderVersion, RulePolicy
from orders.process.answers import ANSWERED, answer_held_order
from orders.queries.questions import questions_of, with_questions
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order, reload
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
GOOD = {"line.1.unit_price": "", "line.2.sku": "FST-10002"}


@pytest.fixture
def held(cast: Cast, synced: SandboxProcess) -> Order:
    """An EDI order with a wrong price and an unknown item."""
    rows = (("FST-10001", "100", "EA", "0.01"), ("NO-SUCH", "12", "EA", None), ("FST-10003", "5", "EA", None))
    order = placed_order(*rows, po="4711", channel="edi")
    assert order.status == "held"
    return order


def post(client: Client, order: Order, **more: str) -> str:
    form = {"version": str(order.version), **{f"fix.{name}": value for name, value in GOOD.items()}, **more}
    answer = client.post(f"/orders/{order.number}/answer/", form, follow=True)
    return str(answer.content.decode())


def test_the_dealer_is_asked_at_home_in_the_list_and_on_the_order(cast: Cast, held: Order) -> None:
    buyer = signed_in(cast.buyer)
    assert "Your PO 4711 needs 2 answers." in buyer.get("/").content.decode()
    assert str(held) in buyer.get("/orders/?view=action").content.decode()
    page = buyer.get(f"/orders/{held.number}/").content.decode()
    assert "The order needs 2 answers from you." in page
    editor = buyer.get(f"/orders/{held.number}/answer/").content.decode()
    assert ('name="fix.line.1.unit_price"' in editor, 'name="fix.line.2.sku"' in editor) == (True, True)
    assert 'name="fix.line.3' not in editor
    assert 'name="fix.line.2.quantity"' not in editor
    assert "4711" not in signed_in(cast.stranger).get("/").content.decode()


def test_the_answer_goes_on_under_one_key_and_the_desk_sees_who_answered(
    cast: Cast, held: Order, synced: SandboxProcess
) -> None:
    page = post(signed_in(cast.buyer), held, **{"fix.line.1.unit_price": "as-agreed"})
    assert "goes on now" in page
    work_until_idle()
    assert reload(held).status == "confirmed"
    assert [o["reference"] for o in synced.orders(f"NL-{held.number}")] == [f"NL-{held.number}"]
    case = Case.objects.get(subject_id=str(held.pk))
    assert case.status == CaseStatus.RESOLVED
    history = [entry.text for entry in case.entries.all()]
    [said] = [text for text in history if "answered in the portal" in text]
    assert cast.buyer.name in said
    assert "line 2, item: NO-SUCH → FST-10002" in said
    desk = signed_in(cast.agent).get(f"/desk/{case.number}/").content.decode()
    assert cast.buyer.email in desk
    version = OrderVersion.objects.get(order=held, version=2)
    assert (version.actor, version.reason) == (cast.buyer.email, ANSWERED)
    assert "needs" not in signed_in(cast.buyer).get("/").content.decode().partition("PO 4711")[2][:40]


def test_half_an_answer_leaves_the_other_question_and_the_same_case(cast: Cast, held: Order) -> None:
    buyer = signed_in(cast.buyer)
    form = {"version": "1", "fix.line.2.sku": "FST-10002"}
    answer = buyer.post(f"/orders/{held.number}/answer/", form, follow=True)
    assert "One thing is left" in answer.content.decode()
    assert [q.code for q in questions_of(reload(held))] == ["price_differs"]
    assert Case.objects.filter(status__in=CaseStatus.OPEN).count() == 1
    assert not ErpCommand.objects.exists()


def test_what_is_not_asked_is_not_taken_and_nothing_is_half_taken(cast: Cast, held: Order) -> None:
    for answers in ({"line.3.quantity": "1"}, {"line.2.quantity": "1"}, {"ship_to": "HARBOR-02"}, {"po_number": "9"}):
        with pytest.raises(NotYoursToAnswer):
            answer_held_order(order_id=held.pk, version=1, answers=GOOD | answers, user=cast.buyer)
    for answers in ({}, {"line.1.unit_price": "0.01"}, {"line.1.unit_price": "1e40"}, {"line.1.unit_price": "NaN"}):
        with pytest.raises(NothingToCorrect):
            answer_held_order(order_id=held.pk, version=1, answers=answers, user=cast.buyer)
    page = signed_in(cast.buyer).post(f"/orders/{held.number}/answer/", {"version": "1", "fix.ship_to": "X"})
    assert page.status_code == 422
    assert b"is not asked of you" in page.content
    assert (reload(held).version, OrderVersion.objects.count()) == (1, 1)


def test_strangers_and_viewers_cannot_answer(cast: Cast, held: Order) -> None:
    stranger = signed_in(cast.stranger)
    assert stranger.get(f"/orders/{held.number}/answer/").status_code == 404
    assert stranger.post(f"/orders/{held.number}/answer/", {"version": "1"}).status_code == 404
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    assert signed_in(cast.buyer).post(f"/orders/{held.number}/answer/", {"version": "1"}).status_code == 403
    assert reload(held).status == "held"


def test_policy_says_which_kinds_a_dealer_may_answer(cast: Cast, held: Order) -> None:
    everybodys = RulePolicy.objects.create(code="price_differs", action="hold", data={"dealer_answers": "no"})
    assert [q.code for q in questions_of(held)] == ["item_unknown"]
    RulePolicy.objects.create(code="item_unknown", action="hold", account=cast.harbor, data={"dealer_answers": "no"})
    assert questions_of(held) == []
    assert not with_questions(Order.objects.all()).exists()
    page = signed_in(cast.buyer).get(f"/orders/{held.number}/answer/").content.decode()
    assert "with our customer service" in page
    everybodys.delete()
    RulePolicy.objects.create(code="price_differs", action="hold", account=cast.harbor, data={"dealer_answers": "yes"})
    assert with_questions(Order.objects.all()).exists()


def test_credit_is_never_the_dealers_to_answer(cast: Cast, synced: SandboxProcess) -> None:
    cast.harbor.status = "hold"
    cast.harbor.save()
    order = placed_order()
    assert (order.status, questions_of(order)) == ("held", [])
    assert "Nothing waits for you" in signed_in(cast.buyer).get("/orders/?view=action").content.decode()


def test_an_answer_after_the_desk_was_faster_is_told_and_changes_nothing(cast: Cast, held: Order) -> None:
    answer_held_order(order_id=held.pk, version=1, answers=GOOD, user=cast.colleague)
    with pytest.raises(StaleVersion):
        answer_held_order(order_id=held.pk, version=1, answers={"line.2.sku": "FST-10003"}, user=cast.buyer)
    assert OrderVersion.objects.filter(order=held).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_answers_once_and_the_erp_gets_one_order(
    cast: Cast, held: Order, synced: SandboxProcess
) -> None:
    run = partial(answer_held_order, order_id=held.pk, version=1, answers=GOOD, user=cast.buyer)
    done = at_once(*[run] * 4)
    assert sorted(one.repeated for one in done) == [False, True, True, True]
    work_until_idle()
    assert (OrderVersion.objects.filter(order=held).count(), reload(held).status) == (2, "confirmed")
    assert len(synced.orders(f"NL-{held.number}")) == 1
    # Its own case: what the ERP confirms may differ and be another one, by what earlier tests did to the shared ERP.
    case = Case.objects.get(subject_type="order", subject_id=str(held.pk), code="held")
    assert sum("answered in the portal" in entry.text for entry in case.entries.all()) == 1

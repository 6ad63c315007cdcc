"""An order that needs a yes: frozen, decided by whoever may, and ordered once however often they say it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail as outbox_of_django
from django.db import connection
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership, User
from distportal.events.sweeper import work_until_idle
from distportal.notices.models import Notice
from inventory.models import Item, Price, StockLevel
from orders.choices import ApprovalState
from orders.models import ApprovalAbsence, ApprovalRequest, Draft, Order
from orders.process.approvals import deciding
from orders.process.approvals.deciding import approve_request
from orders.process.approvals.ending import expire_requests
from orders.process.approvals.showing import since_asked
from orders.process.intake import place_order
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.approvals.conftest import asked_for, rule
from tests.orders.builders import asked
from tests.orders.cart.form import page_of, save, submit

pytestmark = pytest.mark.django_db


def decide(user: User, row: ApprovalRequest, do: str = "approve", **more: Any) -> Any:
    form = {"do": do, "seen": since_asked(row).seen, **more}
    return signed_in(user).post(f"/approvals/{row.pk}/decide/", form)


def test_the_button_says_who_is_asked_and_nothing_is_ordered_before_the_yes(
    cast: Cast, filled: Draft, approver: User
) -> None:
    rule(cast, approver=approver)
    client = signed_in(cast.buyer)
    page = page_of(client)
    assert page.place_button == "Send for approval to Olga Ortiz"
    first = submit(client, page, po_number="4711")
    again = submit(client, page, po_number="4711")
    row = ApprovalRequest.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/approvals/{row.pk}/"
    assert not Order.objects.exists()
    assert "Your cart is empty" in client.get("/cart/").content.decode(), "the next order can be begun"
    work_until_idle()
    (sent,) = outbox_of_django.outbox  # type: ignore[attr-defined]
    assert (sent.to, f"/approvals/{row.pk}/" in sent.body) == ([approver.email], True)
    assert "The order comes to" in sent.body

    shown = signed_in(approver).get(f"/approvals/{row.pk}/").content.decode()
    assert "This order waits for you" in shown
    answer = decide(approver, row, text="Fine")
    order = Order.objects.get()
    assert answer.status_code == 302
    assert (order.po_number, order.placed_by, order.status) == ("4711", cast.buyer, "accepted")
    row.refresh_from_db()
    assert (row.state, row.order) == (ApprovalState.APPROVED, order)
    assert client.get(f"/cart/placed/{filled.pk}/").status_code == 200
    work_until_idle()
    told = Notice.objects.get(kind="approval.given")
    assert (told.user, told.facts["text"], told.facts["by"]) == (cast.buyer, "Fine", "Olga Ortiz")


def test_without_a_rule_that_fires_the_order_is_placed_as_always(cast: Cast, filled: Draft) -> None:
    rule(cast, amount=Decimal(1_000_000))
    client = signed_in(cast.buyer)
    page = page_of(client)
    assert page.place_button == "Place order"
    submit(client, page, po_number="4711")
    assert Order.objects.count() == 1
    assert not ApprovalRequest.objects.exists()


def test_nobody_approves_their_own_order_and_nobody_else_who_may_not(cast: Cast, filled: Draft, approver: User) -> None:
    Membership.objects.filter(user=cast.buyer).update(role=Role.APPROVER)
    rule(cast)
    row = asked_for(cast)
    mine = decide(cast.buyer, row)
    assert (mine.status_code, "a colleague has to approve it" in mine.content.decode()) == (403, True)
    Membership.objects.filter(user=approver).update(role=Role.BUYER)
    assert decide(approver, row).status_code == 403
    assert decide(approver, row, do="send_back", text="no").status_code == 403
    assert decide(cast.stranger, row).status_code == 404
    for path in ("", "decide/", "end/", "comment/"):
        assert signed_in(cast.stranger).post(f"/approvals/{row.pk}/{path}").status_code in (404, 405)
    assert signed_in(cast.stranger).get(f"/approvals/{row.pk}/").status_code == 404
    assert not Order.objects.exists()
    row.refresh_from_db()
    assert row.state == ApprovalState.ASKED


def test_by_policy_an_approvers_own_order_needs_nobody(cast: Cast, filled: Draft) -> None:
    Membership.objects.filter(user=cast.buyer).update(role=Role.APPROVER)
    rule(cast, own_allowed=True)
    assert page_of(signed_in(cast.buyer)).place_button == "Place order"


def test_where_nobody_may_approve_the_buyer_is_told_and_the_cart_kept(cast: Cast, filled: Draft) -> None:
    Membership.objects.filter(account=cast.harbor).exclude(user=cast.buyer).delete()
    rule(cast)
    client = signed_in(cast.buyer)
    answer = submit(client, page_of(client), po_number="4711")
    assert (answer.status_code, "nobody of your company may give it" in answer.content.decode()) == (422, True)
    assert not ApprovalRequest.objects.exists()
    assert page_of(client).fields["po_number"] == "4711"


def test_two_have_to_agree_and_one_of_them_twice_is_one(cast: Cast, filled: Draft, approver: User) -> None:
    rule(cast, needed=2)
    row = asked_for(cast)
    assert decide(approver, row).status_code == 302
    assert decide(approver, row).status_code == 302
    assert not Order.objects.exists()
    assert decide(cast.colleague, row).status_code == 302
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_approvers_and_a_double_click_at_the_same_moment_are_one_order(
    cast: Cast, filled: Draft, approver: User
) -> None:
    rule(cast)
    row = asked_for(cast)
    seen = since_asked(row).seen
    people = (approver, cast.colleague, approver, cast.colleague)
    outcomes = at_once(
        *(
            lambda user=user: approve_request(request_id=row.pk, account=cast.harbor, user=user, seen=seen).outcome
            for user in people
        )
    )
    assert sorted(outcomes) == ["ordered", "repeated", "repeated", "repeated"]
    assert Order.objects.count() == 1


def test_ended_in_the_middle_nothing_is_done_and_the_next_yes_orders(
    cast: Cast, filled: Draft, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(cast)
    row = asked_for(cast)

    def placed_and_killed(**asked_: Any) -> Any:
        place_order(**asked_)
        raise ConnectionError("the database went away")

    monkeypatch.setattr(deciding, "place_order", placed_and_killed)
    with pytest.raises(ConnectionError):
        approve_request(request_id=row.pk, account=cast.harbor, user=approver, seen=since_asked(row).seen)
    monkeypatch.undo()
    row.refresh_from_db()
    assert (row.state, Order.objects.count(), row.entries.count()) == (ApprovalState.ASKED, 0, 1)
    assert decide(approver, row).status_code == 302
    assert Order.objects.count() == 1


def test_the_approver_sees_what_the_buyer_saw_and_what_changed_since(cast: Cast, filled: Draft, approver: User) -> None:
    rule(cast)
    row = asked_for(cast)
    before = row.shown["lines"][0]["price"]
    seen = since_asked(row).seen
    Price.objects.filter(item__sku="FST-10001").delete()
    Item.objects.filter(sku="FST-10001").update(list_price=Decimal("99.0000"))
    page = signed_in(approver).get(f"/approvals/{row.pk}/").content.decode()
    assert "FST-10001: the price was" in page
    assert "now it is $99.00" in page
    late = decide(approver, row, seen=seen)
    assert (late.status_code, "Something changed since you opened this page" in late.content.decode()) == (409, True)
    assert not Order.objects.exists()
    assert decide(approver, row).status_code == 302
    asked_price = Order.objects.get().canonical["lines"][0]["unit_price"]
    assert Decimal(asked_price) == Decimal(before), "the price that was frozen is asked for"


def test_what_no_one_warehouse_has_is_not_said_to_be_there(cast: Cast, filled: Draft, approver: User) -> None:
    rule(cast)
    StockLevel.objects.filter(item__sku="FST-10001").update(
        available=20, supply_on=None, supply_quantity=0, supplies=[]
    )
    lines = asked_for(cast).shown["lines"]
    assert {line["sku"]: line["all_there"] for line in lines} == {"FST-10001": False, "ELE-20002": True}


def test_sent_back_with_a_comment_it_is_changed_in_the_cart_and_sent_again(
    cast: Cast, filled: Draft, approver: User
) -> None:
    rule(cast)
    row = asked_for(cast)
    assert decide(approver, row, do="send_back").status_code == 422
    assert decide(approver, row, do="send_back", text="Take 12").status_code == 302
    assert decide(approver, row).status_code == 409
    buyer = signed_in(cast.buyer)
    assert "Take 12" in buyer.get(f"/approvals/{row.pk}/").content.decode()
    assert buyer.post(f"/approvals/{row.pk}/end/", {"do": "edit"}).headers["Location"] == "/cart/"
    buyer.post(f"/approvals/{row.pk}/end/", {"do": "edit"})
    page = page_of(buyer)
    assert page.fields["po_number"] == "4711"
    cart = Draft.objects.get(user=cast.buyer, order=None, asked=False)
    assert {line.item.sku: line.quantity for line in cart.lines.all()} == {"FST-10001": 24, "ELE-20002": 12}
    save(buyer, page, **{f"quantity.{cart.lines.get(item__sku='FST-10001').pk}": "12"})
    submit(buyer, page_of(buyer))
    second = ApprovalRequest.objects.exclude(pk=row.pk).get()
    assert decide(approver, second).status_code == 302
    assert Order.objects.get().lines.get(item__sku="FST-10001").quantity == 12


def test_a_buyer_withdraws_only_what_is_theirs_and_not_ordered(cast: Cast, filled: Draft, approver: User) -> None:
    rule(cast)
    row = asked_for(cast)
    signed_in(cast.colleague).post(f"/approvals/{row.pk}/end/", {"do": "withdraw"})
    row.refresh_from_db()
    assert row.state == ApprovalState.ASKED
    for _ in range(2):
        signed_in(cast.buyer).post(f"/approvals/{row.pk}/end/", {"do": "withdraw"})
    row.refresh_from_db()
    assert row.state == ApprovalState.WITHDRAWN
    assert decide(approver, row).status_code == 409
    assert not Order.objects.exists()


def test_nobody_answers_and_the_buyer_is_told_once(cast: Cast, filled: Draft, approver: User) -> None:
    rule(cast)
    row = asked_for(cast)
    assert expire_requests() == 0
    ApprovalRequest.objects.update(expires_at=timezone.now() - dt.timedelta(hours=1))
    assert [expire_requests(), expire_requests()] == [1, 0]
    work_until_idle()
    assert Notice.objects.filter(kind="approval.expired").values_list("user", flat=True).get() == cast.buyer.pk
    assert decide(approver, row).status_code == 409
    assert not Order.objects.exists()


def test_a_deputy_stands_in_until_the_day_and_in_their_own_name(cast: Cast, filled: Draft, approver: User) -> None:
    deputy = User.objects.create_user("deputy@harbor.example", "a-long-password-1", name="Dee")
    Membership.objects.create(user=deputy, account=cast.harbor, role=Role.BUYER)
    rule(cast, approver=approver)
    row = asked_for(cast)
    assert decide(deputy, row).status_code == 403
    today = timezone.localdate()
    for until, told in ((today - dt.timedelta(days=3), "That day has passed"), (today + dt.timedelta(days=3), "")):
        answer = signed_in(approver).post("/approvals/away/", {"deputy": deputy.pk, "until_on": until.isoformat()})
        assert told in answer.content.decode()
    assert "Requires my approval" in signed_in(deputy).get("/approvals/").content.decode()
    ApprovalAbsence.objects.update(until_on=today - dt.timedelta(days=2))
    assert decide(deputy, row).status_code == 403
    ApprovalAbsence.objects.update(until_on=today + dt.timedelta(days=2))
    assert decide(deputy, row).status_code == 302
    assert row.entries.get(action="agreed").user == deputy
    assert Order.objects.count() == 1


def test_a_po_number_that_was_used_meanwhile_stops_the_yes_and_nothing_is_done(
    cast: Cast, filled: Draft, approver: User
) -> None:
    rule(cast)
    row = asked_for(cast)
    place_order(order=asked(("FST-10001", "10", "EA", None), po="4711", channel="edi"), source_key="t:1")
    answer = decide(approver, row)
    assert (answer.status_code, "with other content by now" in answer.content.decode()) == (409, True)
    row.refresh_from_db()
    assert (row.state, Order.objects.count()) == (ApprovalState.ASKED, 1)


def test_the_navigation_counts_what_waits_for_me_and_the_list_has_three_views(
    cast: Cast, filled: Draft, approver: User
) -> None:
    rule(cast)
    row = asked_for(cast)
    page = signed_in(approver).get("/approvals/").content.decode()
    assert 'aria-label="1 waiting"' in page
    assert f"{row}" in page
    assert "Read and decide" in page
    mine = signed_in(cast.buyer).get("/approvals/")
    assert (mine.context["view"], 'aria-label="1 waiting"' in mine.content.decode()) == ("mine", False)
    company = signed_in(cast.colleague).get("/approvals/?view=company").content.decode()
    assert "Olga Ortiz" in company, "whom it waits for"
    assert str(row) not in signed_in(cast.stranger).get("/approvals/?view=company").content.decode()


@pytest.mark.django_db
def test_what_was_frozen_does_not_move_to_another_state_by_the_back_door(
    cast: Cast, filled: Draft, approver: User
) -> None:
    rule(cast)
    row = asked_for(cast)
    decide(approver, row)
    with pytest.raises(Exception, match="Invalid transition"), connection.cursor() as cursor:
        cursor.execute("UPDATE orders_approvalrequest SET state = 'asked' WHERE id = %s", [row.pk])

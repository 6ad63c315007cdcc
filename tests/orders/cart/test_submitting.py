"""Submit a cart: what was shown is what is ordered, once, or nothing is and all that was typed is kept."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from distportal.accounts.models import Account, ShipTo
from distportal.notices.choices import Mode
from distportal.notices.models import NoticeChoice
from exceptions.models import Case
from inventory.models import Item, Price
from orders.choices import OrderStatus
from orders.models import Draft, DraftLine, Order, RulePolicy
from orders.portal.mail_copies import mail_copies
from orders.process.carts import look_at_cart
from orders.process.drafts import Wanted, put_into_draft
from orders.process.foreseeing import Foreseen, button_words
from orders.process.intake import place_order
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.orders.cart.form import Form, page_of, save, submit

pytestmark = pytest.mark.django_db


def test_a_cart_becomes_one_order_at_the_prices_that_were_shown(cast: Cast, filled: Draft) -> None:
    client = signed_in(cast.buyer)
    page = page_of(client)
    assert page.place_button == "Place order", page.fields["seen"]
    wanted = timezone.localdate() + dt.timedelta(days=20)
    typed = {"po_number": "4711", "requested_on": wanted.isoformat(), "note": "Ring first"}
    answer = submit(client, page, **typed, **{f"note.{filled.lines.first().pk}": "blue ones"})
    assert answer.headers["Location"] == f"/cart/placed/{filled.pk}/"
    order = Order.objects.get()
    assert (order.po_number, order.requested_on, order.placed_by) == ("4711", wanted, cast.buyer)
    assert order.canonical["notes"] == ["Ring first", "Line 1, FST-10001: blue ones"]
    assert all(line["unit_price"] for line in order.canonical["lines"])
    assert order.status == OrderStatus.ACCEPTED
    said = client.get(answer.headers["Location"]).content.decode()
    assert f"SO-{order.number}" in said
    assert "What happens next" in said
    assert page_of_empty(client)


def test_what_is_wanted_later_is_promised_for_that_day_in_the_cart_and_on_the_order(cast: Cast, filled: Draft) -> None:
    client, wanted = signed_in(cast.buyer), timezone.localdate() + dt.timedelta(days=20)
    save(client, page_of(client), requested_on=wanted.isoformat())
    filled.refresh_from_db()
    cart = look_at_cart(filled)
    assert cart is not None
    shown = [[part.on for part in line.parts] for line in cart.lines]
    assert shown == [[wanted], [wanted]]
    submit(client, page_of(client), po_number="4711")
    rows = client.get(f"/cart/placed/{filled.pk}/").context["rows"]
    assert [[part.on for part in row["parts"]] for row in rows] == shown


def copies_of(client: Client, draft: Draft) -> list[str]:
    """Who gets mail, as the confirmation says it."""
    page = main_of(client.get(f"/cart/placed/{draft.pk}/").content.decode())
    told = page.partition("<h2>Mail copies</h2>")[2].partition("</ul>")[0]
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<li>(.*?)</li>", told, re.DOTALL)]


def test_the_confirmation_says_who_gets_mail_and_when(cast: Cast, filled: Draft) -> None:
    client, mail = signed_in(cast.buyer), cast.buyer.email
    submit(client, page_of(client), po_number="4711")
    assert copies_of(client, filled) == [
        f"Order accepted: {mail}, in the daily digest at 07:00",
        f"Goods have left: {mail}, in the daily digest at 07:00",
    ]
    NoticeChoice.objects.create(user=cast.buyer, kind="order.accepted", mail=Mode.INSTANT)
    NoticeChoice.objects.create(user=cast.buyer, kind="order.shipped", mail=Mode.OFF)
    assert copies_of(client, filled) == [
        f"Order accepted: {mail}, at once",
        f"Goods have left: {mail}, not by mail",
    ]
    assert cast.colleague.email not in client.get(f"/cart/placed/{filled.pk}/").content.decode()


def test_of_an_order_that_our_people_placed_all_who_order_are_told(cast: Cast, filled: Draft) -> None:
    order = place_order(order=asked(("FST-10001", "1", "EA", None), po="4712"), source_key="t:2").order
    told = mail_copies(order, cast.buyer, addresses=False)
    shown = {copy.who for copy in told}
    assert cast.buyer.email in shown
    assert cast.colleague.email not in shown, "of others the name alone"
    assert cast.colleague.name in shown
    assert cast.colleague.email in {copy.who for copy in mail_copies(order, cast.buyer, addresses=True)}


def page_of_empty(client: object) -> bool:
    return "Your cart is empty" in client.get("/cart/").content.decode()  # type: ignore[attr-defined]


def test_what_changed_since_the_page_is_shown_and_nothing_is_ordered(cast: Cast, filled: Draft) -> None:
    client = signed_in(cast.buyer)
    page = page_of(client)
    Price.objects.filter(item__sku="FST-10001").delete()
    Item.objects.filter(sku="FST-10001").update(list_price=Decimal("99.0000"))
    answer = submit(client, page, po_number="4711", note="kept")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "FST-10001: the price was" in text
    assert "now it is 99.0000" in text
    assert not Order.objects.exists()
    again = Form(text)
    assert (again.fields["po_number"], again.fields["note"]) == ("4711", "kept")
    assert submit(client, again).status_code == 302
    assert Order.objects.get().lines.get(item__sku="FST-10001").unit_price == Decimal("99.0000")


def test_a_number_that_was_used_is_said_on_top_with_the_way_to_its_field(cast: Cast, filled: Draft) -> None:
    earlier = place_order(order=asked(("FST-10001", "1", "EA", None), po="4711"), source_key="t:1").order
    client = signed_in(cast.buyer)
    answer = submit(client, page_of(client), po_number="4711")
    text = main_of(answer.content.decode())
    top = text.partition('id="wrong"')[2].partition("</ul>")[0]
    assert (answer.status_code, "Nothing was ordered" in top) == (409, True)
    assert '<a href="#f-po_number">PO number 4711 was used before: tick' in top
    assert 'id="f-po_number"' in text
    assert Order.objects.get() == earlier
    assert submit(client, Form(answer.content.decode()), again="on").status_code == 302
    assert Order.objects.count() == 2


def test_a_line_that_another_tab_put_in_is_told_before_it_is_ordered(cast: Cast, filled: Draft) -> None:
    client = signed_in(cast.buyer)
    page = page_of(client)
    client.post("/cart/add/", {"sku": "PLB-30001", "quantity": "1", "unit": "EA"})
    answer = submit(client, page, po_number="4711")
    assert answer.status_code == 409
    assert "PLB-30001 came into the cart" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_cart_that_lacks_something_is_kept_as_it_was_typed(cast: Cast, filled: Draft) -> None:
    client = signed_in(cast.buyer)
    past = (timezone.localdate() - dt.timedelta(days=2)).isoformat()
    for typed, told in (
        ({"po_number": ""}, "enter one"),
        ({"po_number": "1", "requested_on": past}, "This day has passed"),
        ({"po_number": "1", "requested_on": "2031-01-02", "cancel_after": "2031-01-01"}, "before the day"),
        ({"po_number": "1", f"quantity.{filled.lines.first().pk}": "many"}, "no whole number"),
        ({"po_number": "1", f"quantity.{filled.lines.first().pk}": "1.5"}, "whole numbers above zero"),
        ({"po_number": "1", "ship_to": str(ShipTo.objects.exclude(account=cast.harbor).first().pk)}, "valid choice"),
        ({"po_number": "1", "elsewhere": "on", "name": "Site 9"}, "Needed for a new address"),
    ):
        answer = submit(client, page_of(client), **typed)
        assert answer.status_code == 422, typed
        assert told in answer.content.decode(), typed
    assert not Order.objects.exists()
    assert filled.lines.count() == 2


def test_strangers_colleagues_and_viewers_reach_no_cart_of_others(cast: Cast, filled: Draft) -> None:
    page = page_of(signed_in(cast.buyer))
    for person in (cast.stranger, cast.colleague):
        client = signed_in(person)
        assert submit(client, page, po_number="1").status_code == 404
        assert client.get(f"/cart/placed/{filled.pk}/").status_code == 404
        client.post("/cart/save/", {**page.fields, "do": f"remove:{filled.lines.first().pk}"})
    assert not Order.objects.exists()
    assert filled.lines.count() == 2


def test_a_new_address_is_held_for_a_look_unless_the_policy_forbids_it(cast: Cast, filled: Draft) -> None:
    client = signed_in(cast.buyer)
    new = {"name": "Site 9", "street": "1 Mud Road", "city": "Salinas", "region": "CA", "postcode": "93901"}
    save(client, page_of(client), po_number="4711", elsewhere="on", **new)
    page = page_of(client)
    assert page.place_button == "Place order (will be held: new address)"
    RulePolicy.objects.create(code="ship_to_unknown", action="reject_order")
    assert submit(client, page).status_code == 422
    assert not Order.objects.exists()
    RulePolicy.objects.all().delete()
    assert submit(client, page_of(client)).status_code == 302
    order = Order.objects.get()
    assert (order.status, order.canonical["ship_to"]["street"]) == (OrderStatus.HELD, "1 Mud Road")
    assert Case.objects.filter(code="held").count() == 1
    assert "new address" in client.get(f"/cart/placed/{filled.pk}/").content.decode()


def test_what_nobody_would_take_is_not_submitted(cast: Cast, filled: Draft) -> None:
    client = signed_in(cast.buyer)
    Item.objects.filter(sku__in=("FST-10001", "ELE-20002")).update(status="blocked")
    page = page_of(client)
    assert page.place_button == "Cannot be ordered as it is"
    answer = submit(client, page, po_number="4711")
    assert answer.status_code == 409
    assert "Nothing was ordered" in answer.content.decode()
    assert not Order.objects.exists()


def test_what_was_put_aside_stays_with_the_person(cast: Cast, filled: Draft) -> None:
    client = signed_in(cast.buyer)
    line = filled.lines.get(item__sku="ELE-20002")
    save(client, page_of(client), do=f"later:{line.pk}")
    assert submit(client, page_of(client), po_number="4711").status_code == 302
    assert Order.objects.get().lines.count() == 1
    now = DraftLine.objects.get(pk=line.pk)
    assert (now.later, now.draft.user, now.draft.order) == (True, cast.buyer, None)
    assert "Saved for later" in client.get("/cart/").content.decode()


def test_the_queries_of_the_page_do_not_grow_with_its_lines(
    cast: Cast, filled: Draft, django_assert_max_num_queries: object
) -> None:
    client = signed_in(cast.buyer)
    page_of(client)
    few = _queries(client)
    items = [Wanted(item, item.base_unit, Decimal(1)) for item in Item.objects.filter(sku__startswith="FST")[1:20]]
    put_into_draft(draft=filled, wanted=items)
    page_of(client)
    assert len(look_at_cart(filled).lines) >= 20  # type: ignore[union-attr]
    assert _queries(client) <= few + 1


def _queries(client: object) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        client.get("/cart/")  # type: ignore[attr-defined]
    return len(caught)


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([Foreseen(kind="place")], "Place order"),
        ([Foreseen(kind="place")] * 3, "Place 3 orders"),
        ([Foreseen(kind="held", why=("credit_exceeded",))], "Place order (will be held: credit)"),
        ([Foreseen(kind="held", why=("item_unknown",))], "Place order (will be held: a remark above)"),
        (
            [Foreseen(kind="place"), Foreseen(kind="held", why=("credit_exceeded",))],
            "Place 2 orders (1 will be held: credit)",
        ),
        ([Foreseen(kind="approval", who="J. Ruiz"), Foreseen(kind="place")], "Send for approval to J. Ruiz"),
        ([Foreseen(kind="approval")], "Send for approval"),
        ([Foreseen(kind="refused", why=("account_closed",))], "Cannot be ordered as it is"),
    ],
)
def test_the_button_says_what_will_happen(outcomes: list[Foreseen], words: str) -> None:
    assert button_words(outcomes) == words


def test_an_account_without_po_numbers_orders_without_one(cast: Cast, filled: Draft) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(po_required=False)
    client = signed_in(cast.buyer)
    assert submit(client, page_of(client), po_number="").status_code == 302
    assert Order.objects.get().po_number == ""

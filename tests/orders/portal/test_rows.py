"""Rows that Python draws say what they are told: escaped, in the reader's language, and no more than they need."""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import engines
from django.utils import timezone, translation

from distportal.accounts.models import Account, ShipTo
from inventory.models import Item, ItemCrossReference, Warehouse
from inventory.queries.availability import Availability
from inventory.queries.offers import Offer
from inventory.queries.prices import PriceQuote
from orders.models import Invoice, ListLine, Order, OrderLine, Purchase, Remittance
from orders.portal.picking import Row
from orders.queries.order_list import OrderRow, Progress
from orders.queries.payments import Balance, Listed
from orders.queries.statement import Movement

BAD = "<b>\"Dock\" & '5'</b>"
TODAY = dt.date(2026, 11, 26)
AT = dt.datetime(2026, 11, 26, 18, 30, tzinfo=dt.UTC)


def request(*, may: bool) -> SimpleNamespace:
    """Of somebody whose role allows everything, or nothing."""
    standing = SimpleNamespace(may=lambda act: may)
    return SimpleNamespace(get_full_path=lambda: f"/catalogue/?q={BAD}", user=SimpleNamespace(standing=standing))


def drawn(tag: str, *, staff: bool = False, language: str = "en", **values: Any) -> str:
    """What a tag draws for somebody who reads that language."""
    values = {"user": SimpleNamespace(is_staff=staff), "request": request(may=True), "csrf_token": "t0ken", **values}
    with translation.override(language):
        text = str(engines["django"].from_string("{% load rows offer_rows %}" + tag).render(values))
    assert BAD not in text, "no mark of any value becomes a part of the page"
    return text


def cells(tag: str, **values: Any) -> list[list[str]]:
    """What the cells of each row say."""
    rows = drawn(tag, **values).split("</tr>")[:-1]
    return [[_said(cell) for cell in row.split("</td>")[:-1]] for row in rows]


def _said(cell: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", cell)).split())


def order(**about: Any) -> Order:
    told = {"number": 4711, "channel": "portal", "status": "shipped", "po_number": BAD, "placed_name": BAD,
            "placed_at": AT, "total": Decimal("1234.5"), "currency": "USD"}  # fmt: skip
    return Order(**{**told, **about})


def offer(**about: Any) -> Offer:
    item = Item(pk=7, sku="A.7", name=BAD, base_unit="EA", pack_unit="CA", pack_size=Decimal(12), status="active")
    for name, value in about.items():
        setattr(item, name, value)
    quote = PriceQuote(
        unit_price=Decimal("1.5"), currency="USD", reason=BAD, contract="", as_of=timezone.now(), ladder=()
    )
    stock = Availability(total=Decimal(0), by_warehouse=(), as_of=None)
    return Offer(item=item, quote=quote, stock=stock, today=TODAY, own_numbers=(BAD,))


def test_an_order_says_where_it_goes_or_whose_it_is() -> None:
    there = OrderRow(order=order(ship_to=ShipTo(name=BAD)), progress=Progress(lines=3, done=1, part=1), next_on=TODAY)
    nowhere = OrderRow(order=order(po_number="", placed_name=""), progress=Progress())
    rows = cells("{% order_rows orders %}", orders=[there, nowhere])
    assert rows == [
        ["SO-4711Portal", "Shipped", BAD, BAD, f"26 Nov 2026, 12:30{BAD}", "$1,234.50", "1 of 3 · 1 in part",
         "26 Nov 2026"],
        ["SO-4711Portal", "Shipped", "none", "not known yet", "26 Nov 2026, 12:30", "$1,234.50", "", "—"],
    ]  # fmt: skip
    ours = OrderRow(order=order(account=Account(name=BAD)), progress=Progress())
    assert cells("{% order_rows orders %}", staff=True, orders=[ours])[0][3] == BAD
    assert cells("{% order_rows orders %}", orders=[]) == []


@pytest.mark.parametrize(
    ("due_on", "open_", "said"),
    [
        (TODAY - dt.timedelta(days=1), "5", "25 Nov 2026overdue"),
        (TODAY - dt.timedelta(days=1), "0", "25 Nov 2026"),
        (TODAY, "5", "26 Nov 2026"),
    ],
)
def test_an_invoice_says_when_it_is_due_and_what_is_overdue(due_on: dt.date, open_: str, said: str) -> None:
    invoice = Invoice(
        number="INV-9", kind="invoice", issued_on=TODAY, due_on=due_on, total=Decimal(5), currency=BAD,
        order=order(number=12),
    )  # fmt: skip
    row = Listed(invoice, Balance(total=Decimal(5), paid=Decimal(5) - Decimal(open_)))
    state = {"5": "Open", "0": "Paid"}[open_]
    [told] = cells("{% invoice_rows rows True %}", rows=[row], today=TODAY)
    assert told == [
        "", "INV-9Invoice", f"SO-12PO {BAD}", said, "26 Nov 2026", f"5.00 {BAD}", f"{open_}.00 {BAD}", state
    ]  # fmt: skip
    assert cells("{% invoice_rows rows %}", rows=[row])[0][2] == due_on.strftime("%d %b %Y"), "no day to compare with"


def test_a_credit_memo_has_no_balance_and_our_own_people_see_whose_it_is() -> None:
    memo = Invoice(
        number="CM-1", kind="credit_memo", issued_on=TODAY, due_on=TODAY, total=Decimal(5), currency="USD",
        account=Account(name=BAD),
    )  # fmt: skip
    [told] = cells("{% invoice_rows rows %}", staff=True, rows=[Listed(memo, None)], today=TODAY)
    assert told == ["CM-1Credit memo", "", BAD, "26 Nov 2026", "(−$5.00)", "", ""]


def test_a_movement_stands_in_its_column() -> None:
    bill = Movement(on=TODAY, kind="invoice", number="INV-9", reference=BAD, due_on=TODAY, amount=Decimal(5),
                    balance=Decimal(5))  # fmt: skip
    paid = Movement(on=TODAY, kind="payment", number=BAD, reference="ACH", due_on=None, amount=Decimal(-7),
                    balance=Decimal(-2))  # fmt: skip
    day = "26 Nov 2026"
    assert cells("{% movement_rows moves 'USD' %}", moves=[bill, paid]) == [
        [day, "INV-9", BAD, day, "$5.00", "", "$5.00"],
        [day, f"Payment {BAD}", "ACH", "", "", "$7.00", "(−$2.00)"],
    ]
    assert 'href="/payments/?q=%3C' in drawn("{% movement_rows moves 'USD' %}", moves=[paid]), "to what it paid"


def test_a_payment_says_how_much_was_for_how_many_documents_and_to_our_own_people_whose_it_is() -> None:
    paid = Remittance(
        trace=BAD, method="ACH", payer=BAD, paid_on=TODAY, amount=Decimal("-5.5"), currency="USD",
        account=Account(name=BAD),
    )  # fmt: skip
    paid.documents = 1200  # type: ignore[attr-defined]  # as the query of the page annotates it
    told = [f"{BAD}ACH {BAD}", "26 Nov 2026", "1200", "(−$5.50)"]
    assert cells("{% payment_rows rows %}", rows=[paid]) == [told]
    assert cells("{% payment_rows rows %}", rows=[paid], staff=True) == [[*told[:2], BAD, *told[2:]]]
    assert f'href="/payments/{paid.pk}/"' in drawn("{% payment_rows rows %}", rows=[paid])


@pytest.mark.parametrize(("may", "unclear"), [(True, True), (False, False)])
def test_an_own_number_says_what_it_stands_for_and_can_be_forgotten_by_who_may(may: bool, unclear: bool) -> None:
    number = ItemCrossReference(pk=4711, code=BAD, created_by="", item=Item(sku="A.7", name=BAD))
    number.unclear = unclear  # type: ignore[attr-defined]  # as the query of the page annotates it
    tag = "{% load part_number_rows %}{% part_number_rows rows %}"
    [told] = cells(tag, rows=[number], may_keep=may)
    several = "Stands for several items: keep one" if unclear else ""
    assert told == [f"{BAD}{several}", f"A.7{BAD}", "our staff", f"Remove {BAD} for A.7" if may else ""]
    text = drawn(tag, rows=[number], may_keep=may)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    assert fields == ({"csrfmiddlewaretoken": "t0ken", "forget": "4711"} if may else {})
    number.created_by = BAD
    assert cells(tag, rows=[number])[0][2] == BAD


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"promise_reason": BAD}, BAD),
        ({"status": "held"}, "waits for an answer"),
        ({"status": "backordered", "warehouse": Warehouse(code="EAST")}, "backordered"),
        ({"warehouse": Warehouse(code="EAST")}, "from East"),
        ({}, ""),
    ],
)
def test_an_open_line_says_why_it_waits(about: dict[str, Any], why: str) -> None:
    line = OrderLine(
        order=order(), item=Item(sku="A.7", name=BAD), quantity=Decimal(10), shipped_quantity=Decimal("2.5"),
        unit="EA", **{"status": "accepted", **about},
    )  # fmt: skip
    [told] = cells("{% owed_rows lines False %}", lines=[line])
    assert told == [f"A.7{BAD}", f"SO-4711PO {BAD}", "7.5 EA", "10 EA", "2.5 EA", f"no date yet{why}"]
    line.item, line.asked_items, line.order.account = None, [{"value": BAD}], Account(name=BAD)
    [told] = cells("{% owed_rows lines True %}", lines=[line])
    assert told[:2] == [BAD, f"SO-4711PO {BAD} · {BAD}"]


def test_an_offer_has_its_form_or_says_why_there_is_none() -> None:
    going, gone = offer(), offer(status="discontinued", substitutes=[{"sku": "B"}])
    first, second = cells("{% offer_rows offers %}", offers=[going, gone])
    assert first == [
        f"A.7{BAD}your {BAD}",
        "CA of 12",
        f"$1.50 / EA{BAD}",
        "Not available",
        "EACA of 12 Add A.7 to the cart",
    ]
    assert second[-1] == "Not sold any more: what to take instead"
    assert cells("{% offer_rows offers %}", offers=[going], request=request(may=False))[0] == [*first[:-1], ""]
    assert "<form" not in drawn("{% offer_rows offers %}", offers=[going], request=request(may=False))
    assert cells("{% offer_rows offers %}", offers=[offer(status="blocked")])[0][-1] == "Not sold at the moment"


def test_a_row_to_choose_shows_the_last_time_and_keeps_what_was_typed() -> None:
    last = Purchase(item_id=7, times=3, last_at=AT, last_quantity=Decimal("2.000"), last_unit="CA",
                    last_price=Decimal("18.5"), currency="USD")  # fmt: skip
    last.order_number = 12  # type: ignore[attr-defined]  # as the query of the page annotates it
    row = Row(key="7", offer=offer(), last=last, quantity=BAD, unit="", ticked=True)
    [told] = cells("{% pick_rows rows %}", rows=[row], may_order=True)
    assert told[2] == "2 CA$18.50 · 26 Nov 20263 times"
    noted = Row(key="7", offer=offer(), line=ListLine(pk=5, note=BAD), note=BAD)
    [told] = cells("{% pick_rows rows %}", rows=[noted], may_list=True, other={5: BAD})
    assert told[1].endswith(f"Somebody wrote meanwhile: “{BAD}”. Yours stands in the field; save again to have yours.")
    assert (told[2], told[-1]) == ("never", "")
    assert cells("{% pick_rows rows %}", rows=[Row(key="7", offer=offer(), line=ListLine(pk=5, note=BAD))])[0][1] == (
        f"A.7{BAD}your {BAD}{BAD}"
    )


def test_a_box_is_there_for_who_may_do_something_with_what_is_ticked() -> None:
    row = Row(key="7", offer=offer())
    boxes = [drawn("{% pick_rows rows %}", rows=[row], **may).count("checkbox") for may in ({"may_list": True}, {})]
    assert boxes == [1, 0]


def test_fields_hold_what_was_typed() -> None:
    text = drawn("{% pick_fields offer '7' 'CA' bad %}", offer=offer(), bad=BAD)
    assert f'name="quantity.7" value="{html.escape(BAD)}"' in text
    assert 'aria-label="Quantity of A.7"' in text
    assert '<select name="unit.7"' in text
    assert '<option value="CA" selected>CA of 12</option>' in text


def test_rows_speak_the_readers_language() -> None:
    line = OrderRow(order=order(po_number=""), progress=Progress(lines=3, done=1))
    english, spanish = (cells("{% order_rows orders %}", orders=[line], language=one)[0] for one in ("en", "es"))
    assert [at for at, (one, other) in enumerate(zip(english, spanish, strict=True)) if one != other] == [1, 2, 3, 6]

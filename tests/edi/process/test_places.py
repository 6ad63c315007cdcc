"""A PO for several ship-tos: one order each, one 855 for the whole, and changes that find their order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account, ShipTo
from distportal.events.sweeper import work_until_idle
from edi.models import Document, InboundFile
from edi.process.inbound import read_file
from edi.process.mailboxes import poll_mailboxes
from edi.process.placing import place_document
from exceptions.models import Case
from orders.models import ErpCommand, Order
from orders.process.closing import reject_held_order
from tests.at_once import at_once
from tests.days import stamp
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850, file_860, segments
from tests.sandbox import SandboxProcess


def rows_of() -> tuple[str, ...]:
    """A PO of two lines for two stores, to be cancelled if it does not leave in two months."""
    return (f"BEG*00*SA*CR-S**{stamp()}", f"DTM*001*{stamp(60)}", *LINES)


LINES = (
    "PO1*10*100*EA*.40*PE*VN*FST-10001*SK*4711",
    "SDQ*EA*92*0117*40*0233*60",
    "PO1*20*24*EA*6.32*PE*VN*FST-10002",
    "SDQ*EA*92*0233*24",
    "CTT*2",
)


def by_place() -> dict[str, Order]:
    return {o.canonical["part"]: o for o in Order.objects.order_by("number")}


@pytest.mark.django_db
def test_each_ship_to_gets_its_order_and_the_buyer_one_answer(
    crestline: Post, catalogue: SandboxProcess, ship: Callable[[str], None]
) -> None:
    crestline.take(file_850(crestline, *rows_of()))
    orders = by_place()
    assert {part: [(r.line_no, r.quantity) for r in o.lines.all()] for part, o in orders.items()} == {
        "0117": [("10", 40)],
        "0233": [("10", 60), ("20", 24)],
    }
    assert {(o.status, o.po_number) for o in orders.values()} == {("confirmed", "CR-S")}
    assert {o.ship_to.code for o in orders.values() if o.ship_to} == {"0117", "0233"}
    [told] = crestline.sets("855")
    assert segments(told, "BAK") == [["00", "AD", "CR-S"]]
    assert segments(told, "PO1", upto=3) == [["10", "100"], ["20", "24"]]
    assert segments(told, "ACK", upto=3) == [["IA", "100"], ["IA", "24"]]
    [sk] = [row for row in told if row[0] == "PO1" and row[1] == "10"]
    assert sk[sk.index("SK") + 1] == "4711", "the buyer's number goes back under the buyer's qualifier"

    ship(orders["0233"].erp_number)
    [notice] = crestline.sets("856")
    assert [row[4] for row in notice if row[:2] == ["N1", "ST"]] == ["0233"]
    assert len(crestline.sets("810")) == 1

    again = file_850(crestline, *rows_of())
    crestline.take(again)
    assert Order.objects.count() == 2, "the same PO again is no new order"
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_the_answer_waits_for_the_last_order(crestline: Post, catalogue: SandboxProcess) -> None:
    rows = [row.replace("0233", "NOWHERE") for row in rows_of()]
    crestline.take(file_850(crestline, *rows))
    orders = by_place()
    assert (orders["0117"].status, orders["NOWHERE"].status, crestline.sets("855")) == ("confirmed", "held", [])
    reject_held_order(order_id=orders["NOWHERE"].pk, reason="We do not deliver there")
    work_until_idle()
    [told] = crestline.sets("855")
    assert segments(told, "BAK") == [["00", "AC", "CR-S"]]
    assert segments(told, "ACK", upto=3) == [["IA", "40"], ["IR", "60"], ["IR", "24"]]


@pytest.mark.django_db
def test_another_content_for_one_place_is_a_case_for_that_place(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(file_850(crestline, *rows_of()))
    more = [row.replace("0233*60", "0233*65").replace("*100*EA*.40", "*105*EA*.40") for row in rows_of()]
    crestline.take(file_850(crestline, *more))
    assert Order.objects.count() == 2
    [case] = Case.objects.all()
    assert (case.kind, case.data["first"]) == ("order.duplicate_po", str(by_place()["0233"]))
    whole = crestline.order(("FST-10001", "100", "0.40"), po="CR-S")
    crestline.take(whole)
    assert Order.objects.count() == 2, "the whole PO is the same PO"


@pytest.mark.django_db
def test_changes_find_the_order_of_their_ship_to(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(file_850(crestline, *rows_of()))
    bch = "BCH*04*SA*CR-S**{}*20261124"
    crestline.take(file_860(crestline, bch.format(1), "POC*10*QD*90**EA", "SDQ*EA*92*0117*40*0233*50", "CTT*1"))
    assert {part: o.lines.get(line_no="10").quantity for part, o in by_place().items()} == {"0117": 40, "0233": 50}
    [answer] = crestline.sets("865")
    assert segments(answer, "POC") == [["10", "QD", "90"]]
    assert segments(answer, "ACK", upto=3) == [["IA", "90"]]
    crestline.take(file_860(crestline, bch.format(2), "POC*10*QD*5**EA", "CTT*1"))
    assert (Case.objects.get().code, len(crestline.sets("865"))) == ("unclear_change", 1)
    crestline.take(file_860(crestline, "BCH*01*SA*CR-S**3*20261124"))
    assert {o.status for o in by_place().values()} == {"cancelled"}
    assert segments(crestline.sets("865")[-1], "ACK", upto=3) == [["ID", "90"], ["ID", "24"]]


def for_stores(post: Post, count: int) -> tuple[list[str], bytes]:
    """The codes of so many stores that we know, and a PO for one piece for each of them."""
    account = Account.objects.get(code="CRESTLINE")
    place = ShipTo.objects.filter(account=account).first()
    assert place is not None
    stores = [f"S{n:03d}" for n in range(count)]
    ShipTo.objects.bulk_create(ShipTo(account=account, code=s, name=s, region=place.region) for s in stores)
    rows = [f"BEG*00*SA*CR-100**{stamp()}", f"PO1*1*{count}*EA***VN*FST-10001"]
    rows += ["SDQ*EA*92*" + "*".join(f"{s}*1" for s in stores[at : at + 10]) for at in range(0, count, 10)]
    return stores, file_850(post, *rows, "CTT*1")


@pytest.mark.django_db
def test_a_hundred_stores_are_a_hundred_orders_with_the_statements_of_a_few(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    stores, content = for_stores(crestline, 100)
    crestline.drop(content)
    poll_mailboxes()
    read_file(file_id=InboundFile.objects.get().pk)
    with CaptureQueriesContext(connection) as queries:
        place_document(document_id=Document.objects.get(direction="in").pk)
    assert len(queries) < 60, "fewer than one for each order"
    orders = Order.objects.all()
    assert ({o.canonical["part"] for o in orders}, {o.status for o in orders}) == (set(stores), {"accepted"})
    assert ErpCommand.objects.count() == len(orders) == 100
    assert crestline.sets("855") == []


@pytest.mark.django_db
def test_the_orders_of_many_stores_are_answered_as_one(crestline: Post, catalogue: SandboxProcess) -> None:
    stores, content = for_stores(crestline, 12)  # more than one SDQ names
    catalogue.open_places("CRESTLINE", stores)
    crestline.take(content)
    assert list(Order.objects.values_list("status", flat=True)) == ["confirmed"] * 12
    [told] = crestline.sets("855")
    assert (segments(told, "PO1", upto=3), segments(told, "ACK", upto=3)) == ([["1", "12"]], [["IA", "12"]])


@pytest.mark.django_db(transaction=True)
def test_placed_at_once_by_four_workers_it_is_one_order_each(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.drop(file_850(crestline, *rows_of()))
    poll_mailboxes()
    read_file(file_id=InboundFile.objects.get().pk)
    document = Document.objects.get(direction="in")
    at_once(*[partial(place_document, document_id=document.pk)] * 4)
    assert Order.objects.count() == 2
    work_until_idle()
    assert len(crestline.sets("855")) == 1

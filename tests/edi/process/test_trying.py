"""Test documents are validated, answered and tried; nothing of them is ever booked."""

from __future__ import annotations

import pytest

from edi.models import Document, Interchange, TestExchange
from edi.process.agreeing import agree_sets
from edi.queries.checklist import checklist
from exceptions.models import Case
from inventory.models import Item
from orders.models import ErpCommand, Intake, Order
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
CTT = ["CTT", "1"]


def usages(post: Post) -> set[str]:
    """ISA15 of all we sent."""
    return {chr(content[102]) for content in post.fetched().values()}


def test_a_test_order_is_answered_and_tried_and_reaches_no_erp(tested: Post, catalogue: SandboxProcess) -> None:
    tested.take(tested.order(("FST-10001", "100", "0.40"), ("FST-10002", "24", "6.32"), po="TEST-1"))
    document = Document.objects.get(direction="in")
    exchange = TestExchange.objects.get()
    assert (document.state, document.order_id) == ("tried", None)
    assert (exchange.exchange, exchange.outcome, exchange.document_id) == ("clean", "passed", document.pk)
    assert [row[:2] for row in tested.sets("997")[0] if row[0] in ("AK5", "AK9")] == [["AK5", "A"], ["AK9", "A"]]
    [answer] = tested.sets("855")
    assert answer[1][:4] == ["BAK", "00", "AD", "TEST-1"]
    assert [row[:4] for row in answer if row[0] == "ACK"] == [["ACK", "IA", "100", "EA"], ["ACK", "IA", "24", "EA"]]
    assert usages(tested) == {"T"}
    assert (Order.objects.count(), Intake.objects.count(), Case.objects.count()) == (0, 0, 0)
    assert not ErpCommand.objects.exists()
    assert [order for order in catalogue.orders() if "TEST-1" in str(order)] == []


@pytest.mark.parametrize(
    ("lines", "expected", "codes"),
    [
        ((("HTL-40002", "60", ""), ("FST-10002", "24", "6.32")), ("partial", "passed"), ["IB", "IA"]),
        ((("FST-10001", "100", "9.99"),), ("clean", "failed"), []),
        ((("NO-SUCH", "1", "1.00"),), ("clean", "failed"), []),
    ],
)
def test_what_the_rules_say_is_what_the_exchange_shows(
    tested: Post,
    catalogue: SandboxProcess,
    lines: tuple[tuple[str, str, str], ...],
    expected: tuple[str, str],
    codes: list[str],
) -> None:
    tested.take(tested.order(*lines))
    exchange = TestExchange.objects.get()
    assert (exchange.exchange, exchange.outcome) == expected, exchange.summary
    assert [row[1] for rows in tested.sets("855") for row in rows if row[0] == "ACK"] == codes
    assert exchange.summary
    assert not Order.objects.exists()


@pytest.mark.parametrize(("purpose", "exchange"), [("01", "cancel"), ("04", "change"), ("05", "change")])
def test_a_cancelled_or_changed_test_order_is_an_exchange_of_its_own(
    tested: Post, catalogue: SandboxProcess, purpose: str, exchange: str
) -> None:
    tested.take(tested.order(("FST-10001", "100", "0.40")).replace(b"BEG*00", b"BEG*" + purpose.encode()))
    assert list(TestExchange.objects.values_list("exchange", "outcome")) == [(exchange, "passed")]
    assert not Case.objects.exists()


def test_what_was_passed_once_stays_passed(tested: Post, catalogue: SandboxProcess) -> None:
    tested.take(tested.order(("FST-10001", "100", "0.40"), po="TEST-1"))
    tested.take(tested.order(("NO-SUCH", "1", "1.00"), po="TEST-2"))
    tested.take(tested.order(("FST-10001", "10", "0.42")).replace(b"BEG*00", b"BEG*XX"))
    clean = next(check for check in checklist(tested.partner) if check.exchange == "clean")
    assert clean.outcome == "passed"
    assert clean.document == Document.objects.filter(direction="in").earliest("created_at")


def test_a_live_partner_may_send_tests_and_nothing_of_them_books(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(whole(group(po()), usage="T"))
    crestline.take(whole(group(po()), number="000009002"))
    assert [d.state for d in Document.objects.filter(direction="in").order_by("created_at")] == ["tried", "placed"]
    assert Order.objects.count() == 1
    assert [(i.usage) for i in Interchange.objects.filter(direction="in").order_by("created_at")] == ["T", "P"]
    sent = Document.objects.filter(direction="out").order_by("created_at")
    assert [(d.set_id, d.group.interchange.usage) for d in sent if d.group] == [
        ("997", "T"), ("855", "T"), ("997", "P"), ("855", "P"),
    ]  # fmt: skip


def test_a_real_order_of_a_partner_in_test_is_refused_so_that_it_cannot_be_lost(
    tested: Post, catalogue: SandboxProcess
) -> None:
    tested.take(whole(group(po())))
    row = Interchange.objects.get(direction="in")
    assert row.state == "rejected"
    assert tested.sets("997") == []
    [ta1] = [content for content in tested.fetched().values() if b"TA1*" in content]
    assert b"TA1*000009001*261124*1200*R*020~" in ta1
    assert Case.objects.get().kind == "edi.rejected_interchange"
    assert not Order.objects.exists()


def test_a_test_order_that_our_997_refuses_fails_its_check(tested: Post, catalogue: SandboxProcess) -> None:
    agree_sets(partner=tested.partner, direction="in", set_ids=["850"])
    tested.take(tested.order(("FST-10001", "10", "0.42")).replace(b"BEG*00", b"BEG*XX"))
    clean = next(check for check in checklist(tested.partner) if check.exchange == "clean")
    assert (clean.outcome, clean.must) == ("failed", True)
    assert clean.document == Document.objects.get(direction="in")


def test_a_change_of_a_tried_order_is_read_and_passes(tested: Post, catalogue: SandboxProcess) -> None:
    tested.agree("in", "850", "860")
    tested.take(tested.order(("FST-10001", "100", "0.40"), po="TEST-1"))
    tested.send("860", ["BCH", "04", "SA", "TEST-1", "", "1", "20261124"], ["POC", "1", "QD", "60", "", "EA"], CTT)
    tested.send("860", ["BCH", "01", "SA", "TEST-1", "", "2", "20261124"])
    found = {one.exchange: (one.outcome, one.summary[0]) for one in TestExchange.objects.exclude(exchange="clean")}
    assert found == {
        "change": ("passed", "It would change 1 line of PO TEST-1."),
        "cancel": ("passed", "It would cancel PO TEST-1."),
    }
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("po_number", "line", "quantity", "sentence"),
    [
        ("OTHER", "1", "60", "No test order with the PO number OTHER was tried before: the order comes first."),
        ("TEST-1", "7", "60", "Line 7 is not in the test order TEST-1."),
        ("TEST-1", "1", "", "quantity"),
    ],
)
def test_a_change_that_nothing_can_be_done_with_fails_its_exchange(
    tested: Post, catalogue: SandboxProcess, po_number: str, line: str, quantity: str, sentence: str
) -> None:
    tested.agree("in", "850", "860")
    tested.take(tested.order(("FST-10001", "100", "0.40"), po="TEST-1"))
    row = ["POC", line, "QD", quantity, "", "EA"]
    tested.send("860", ["BCH", "04", "SA", po_number, "", "1", "20261124"], row, CTT)
    [told] = TestExchange.objects.filter(exchange="change")
    assert told.outcome == "failed"
    assert sentence in " ".join(told.summary)
    assert not Case.objects.exists()
    change = next(check for check in checklist(tested.partner) if check.exchange == "change")
    assert change.outcome == "failed"


def test_a_change_whose_numbers_name_different_items_fails_as_a_live_one_would(
    tested: Post, catalogue: SandboxProcess
) -> None:
    tested.agree("in", "850", "860")
    tested.take(tested.order(("FST-10001", "100", "0.40"), po="TEST-1"))
    numbers = ["UP", Item.objects.get(sku="FST-10005").upc, "VN", "ELE-20002"]
    row = ["POC", "1", "RE", "10", "", "EA", "", "", *numbers]
    tested.send("860", ["BCH", "04", "SA", "TEST-1", "", "1", "20261124"], row, CTT)
    [told] = TestExchange.objects.filter(exchange="change")
    assert told.outcome == "failed"
    assert "The numbers of line 1 name different items" in " ".join(told.summary)

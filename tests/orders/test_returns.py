"""Returns: nothing by default, never more than was billed, decided once, within limits."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from distportal.canonical.parts import ItemId
from distportal.canonical.returns import Return as ReturnFact
from distportal.canonical.returns import ReturnLine as LineFact
from distportal.events.models import OutboxEvent
from distportal.events.sweeper import work_until_idle
from distportal.notices.models import Notice
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.models import Item
from orders.api.returns import ReturnResource
from orders.choices import FindingAction
from orders.errors import ReturnRefused
from orders.models import ApprovalLimit, Invoice, Return, ReturnLine, RulePolicy
from orders.process.return_receipts import withdraw_return
from orders.process.returns import decide_return, request_return
from orders.queries.returns import returnable
from orders.resolutions.returns import approve, reject
from tests.at_once import at_once
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.money import an_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(db: None) -> Item:
    return Item.objects.create(
        sku="FST-10001", code_norm="FST10001", erp_code="1", name="Hex bolt", family="Fasteners", list_price=Decimal(2),
        upc="012345678905", as_of=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )  # fmt: skip


@pytest.fixture
def invoice(cast: Cast, item: Item) -> Invoice:
    """Ten pieces at 2.00 and one line of something else."""
    row = an_invoice(cast.harbor, "I1", "20", "7")
    row.lines.filter(position=1).update(item=item, quantity=10, unit_price=2)
    return row


def asked(
    quantity: str = "2",
    *,
    sku: str = "FST-10001",
    account: str = "HARBOR",
    number: str = "I1",
    unit: str = "EA",
    reference: str = "",
    po: str = "",
) -> ReturnFact:
    line = LineFact(
        invoice_number=number, order_line_no="", items=(ItemId(qualifier="sku", value=sku),),
        quantity=Decimal(quantity), unit=unit, reason="DM", po_number=po,
    )  # fmt: skip
    return ReturnFact(
        channel="portal", account=account, requested_on=dt.date(2026, 12, 2), lines=(line,), reference=reference
    )


def request(fact: ReturnFact, *, key: str = "", strict: bool = True) -> Return:
    return request_return(request=fact, source_key=key or f"t:{uuid.uuid4()}", strict=strict)


def most(invoice: Invoice) -> list[Decimal]:
    return list(returnable(invoice.lines.all()).values())


def read_by_the_dealer(cast: Cast, row: Return) -> tuple[bool, bool, str, str]:
    """Whether page and list have the amount that was approved; quantity and reason as the API tells them."""
    client, amount = signed_in(cast.buyer), "$8.00"
    page = main_of(client.get(f"/returns/{row.number}/").content.decode())
    listed = main_of(client.get("/returns/?view=all").content.decode())
    told = ReturnResource(row).data
    assert ("fine" in page) == (amount in page)
    return amount in page, listed.count(amount) == 2, told["lines"][0]["approved"], told["decision_reason"]


def events() -> list[str]:
    return list(
        OutboxEvent.objects.filter(aggregate_type="return")
        .order_by("occurred_at", "seq")
        .values_list("type", flat=True)
    )


def test_a_request_waits_for_finance_and_keeps_its_quantity(invoice: Invoice) -> None:
    assert most(invoice) == [10, 1]
    row = request(asked("4"))
    assert (row.status, row.amount, row.lines.get().allowed) == ("requested", Decimal(8), 4)
    assert most(invoice) == [6, 1]
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.kind, case.queue.code, case.amount, case.subject_id) == (
        "return.requested", "finance", Decimal(8), str(row.pk),
    )  # fmt: skip
    assert events() == ["return.requested"]


def test_more_than_is_left_is_refused_with_the_maximum_and_nothing_kept(invoice: Invoice) -> None:
    request(asked("7"))
    with pytest.raises(ReturnRefused, match="At most 3 of it can come back on invoice I1") as caught:
        request(asked("4"))
    assert caught.value.data == {"most": {1: "3.000"}}
    assert (Return.objects.count(), Case.objects.count(), most(invoice)) == (1, 1, [3, 1])


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (asked(sku="NO-SUCH"), "never billed"),
        (asked(number="I9"), "never billed"),
        (asked(account="SUMMIT"), "never billed"),
        (asked(po="PO-9", number=""), "never billed"),
        (asked(unit="CA"), "billed by the each, not by the case"),
    ],
)
def test_what_was_not_billed_so_cannot_come_back(invoice: Invoice, fact: ReturnFact, told: str) -> None:
    with pytest.raises(ReturnRefused, match=told):
        request(fact)
    assert not Return.objects.exists()


def test_without_an_invoice_number_the_newest_with_room_holds(cast: Cast, item: Item, invoice: Invoice) -> None:
    newer = an_invoice(cast.harbor, "I2", "6", issued_on=dt.date(2026, 12, 1))
    newer.lines.update(item=item, quantity=3, unit_price=2)
    assert request(asked("3", number="")).lines.get().invoice_line.invoice == newer  # type: ignore[union-attr]
    assert request(asked("3", number="")).lines.get().invoice_line.invoice == invoice  # type: ignore[union-attr]


def test_the_same_key_and_the_same_number_are_the_same_return(invoice: Invoice) -> None:
    first = request(asked(reference="RR-1"), key="edi:1")
    assert request(asked(reference="RR-1"), key="edi:1") == first
    assert request(asked(reference="RR-1"), key="edi:2") == first
    with pytest.raises(ReturnRefused, match="asked before as RMA-"):
        request(asked("3", reference="RR-1"), key="edi:3")
    assert (Return.objects.count(), most(invoice)) == (1, [8, 1])


def test_within_the_limit_one_person_approves_in_part_and_frees_the_rest(cast: Cast, invoice: Invoice) -> None:
    ApprovalLimit.objects.create(limit=Decimal(500))
    row = request(asked("4"))
    row = decide_return(
        return_id=row.pk, approved={1: Decimal(3)}, reason="one is used", user=cast.finance, answer="CO"
    )
    line = row.lines.get()
    assert (row.status, row.amount_approved, line.approved, line.answer) == ("part_approved", Decimal(6), 3, "CO")
    assert most(invoice) == [7, 1]
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()
    assert events() == ["return.requested", "return.approved"]
    work_until_idle()
    told = Notice.objects.filter(user=cast.buyer).get()
    assert (told.facts["answer"], told.facts["why"]) == ("Approved in part", "one is used")
    assert told.path == f"/returns/{row.number}/"


def test_nothing_is_approved_by_default_and_a_rejection_frees_all(cast: Cast, invoice: Invoice) -> None:
    row = decide_return(
        return_id=request(asked("4")).pk, approved={}, reason="too late", user=cast.finance, answer="RT"
    )
    assert (row.status, row.amount_approved, row.lines.get().answer) == ("rejected", 0, "RT")
    assert most(invoice) == [10, 1]
    assert events() == ["return.requested", "return.rejected"]
    work_until_idle()
    assert Notice.objects.filter(user=cast.buyer).get().facts["answer"] == "Rejected"


def test_above_the_limit_a_second_person_agrees_to_the_same(cast: Cast, invoice: Invoice) -> None:
    row = request(asked("4"))
    whole = {1: Decimal(4)}
    row = decide_return(return_id=row.pk, approved=whole, reason="fine", user=cast.finance)
    assert (row.status, row.approved_by, most(invoice)) == ("waiting_approval", None, [6, 1])
    assert read_by_the_dealer(cast, row) == (False, False, "0.000", "")
    with pytest.raises(ReturnRefused, match="second person"):
        decide_return(return_id=row.pk, approved=whole, reason="fine", user=cast.finance)
    with pytest.raises(ReturnRefused, match="other quantities"):
        decide_return(return_id=row.pk, approved={1: Decimal(3)}, reason="less", user=cast.finance2)
    row = decide_return(return_id=row.pk, approved=whole, reason="fine, too", user=cast.finance2)
    assert (row.status, row.decided_by, row.approved_by) == ("approved", cast.finance, cast.finance2)
    assert read_by_the_dealer(cast, row) == (True, True, "4.000", "fine, too")
    assert events() == ["return.requested", "return.approved"]


def test_what_was_withdrawn_before_a_second_person_agreed_tells_nothing(cast: Cast, invoice: Invoice) -> None:
    row = request(asked("4"))
    row = decide_return(return_id=row.pk, approved={1: Decimal(4)}, reason="fine", user=cast.finance)
    withdraw_return(return_id=row.pk, user=cast.buyer)
    row.refresh_from_db()
    assert row.status == "withdrawn"
    assert read_by_the_dealer(cast, row) == (False, False, "0.000", "")


def test_a_decision_needs_a_reason_and_allowed_quantities(cast: Cast, invoice: Invoice) -> None:
    row = request(asked("4"))
    for approved, reason in (({1: Decimal(5)}, "x"), ({1: Decimal(-1)}, "x"), ({1: Decimal(1)}, " ")):
        with pytest.raises(ReturnRefused):
            decide_return(return_id=row.pk, approved=approved, reason=reason, user=cast.finance)
    row.refresh_from_db()
    assert (row.status, row.lines.get().approved) == ("requested", 0)


def test_a_policy_approves_small_returns_by_itself(cast: Cast, invoice: Invoice) -> None:
    RulePolicy.objects.create(code="return_auto_approve", action=FindingAction.ACCEPT, data={"below": "5.00"})
    small, big = request(asked("2")), request(asked("3"))
    assert (small.status, small.approved_by, big.status) == ("approved", None, "requested")
    assert small.lines.get().approved == 2
    RulePolicy.objects.create(account=cast.harbor, code="return_auto_approve", action=FindingAction.HOLD)
    assert request(asked("1")).status == "requested", "the account's own policy holds"


def test_edi_keeps_what_does_not_fit_and_never_approves_it_by_itself(invoice: Invoice) -> None:
    RulePolicy.objects.create(code="return_auto_approve", action=FindingAction.ACCEPT, data={"below": "500"})
    row = request(asked("12"), strict=False)
    line = row.lines.get()
    assert (row.status, line.quantity, line.allowed, line.answer) == ("requested", 12, 10, "QD")
    assert "At most 10 of it can come back" in Case.objects.get().sentence


def test_finance_decides_at_the_desk(cast: Cast, invoice: Invoice) -> None:
    ApprovalLimit.objects.create(limit=Decimal(500))
    row, other = request(asked("4")), request(asked("2"))
    case, second = Case.objects.order_by("number")
    finance = signed_in(cast.finance)
    page = finance.get(f"/desk/{case.number}/").content.decode()
    assert f">{row}</a> of Harbor" in page
    assert 'name="back.1"' in page
    finance.post(f"/desk/{case.number}/act/approve/", {"back.1": "3", "reason": "one is used"})
    row.refresh_from_db()
    assert (row.status, row.lines.get().approved) == ("part_approved", 3)
    assert approve(second, {"back.1": ""}, "nothing typed", cast.finance) == f"{other}: rejected"
    with pytest.raises(ReturnRefused, match="no quantity"):
        approve(second, {"back.1": "two"}, "x", cast.finance)
    third = request(asked("1"))
    assert reject(Case.objects.latest("number"), {}, "no", cast.finance) == f"{third} was rejected"


def test_only_finance_reads_returns_in_the_back_office(cast: Cast, invoice: Invoice) -> None:
    row = request(asked("4"))
    address = f"/admin/orders/return/{row.pk}/change/"
    assert signed_in(cast.finance).get(address).status_code == 200
    assert signed_in(cast.finance).get("/admin/orders/return/").status_code == 200
    assert signed_in(cast.agent).get(address).status_code == 403
    assert ReturnLine.objects.visible_to(cast.stranger).count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_five_requests_for_all_of_it_at_once_one_is_taken(cast: Cast) -> None:
    item = Item.objects.create(
        sku="FST-10001", code_norm="FST10001", erp_code="1", name="Hex bolt", family="F", list_price=Decimal(2),
        as_of=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    an_invoice(cast.harbor, "I1", "20").lines.update(item=item, quantity=10, unit_price=2)

    def work() -> str:
        try:
            return request(asked("10")).status
        except ReturnRefused as error:
            return error.message

    found = at_once(*[work] * 5)
    assert sorted(found) == [*["At most 0 of it can come back on invoice I1; nothing was asked for"] * 4, "requested"]
    assert ReturnLine.objects.count() == 1

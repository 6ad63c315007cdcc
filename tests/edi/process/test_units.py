"""A partner orders in its unit and is answered in it, whatever unit or warehouses the ERP has the line in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from distportal.events.sweeper import work_until_idle
from edi.documents.options import OrderOptions
from edi.process import acknowledging
from edi.x12.tokens import Elements
from inventory.process.part_numbers import import_part_numbers, teach_part_number
from orders.choices import FindingAction
from orders.models import ErpCommand, Order, RulePolicy
from orders.process.erp_feed import sync_erp
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850, segments
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def send(post: Post, *lines: str) -> Order:
    """An 850 of PO1 rows, and everything that follows."""
    day = f"{timezone.localdate():%Y%m%d}"
    post.take(file_850(post, f"BEG*00*SA*CR-1**{day}", "N1*ST**92*0117", *lines, f"CTT*{len(lines)}"))
    return Order.objects.get()


def shipped(notice: list[Elements]) -> Decimal:
    """What an 856 says of all its cartons."""
    return sum((Decimal(row[2]) for row in notice if row[0] == "SN1"), Decimal(0))


def policy(code: str, action: FindingAction, **data: str) -> None:
    RulePolicy.objects.create(account=None, code=code, action=action, data=data)


def test_cases_are_answered_shipped_and_billed_in_cases(crestline: Post, catalogue: SandboxProcess) -> None:
    order = send(crestline, "PO1*1*2*CA***VN*ELE-20003")
    assert [(ln["quantity"], ln["unit"]) for ln in ErpCommand.objects.get(order=order).draft["lines"]] == [("20", "EA")]
    [answer] = crestline.sets("855")
    assert segments(answer, "BAK") == [["00", "AD", "CR-1"]]
    assert segments(answer, "ACK") == [["IA", "2", "CA"]]
    catalogue.ship(order.erp_number)
    catalogue.invoice(order.erp_number)
    sync_erp()
    work_until_idle()
    [notice], [bill] = crestline.sets("856"), crestline.sets("810")
    assert shipped(notice) == 2
    assert {row[3] for row in notice if row[0] == "SN1"} == {"CA"}
    [billed] = [row for row in bill if row[0] == "IT1"]
    price = order.lines.get().unit_price
    assert price is not None
    assert billed[2:5] == ["2", "CA", f"{price.normalize():f}".lstrip("0")]


@pytest.mark.parametrize(("action", "quantity", "told"), [
    (FindingAction.ROUND_UP, "25", [["IQ", "36", "EA"]]),
    (FindingAction.ROUND_DOWN, "35", [["IQ", "24", "EA"], ["ID", "11", "EA"]]),
    (FindingAction.REJECT, "25", [["IR", "25", "EA"]]),
])  # fmt: skip
def test_a_quantity_that_is_not_sold_is_answered_by_the_policy(
    crestline: Post, catalogue: SandboxProcess, action: FindingAction, quantity: str, told: list[list[str]]
) -> None:
    policy("quantity_multiple", action)
    send(crestline, f"PO1*1*{quantity}*EA***VN*FST-10006", "PO1*2*10*EA***VN*FST-10001")
    [answer] = crestline.sets("855")
    assert segments(answer, "ACK") == [*told, ["IA", "10", "EA"]]
    assert segments(answer, "PO1", upto=3)[0] == ["1", quantity]
    texts = [row[1] for row in answer if row[0] == "MSG"]
    assert any("Sold in cases of 12 or pallets of 480" in text for text in texts)


def test_a_line_from_two_warehouses_is_one_line_in_every_answer(crestline: Post, catalogue: SandboxProcess) -> None:
    policy("split", FindingAction.ACCEPT, per_line="2")
    account = crestline.partner.account
    account.credit_limit = 10_000_000
    account.save()
    order = send(crestline, "PO1*1*4000*EA***VN*FST-10005")
    keys = [ln["line_key"] for ln in ErpCommand.objects.get(order=order).draft["lines"]]
    assert keys == ["1", "900001"]
    [answer] = crestline.sets("855")
    assert segments(answer, "PO1", upto=3) == [["1", "4000"]]
    assert segments(answer, "ACK") == [["IA", "4000", "EA"]]
    catalogue.ship(order.erp_number)
    sync_erp()
    work_until_idle()
    notices = crestline.sets("856")
    assert sorted(shipped(notice) for notice in notices) == [1600, 2400]
    assert {row[1] for notice in notices for row in notice if row[0] == "LIN"} == {"1"}


def test_a_substitute_is_told_with_both_items_even_for_a_number_of_the_buyers(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    policy("substitute", FindingAction.SUBSTITUTE)
    teach_part_number(account=crestline.partner.account, code="77-1", sku="FST-10007", by="Bea")
    send(crestline, "PO1*1*100*EA***BP*77-1", "PO1*2*10*EA***VN*FST-10007")
    [answer] = crestline.sets("855")
    assert segments(answer, "ACK") == [["IS", "100", "EA"], ["IS", "10", "EA"]]
    first, second = ([row for row in answer if row[0] == name] for name in ("PO1", "ACK"))
    assert first[0][6:] == ["BP", "77-1"]
    assert second[0][7:][-2:] == ["VN", "FST-10008"]
    assert any("FST-10008" in row[1] and "sent instead" in row[1] for row in answer if row[0] == "MSG")


def test_what_is_refused_or_cannot_be_told_apart_is_answered_with_a_code(
    crestline: Post, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acknowledging, "order_options", lambda partner: OrderOptions(reject_codes=True))
    policy("substitute", FindingAction.REJECT)
    policy("item_ambiguous", FindingAction.REJECT)
    account = crestline.partner.account
    import_part_numbers(account=account, content=b"your_number,our_item\n7,FST-10001\n7,FST-10002\n", by="Bea")
    send(crestline, "PO1*1*100*EA***VN*FST-10007", "PO1*2*10*EA***BP*7", "PO1*3*10*EA***VN*FST-10001")
    [answer] = crestline.sets("855")
    assert segments(answer, "ACK") == [["R4", "100", "EA"], ["R2", "10", "EA"], ["IA", "10", "EA"]]

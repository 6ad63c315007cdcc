"""Item numbers that one EDI partner uses: agreed with the partner, before what the account calls our items."""

from __future__ import annotations

import pytest

from inventory.models import Item, ItemCrossReference
from orders.models import Order
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850, segments
from tests.mappings import mapped
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
PARTNER = "partner:CRESTLINE"


def placed(post: Post, number: str, po: str, qualifier: str = "BP") -> Order:
    rows = (f"BEG*00*SA*{po}**20261124", "N1*ST**92*0117", f"PO1*1*100*EA*.40*PE*{qualifier}*{number}", "CTT*1")
    post.take(file_850(post, *rows))
    return Order.objects.get(po_number=po)


def test_a_number_of_the_partners_own_names_the_item_and_comes_back_as_it_was_asked(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    unknown = placed(crestline, "X-77", "CR-1")
    assert unknown.status == "held"
    mapped(PARTNER, "item", "X-77", "FST-10001")
    order = placed(crestline, "X-77", "CR-2")
    line = order.lines.get()
    assert line.item is not None
    assert (order.status, line.item.sku) == ("confirmed", "FST-10001")
    answer = crestline.sets("855")[-1]
    [po1] = [row for row in answer if row[0] == "PO1"]
    assert po1[po1.index("BP") + 1] == "X-77"
    assert segments(answer, "ACK", upto=3) == [["IA", "100"]]


def test_it_counts_before_the_accounts_number_and_for_this_partner_alone(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    other = Item.objects.get(sku="PLB-30001")
    account = crestline.partner.account
    assert account is not None
    ItemCrossReference.objects.create(account=account, code="Y-1", code_norm="Y1", item=other)
    mapped(PARTNER, "item", "Y-1", "FST-10001")
    mapped("partner:SOMEBODY", "item", "Y-2", "FST-10001")
    line = placed(crestline, "Y-1", "CR-3").lines.get()
    assert line.item is not None
    assert line.item.sku == "FST-10001", "no doubt between the two, either: nobody has to choose"
    assert placed(crestline, "Y-2", "CR-4").status == "held"
    assert placed(crestline, "FST-10001", "CR-5", qualifier="VN").status == "confirmed", "ours stay ours"

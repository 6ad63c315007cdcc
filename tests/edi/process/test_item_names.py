"""846 and 832 call items as their receiver does: by its own numbers, under the qualifiers that were agreed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.events.sweeper import work_until_idle
from edi.models import TradingPartner
from edi.process import catalogue as prices
from edi.process import stock_advice
from edi.process.agreeing import agree_sets
from edi.process.catalogue import send_catalogue
from edi.process.item_names import item_names
from edi.process.stock_advice import advise_stock
from inventory.models import Item, ItemCrossReference
from tests.edi.conftest import Post
from tests.edi.process.test_stock import inquiry
from tests.mappings import mapped
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
PARTNER = "partner:CRESTLINE"


@pytest.fixture
def told(crestline: Post, catalogue: SandboxProcess, monkeypatch: Any) -> Post:
    """Crestline, with whom stock and prices are agreed, each in one set."""
    monkeypatch.setattr(prices, "BLOCK", 10**9)
    monkeypatch.setattr(stock_advice, "BLOCK", 10**9)
    crestline.agree("in", "846")
    crestline.agree("out", "846", "832")
    return crestline


def calls(post: Post, code: str, sku: str, *, hits: int = 0) -> None:
    """The account's own number of an item."""
    norm = "".join(c for c in code if c.isalnum())
    item = Item.objects.get(sku=sku)
    ItemCrossReference.objects.create(
        account=post.partner.account, code=code, code_norm=norm, item=item, hits=hits
    )  # fmt: skip


def numbers(post: Post, set_id: str, sku: str) -> dict[str, str]:
    """Qualifier -> number of the item's line in the last set."""
    rows = [row for row in post.sets(set_id)[-1] if row[0] == "LIN" and sku in row]
    assert len(rows) == 1
    return dict(zip(rows[0][2::2], rows[0][3::2], strict=True))


def send(set_ids: tuple[str, ...] = ("846", "832"), slot: str = "s1") -> None:
    if "846" in set_ids:
        advise_stock(partner_code="CRESTLINE", slot=slot, delta=slot != "s1")
    if "832" in set_ids:
        send_catalogue(partner_code="CRESTLINE", number=slot)
    work_until_idle()


def test_the_accounts_number_goes_out_and_the_partners_own_before_it(told: Post) -> None:
    calls(told, "HH-1", "FST-10001")
    calls(told, "HH-2", "FST-10002")
    mapped(PARTNER, "item", "CR-9", "FST-10002")
    mapped("partner:SOMEBODY", "item", "ZZ-9", "FST-10001")
    send()
    upcs = dict(Item.objects.filter(sku__startswith="FST-1000").values_list("sku", "upc"))
    for set_id in ("846", "832"):
        assert numbers(told, set_id, "FST-10001") == {"UP": upcs["FST-10001"], "BP": "HH-1", "VN": "FST-10001"}
        assert numbers(told, set_id, "FST-10002") == {"UP": upcs["FST-10002"], "BP": "CR-9", "VN": "FST-10002"}
        assert numbers(told, set_id, "FST-10005") == {"UP": upcs["FST-10005"], "VN": "FST-10005"}


def test_the_agreed_qualifiers_are_written_in_their_order(told: Post) -> None:
    calls(told, "HH-1", "FST-10001")
    agree_sets(
        partner=told.partner, direction="out", set_ids=["846", "832"],
        options={"item_qualifiers": ["SK", "VP"]},
    )  # fmt: skip
    told.partner = TradingPartner.objects.get(pk=told.partner.pk)
    send()
    for set_id in ("846", "832"):
        found = numbers(told, set_id, "FST-10001")
        assert list(found) == ["SK", "VP", "UP"]
        assert (found["SK"], found["VP"]) == ("HH-1", "FST-10001")
        assert list(numbers(told, set_id, "FST-10005")) == ["VP", "UP"], "without a number of theirs"


def test_a_number_that_means_several_items_or_another_one_is_not_told(told: Post) -> None:
    calls(told, "TWO", "FST-10001")
    calls(told, "TWO", "FST-10002")
    calls(told, "MOVED", "FST-10005")
    mapped(PARTNER, "item", "MOVED", "FST-10004")
    calls(told, "SELDOM", "FST-10006")
    calls(told, "OFTEN", "FST-10006", hits=3)
    send(("832",))
    told_as = {n: numbers(told, "832", f"FST-1000{n}").get("BP") for n in (1, 2, 4, 5, 6)}
    assert told_as == {1: None, 2: None, 4: "MOVED", 5: None, 6: "OFTEN"}


def test_a_number_that_was_taught_is_told_by_the_next_delta(told: Post) -> None:
    send(("846",))
    calls(told, "HH-1", "FST-10001")
    send(("846",), "s2")
    [line] = [row for row in told.sets("846")[-1] if row[0] == "LIN"]
    assert line[4:6] == ["BP", "HH-1"]
    assert advise_stock(partner_code="CRESTLINE", slot="s3", delta=True) == 0


def test_an_inquiry_is_answered_by_the_numbers_that_it_asked_by(told: Post) -> None:
    calls(told, "HH-1", "FST-10001")
    told.send("846", *inquiry(["IN", "HH-1"], ["VP", "FST-10002"]))
    first, second = [row for row in told.sets("846")[-1] if row[0] == "LIN"]
    assert dict(zip(first[2::2], first[3::2], strict=True))["IN"] == "HH-1"
    assert "BP" not in first, "the same number once"
    assert second[second.index("VP") + 1] == "FST-10002"
    assert "VN" not in second


def test_what_names_cost_does_not_depend_on_how_many_items_there_are(told: Post) -> None:
    calls(told, "HH-1", "FST-10001")
    mapped(PARTNER, "item", "CR-9", "FST-10002")
    account = told.partner.account
    assert account is not None
    costs = []
    for most in (2, 150):
        items = list(Item.objects.order_by("sku")[:most])
        item_names(partner=told.partner, account_id=account.pk, set_id="846", items=items)  # the tables are read
        with CaptureQueriesContext(connection) as queries:
            found = item_names(partner=told.partner, account_id=account.pk, set_id="846", items=items)
        assert len(found) == most
        costs.append(len(queries))
    assert costs[0] == costs[1]

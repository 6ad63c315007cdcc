"""846 and 832: what a partner is told of stock and prices, by schedule, on demand, and when it asks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from distportal.accounts.models import ShipTo, User
from distportal.events.sweeper import work_until_idle
from edi.models import AdvisedStock, Document
from edi.process import advising, stock_advice
from edi.process import catalogue as prices
from edi.process.advising import advise_partners, request_advice, request_catalogue
from edi.process.catalogue import send_catalogue
from edi.process.stock_advice import advise_stock
from edi.x12.tokens import Elements
from exceptions.choices import CaseStatus
from exceptions.models import Case
from inventory.models import Item, Price, StockLevel
from inventory.process.reservations import Demand, hold_stock, locked_availability
from inventory.queries.availability import availability_of
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(crestline: Post, catalogue: SandboxProcess, monkeypatch: Any) -> Post:
    """Crestline, with whom stock and prices are agreed; all items are one block, wherever their keys begin."""
    monkeypatch.setattr(prices, "BLOCK", 10**9)
    monkeypatch.setattr(stock_advice, "BLOCK", 10**9)
    crestline.agree("in", "850", "846")
    crestline.agree("out", "846", "832")
    return crestline


def lines(rows: list[Elements]) -> dict[str, list[Elements]]:
    """SKU -> the rows of its line."""
    found: dict[str, list[Elements]] = {}
    here: list[Elements] = []
    for row in rows:
        if row[0] == "LIN":
            here = found.setdefault(row[row.index("VN") + 1] if "VN" in row else row[3], [])
        elif row[0] != "CTT":
            here.append(row)
    return found


def figures(rows: list[Elements]) -> dict[str, str]:
    return {row[1]: row[2] for row in rows if row[0] == "QTY"}


def cases() -> list[Case]:
    return list(Case.objects.filter(status__in=CaseStatus.OPEN))


def test_a_full_advice_tells_the_figures_that_every_channel_shows(told: Post) -> None:
    item = Item.objects.get(sku="FST-10001")
    with transaction.atomic():
        stock = locked_availability(item_ids=[item.pk])
        hold_stock(demands=[Demand(ref="t:1", item_id=item.pk, quantity=Decimal(5))], stock=stock)
    assert advise_stock(partner_code="CRESTLINE", slot="2026112508", delta=False) == 1
    work_until_idle()
    [sent] = told.sets("846")
    found = lines(sent)
    there = availability_of(item_ids=[item.pk])[item.pk]
    gone = Item.objects.filter(status="discontinued").exclude(stock__available__gt=0)
    assert set(found) == set(Item.objects.exclude(pk__in=gone).values_list("sku", flat=True))
    assert Decimal(figures(found["FST-10001"])["33"]) == there.total
    lying = sum(StockLevel.objects.filter(item=item).values_list("on_hand", flat=True))
    assert Decimal(figures(found["FST-10001"])["17"]) == lying
    assert sent[1][:3] == ["BIA", "00", "SI"]


def test_the_same_slot_again_sends_nothing_and_a_delta_tells_what_changed(told: Post) -> None:
    advise_stock(partner_code="CRESTLINE", slot="s1", delta=False)
    assert advise_stock(partner_code="CRESTLINE", slot="s1", delta=False) == 0
    assert advise_stock(partner_code="CRESTLINE", slot="s2", delta=True) == 0, "nothing changed"
    StockLevel.objects.filter(item__sku="FST-10002").update(available=Decimal(7), on_hand=Decimal(9))
    Item.objects.filter(sku="FST-10004").update(status="discontinued")
    assert advise_stock(partner_code="CRESTLINE", slot="s3", delta=True) == 1
    assert advise_stock(partner_code="CRESTLINE", slot="s4", delta=True) == 0
    work_until_idle()
    delta = told.sets("846")[-1]
    assert delta[1][1] == "04"
    found = lines(delta)
    assert set(found) == {"FST-10002", "FST-10004"}
    assert figures(found["FST-10002"])["33"] == "21"
    assert ["PID", "F", "", "", "", "DISCONTINUED"] in found["FST-10004"]


def test_what_is_discontinued_and_gone_is_not_told_to_who_never_knew_it(told: Post) -> None:
    Item.objects.filter(sku="FST-10004").update(status="discontinued")
    StockLevel.objects.filter(item__sku="FST-10004").update(available=0)
    advise_stock(partner_code="CRESTLINE", slot="s1", delta=False)
    work_until_idle()
    assert "FST-10004" not in lines(told.sets("846")[0])


def test_what_may_go_to_none_of_its_places_is_not_told(told: Post) -> None:
    account = told.partner.account
    regions = sorted(set(ShipTo.objects.filter(account=account).values_list("region", flat=True)))
    Item.objects.filter(sku="FST-10002").update(restricted_regions=regions)
    Item.objects.filter(sku="FST-10001").update(restricted_regions=regions[:1] if len(regions) > 1 else [])
    advise_stock(partner_code="CRESTLINE", slot="s1", delta=False)
    send_catalogue(partner_code="CRESTLINE", number="c1")
    work_until_idle()
    for set_id in ("846", "832"):
        found = lines(told.sets(set_id)[0])
        assert "FST-10002" not in found
        assert "FST-10001" in found


def test_figures_per_warehouse_name_each(told: Post) -> None:
    told.partner.advice_by_warehouse = True
    told.partner.save()
    advise_stock(partner_code="CRESTLINE", slot="s1", delta=False)
    work_until_idle()
    rows = lines(told.sets("846")[0])["FST-10001"]
    assert [row[4] for row in rows if row[0] == "N1"] == ["DAYTON", "NEWARK", "RENO"]


def test_large_catalogues_go_out_in_blocks_with_a_fixed_number_of_queries(told: Post, monkeypatch: Any) -> None:
    """200 items in blocks of 50 or 100: each block is a document, and what it costs does not depend on its size."""
    for width, number in ((50, "c1"), (100, "c2")):
        monkeypatch.setattr(prices, "BLOCK", width)
        monkeypatch.setattr(stock_advice, "BLOCK", width)
        for set_id, send in (
            ("832", partial(send_catalogue, partner_code="CRESTLINE", number=number)),
            ("846", partial(advise_stock, partner_code="CRESTLINE", slot=number, delta=False)),
        ):
            with CaptureQueriesContext(connection) as queries:
                blocks = send()
            assert blocks in (200 // width, 200 // width + 1)
            assert len(queries) <= 5 + 47 * blocks
            assert send() == 0
            assert Document.objects.filter(set_id=set_id, business_key__contains=f":{number}:").count() == blocks
    work_until_idle()
    skus = [sku for sent in told.sets("832") if sent[1][2] == "c1" for sku in lines(sent)]
    assert len(skus) == len(set(skus)) == Item.objects.exclude(status="discontinued").count()


def test_a_catalogue_that_stops_in_the_middle_goes_on_where_it_was(told: Post, monkeypatch: Any) -> None:
    monkeypatch.setattr(prices, "BLOCK", 50)
    whole, calls = prices.write_832, []

    def breaks(*args: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise MemoryError
        return whole(*args, **more)

    monkeypatch.setattr(prices, "write_832", breaks)
    with pytest.raises(MemoryError):
        send_catalogue(partner_code="CRESTLINE", number="c1")
    assert Document.objects.filter(set_id="832").count() == 2
    rest = send_catalogue(partner_code="CRESTLINE", number="c1")
    assert Document.objects.filter(set_id="832").count() == 2 + rest


def test_a_catalogue_tells_the_partners_own_price_with_its_steps_and_dates(told: Post) -> None:
    item = Item.objects.get(sku="FST-10001")
    Price.objects.filter(item=item).delete()
    common = {"item": item, "account": told.partner.account, "as_of": item.as_of, "valid_from": dt.date(2026, 1, 1)}
    Price.objects.create(erp_id="p1", unit_price=Decimal("0.44"), min_quantity=10, **common)
    Price.objects.create(
        erp_id="p2", unit_price=Decimal("0.40"), min_quantity=100, valid_until=dt.date(2099, 12, 31), **common
    )
    send_catalogue(partner_code="CRESTLINE", number="c1")
    work_until_idle()
    rows = lines(told.sets("832")[0])["FST-10001"]
    prices = [row for row in rows if row[0] in ("CTP", "DTM")]
    listed = format(item.list_price.normalize(), "f")
    assert prices == [
        ["CTP", "", "LPR", listed, "1", "EA"],
        ["CTP", "", "CON", "0.44", "10", "EA"],
        ["DTM", "007", "20260101"],
        ["CTP", "", "CON", "0.4", "100", "EA"],
        ["DTM", "007", "20260101"],
        ["DTM", "036", "20991231"],
    ]
    assert next(row for row in rows if row[0] == "PO4")[1] == str(int(item.pack_size))


def inquiry(*asked: Elements, number: str = "INQ-1") -> list[Elements]:
    rows: list[Elements] = [["BIA", "13", "PI", number, "20261125"]]
    return [*rows, *(["LIN", str(n), *pairs] for n, pairs in enumerate(asked, 1)), ["CTT", str(len(asked))]]


def test_an_inquiry_is_answered_for_exactly_what_was_asked(told: Post) -> None:
    item = Item.objects.get(sku="FST-10002")
    told.send("846", *inquiry(["UP", item.upc], ["VN", "FST-10001"], ["VN", "NO-SUCH"]))
    [answer] = told.sets("846")
    assert answer[1][3] == "INQ-1"
    found = lines(answer)
    assert list(found) == ["FST-10002", "FST-10001", "NO-SUCH"]
    assert ["PID", "F", "", "", "", "Unknown item"] in found["NO-SUCH"]
    assert figures(found["NO-SUCH"]) == {"33": "0"}
    asked = Document.objects.get(set_id="846", direction="in")
    assert (asked.state, asked.findings) == ("settled", ["Answered: 3 items, 1 of them unknown or not for sale."])
    assert cases() == []
    assert not AdvisedStock.objects.exists(), "an answer is no advice: the next delta tells it still"


def test_an_inquiry_without_an_agreed_answer_and_an_advice_are_cases(told: Post) -> None:
    told.send("846", ["BIA", "00", "SI", "X", "20261125"], ["LIN", "1", "VN", "FST-10001"], ["QTY", "33", "1", "EA"])
    told.agree("out")
    told.send("846", *inquiry(["VN", "FST-10001"]))
    said = [case.sentence for case in cases()]
    assert len(said) == 2
    assert any("It is no inquiry" in one for one in said)
    assert any("no 846 to it is agreed" in one for one in said)
    assert told.sets("846") == []


def at(monkeypatch: Any, hour: int, day: int = 25) -> None:
    now = dt.datetime(2026, 11, day, hour, 10, tzinfo=dt.timezone(dt.timedelta(hours=-6)))
    monkeypatch.setattr(advising, "database_now", lambda: now)


def test_the_schedule_begins_each_slot_once_the_first_of_a_day_in_full(told: Post, monkeypatch: Any) -> None:
    told.partner.advice_hours, told.partner.catalogue_days = 4, 7
    told.partner.save()
    at(monkeypatch, 9)
    assert advise_partners() == 2
    assert advise_partners() == 0
    at(monkeypatch, 11)
    assert advise_partners() == 0, "it is still the slot from 8 to 12"
    work_until_idle()
    at(monkeypatch, 12)
    StockLevel.objects.filter(item__sku="FST-10002").update(available=Decimal(7))
    assert advise_partners() == 1
    work_until_idle()
    assert [rows[1][1] for rows in told.sets("846")] == ["00", "04"]
    at(monkeypatch, 0, day=26)
    assert advise_partners() == 1
    work_until_idle()
    assert told.sets("846")[-1][1][1] == "00"
    assert len(told.sets("832")) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_schedulers_one_begins_a_slot(told: Post) -> None:
    told.partner.advice_hours = 1
    told.partner.save()
    assert sorted(at_once(*[advise_partners] * 5)) == [0, 0, 0, 0, 1]


def test_who_agreed_to_nothing_is_told_nothing(told: Post, crestline: Post) -> None:
    crestline.agree("out")
    crestline.partner.advice_hours = 1
    crestline.partner.save()
    assert advise_partners() == 0
    assert not request_advice(partner_code="CRESTLINE")
    assert not request_catalogue(partner_code="CRESTLINE")
    assert advise_stock(partner_code="CRESTLINE", slot="s", delta=False) == 0
    assert send_catalogue(partner_code="CRESTLINE", number="c") == 0
    assert not Document.objects.filter(direction="out").exists()


def test_an_operator_sends_stock_and_prices_from_the_back_office(told: Post, cast: Cast) -> None:
    operator = signed_in(User.objects.get(email="operator@northline.example"))
    address = reverse("admin:edi_tradingpartner_changelist")
    for action in ("send_stock", "send_catalogue"):
        form = {"action": action, "_selected_action": [str(told.partner.pk)]}
        assert operator.post(address, form).status_code == 302
    work_until_idle()
    assert (len(told.sets("846")), len(told.sets("832"))) == (1, 1)


def test_an_empty_catalogue_sends_nothing(crestline: Post) -> None:
    crestline.agree("out", "846", "832")
    assert advise_stock(partner_code="CRESTLINE", slot="s", delta=False) == 0
    assert send_catalogue(partner_code="CRESTLINE", number="c") == 0

"""The mapping tables in force translate what an adapter leaves as it is, both ways, and come before its settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from distportal.systems.erp import sandbox_codes
from distportal.systems.erp.coding import Coding
from distportal.systems.erp.files.codes import Codes
from distportal.systems.erp.port import Change, ConfirmedLine, FeedKind, OrderState
from distportal.systems.erp.spoken import our_code, speaking, their_code
from distportal.systems.errors import Unmapped
from tests.distportal.systems.erp.drafts import draft, line

WORDS = {
    ("item", "100-1"): "FST-10001", ("unit", "KRT"): "CA", ("warehouse", "WERK1"): "RENO",
    ("customer", "K77"): "HARBOR", ("ship_to", "K77-1"): "HARBOR-01", ("carrier", "ZUPS"): "UPSN",
    ("terms", "Z030"): "Net 30",
}  # fmt: skip
ALL = Coding(frozenset())
AT = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


class Tables:
    """The words as a table."""

    def ours(self, kind: str, code: str) -> str | None:
        return WORDS.get((kind, code))

    def theirs(self, kind: str, code: str) -> str | None:
        return next((there for (k, there), here in WORDS.items() if (k, here) == (kind, code)), None)


@pytest.fixture
def speak() -> Iterator[None]:
    with speaking(Tables()):
        yield


def told(kind: FeedKind, **payload: object) -> dict[str, object]:
    change = Change(kind=kind, erp_id="1", version="1", occurred_at=AT, payload=payload)
    [made] = ALL.changes([change])
    return dict(made.payload)


def test_a_draft_goes_out_in_their_codes_and_keeps_key_and_hash(speak: None) -> None:
    ours = draft(line(sku="FST-10001", unit="CA"), line("2", "PLB-30001", unit="EA"))
    sent = ALL.draft(ours)
    assert (sent.customer, sent.ship_to, sent.order_key, sent.content_hash) == (
        "K77", "K77-1", ours.order_key, ours.content_hash,
    )  # fmt: skip
    assert [(one.sku, one.unit) for one in sent.lines] == [("100-1", "KRT"), ("PLB-30001", "EA")]
    assert ALL.scope({"sku": "FST-10001", "account": "HARBOR", "warehouse": "RENO"}) == {
        "sku": "100-1", "account": "K77", "warehouse": "WERK1",
    }  # fmt: skip


def test_what_the_adapter_translates_itself_is_left_to_it(speak: None) -> None:
    sent = Coding(frozenset({"unit", "customer"})).draft(draft(line(sku="FST-10001", unit="CA")))
    assert (sent.customer, sent.lines[0].unit, sent.lines[0].sku) == ("HARBOR", "CA", "100-1")


def test_every_feed_comes_in_our_codes_and_what_nobody_mapped_stays(speak: None) -> None:
    assert told("item", sku="100-1", base_unit="KRT", pack_unit="PAL") == {
        "sku": "FST-10001", "base_unit": "CA", "pack_unit": "PAL",
    }  # fmt: skip
    item = told("item", sku="1", packs=[{"unit": "KRT", "size": "10"}], substitutes=[{"sku": "100-1", "reason": "x"}])
    assert (item["packs"], item["substitutes"]) == (
        [{"unit": "CA", "size": "10"}], [{"sku": "FST-10001", "reason": "x"}],
    )  # fmt: skip
    assert told("stock", sku="100-2", warehouse="WERK1") == {"sku": "100-2", "warehouse": "RENO"}
    assert told("price", sku="100-1", account="")["account"] == ""
    assert told("customer", account="K77") == {"account": "HARBOR"}
    lines = [{"unit": "KRT", "items": [{"qualifier": "sku", "value": "100-1"}, {"qualifier": "upc", "value": "100-1"}]}]
    assert told("invoice", terms="Z030", lines=lines) == {
        "terms": "Net 30",
        "lines": [{"unit": "CA", "items": [{"qualifier": "sku", "value": "FST-10001"}, lines[0]["items"][1]]}],
    }  # fmt: skip
    shipped = told("shipment", carrier="ZUPS", ship_from={"code": "WERK1"}, ship_to={"code": "K77-1"}, lines=[])
    assert (shipped["carrier"], shipped["ship_from"], shipped["ship_to"]) == (
        "UPSN", {"code": "RENO"}, {"code": "HARBOR-01"},
    )  # fmt: skip


def test_an_order_that_is_read_back_names_our_warehouse(speak: None) -> None:
    one = ConfirmedLine(line_key="1", quantity=Decimal(1), unit_price=Decimal(1), warehouse="WERK1")
    state = OrderState(
        order_key="NL-1", erp_id="1", number="1", stage="accepted", as_of=AT, total=Decimal(1), lines=(one,)
    )
    assert [found.warehouse for found in ALL.state(state).lines] == ["RENO"]


def test_the_tables_come_before_the_settings_and_end_with_the_call() -> None:
    codes = Codes({"units": {"CA": "CAR", "EA": "ST"}})
    with speaking(Tables()):
        assert (codes.theirs("units", "CA"), codes.theirs("units", "EA")) == ("KRT", "ST")
        assert (codes.ours("units", "KRT"), codes.ours("units", "ST")) == ("CA", "EA")
        assert (sandbox_codes.their_unit("CA"), sandbox_codes.our_warehouse("WERK1")) == ("KRT", "RENO")
    assert (codes.theirs("units", "CA"), our_code("unit", "KRT"), their_code("unit", "CA")) == ("CAR", None, None)


def test_a_code_that_nobody_mapped_says_whose_it_is() -> None:
    with pytest.raises(Unmapped) as ours:
        sandbox_codes.their_unit("LB")
    with pytest.raises(Unmapped) as theirs:
        sandbox_codes.our_warehouse("9999")
    assert [(e.value.kind, e.value.codes, e.value.side) for e in (ours, theirs)] == [
        ("unit", ("LB",), "ours"), ("warehouse", ("9999",), "theirs"),
    ]  # fmt: skip

"""Orders into a legacy ERP's folder: the exact file, once, and what its answers make of the order."""

from __future__ import annotations

import datetime as dt
import pathlib
from decimal import Decimal

import pytest

from distportal.systems.erp.port import ErpPort, KeepsFiles
from distportal.systems.errors import Conflict, Misconfigured, Rejected, UnknownOutcome
from tests.distportal.systems.erp.csv_file.legacy import BILLED, CONFIRMED, LAYOUTS, SHIPPED, connected, drop
from tests.distportal.systems.erp.drafts import draft, line


def test_the_file_is_the_declared_one_to_the_byte(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path)
    wanted = draft(
        line("1", quantity=1200, price="8.8"), line("2", unit="CA", price="100.32", quantity=1), order_key="NL-7",
        customer_po='Müller; "eilig"', requested_on=dt.date(2026, 12, 1),
    )  # fmt: skip
    state = erp.advance_order(wanted, None)
    assert (state.stage, state.number, state.content_hash) == ("received", "NL-7.csv", "hash-1")
    golden = (
        "ART;AUFTRAG;KUNDE;LIEFERORT;BESTELLUNG;TERMIN;POS;ARTIKEL;MENGE;ME;PREIS;LAGER;MANDANT\r\n"
        'N;NL-7;10042;HARBOR-01;"Müller; ""eilig""";01.12.2026;1;PLB-30001;1200;ST;8,8;;01\r\n'
        'N;NL-7;10042;HARBOR-01;"Müller; ""eilig""";01.12.2026;2;PLB-30001;1;KAR;100,32;;01\r\n'
    )
    assert (tmp_path / "out" / "NL-7.csv").read_bytes() == golden.encode("cp1252")
    assert list((tmp_path / "state").glob("*.tmp")) == []
    assert isinstance(erp, ErpPort)
    assert isinstance(erp, KeepsFiles)
    assert erp.sent_file("NL-7").content == golden.encode("cp1252")


def test_a_file_that_the_erp_took_is_never_written_again(tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(tmp_path), draft()
    erp.advance_order(wanted, None)
    (tmp_path / "out" / f"{wanted.order_key}.csv").unlink()
    for known in (None, erp.find_order(wanted.order_key)[0]):
        assert connected(tmp_path).advance_order(wanted, known).stage == "received"
    assert list((tmp_path / "out").iterdir()) == []
    with pytest.raises(Conflict) as caught:
        erp.advance_order(draft(order_key=wanted.order_key, content_hash="hash-2"), None)
    assert caught.value.code == "erp.content_differs"


def test_answers_shipments_and_bills_bring_the_order_on(tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(tmp_path), draft(line(quantity=12))
    key = wanted.order_key
    erp.advance_order(wanted, None)
    drop(tmp_path, "AB1.CSV", CONFIRMED, f"{key};4711;1;10;8,80;05.12.2026;OK;")
    state = erp.advance_order(wanted, erp.find_order(key)[0])
    assert (state.stage, state.number, state.raw_state) == ("accepted", "4711", "OK")
    assert [(i.quantity, i.unit_price, i.confirmed_on) for i in state.lines] == [
        (Decimal(10), Decimal("8.80"), dt.date(2026, 12, 5))
    ]
    drop(tmp_path, "LS1.CSV", SHIPPED, f"L1;{key};06.12.2026;0001;1Z9;1;PLB-30001;8;ST")
    assert erp.find_order(key)[0].stage == "in_fulfilment"
    drop(tmp_path, "RE1.CSV", BILLED, f"R1;{key};07.12.2026;88,00;0;1;PLB-30001;10;ST;8,80")
    assert erp.find_order(key)[0].stage == "closed"
    [order] = erp.changes("order", None, 10).changes
    assert (order.payload["stage"], order.payload["number"]) == ("closed", "4711")


def test_a_refusal_without_lines_refuses_the_order(tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(tmp_path), draft()
    erp.advance_order(wanted, None)
    drop(tmp_path, "AB2.CSV", CONFIRMED, f"{wanted.order_key};;;;;;ABL;Kunde gesperrt")
    state = erp.advance_order(wanted, None)
    assert (state.stage, state.reason) == ("rejected", "Kunde gesperrt")


def test_a_change_and_a_cancellation_wait_for_the_answer_and_are_written_once(tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(tmp_path), draft(line(quantity=5), line("2"))
    key = wanted.order_key
    erp.advance_order(wanted, None)
    changed = draft(line(quantity=3), order_key=key, content_hash="hash-2")
    for _ in range(2):
        with pytest.raises(UnknownOutcome) as caught:
            erp.request_change(changed, "hash-1")
        assert caught.value.code == "erp.not_answered"
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"{key}-change-2.csv", f"{key}.csv"]
    assert (tmp_path / "out" / names[0]).read_text("cp1252").splitlines()[1].startswith(f"A;{key};")
    assert erp.find_order(key)[0].content_hash == "hash-1"
    with pytest.raises(Conflict):
        erp.request_change(draft(order_key=key, content_hash="hash-3"), "hash-0")
    drop(tmp_path, "AB3.CSV", CONFIRMED, f"{key};4711;1;3;8,80;;OK;", f"{key};4711;2;0;;;STO;")
    assert erp.request_change(changed, "hash-1").content_hash == "hash-2"
    with pytest.raises(UnknownOutcome):
        erp.request_cancel(key, "no longer needed")
    drop(tmp_path, "AB4.CSV", CONFIRMED, f"{key};4711;;;;;STO;")
    assert erp.request_cancel(key, "no longer needed").stage == "cancelled"
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_a_change_file_tells_what_is_done_to_each_line_where_the_layout_has_a_column_for_it(
    tmp_path: pathlib.Path,
) -> None:
    columns = [{"field": "action", "values": {"CHG": "change"}}, *({"field": n} for n in ("order_key", "line_key")),
               {"field": "line_action", "values": {"I": "new", "U": "changed", "D": "deleted", "-": "same"}},
               *({"field": n} for n in ("sku", "quantity"))]  # fmt: skip
    erp = connected(tmp_path, layouts={**LAYOUTS, "order": {"columns": columns}})
    wanted = draft(line("1", quantity=5), line("2"), line("3", quantity=4), order_key="NL-9")
    erp.advance_order(wanted, None)
    new = draft(
        line("1", quantity=3), line("3", quantity=4), line("4", quantity=1), order_key="NL-9", content_hash="h2"
    )
    with pytest.raises(UnknownOutcome):
        erp.request_change(new, wanted.content_hash)
    [path] = tmp_path.glob("out/*-change-*.csv")
    assert [row.split(",")[2:4] for row in path.read_text().splitlines()[1:]] == [
        ["1", "U"], ["3", "-"], ["4", "I"], ["2", "D"],
    ]  # fmt: skip


def test_nothing_is_written_for_what_cannot_be_sent(tmp_path: pathlib.Path) -> None:
    erp = connected(tmp_path, layouts={"order": {"columns": [
        {"field": name} for name in ("order_key", "line_key", "sku", "quantity", "unit", "customer", "warehouse")
    ]}})  # fmt: skip
    for wanted, code in (
        (draft(customer="NOBODY"), "erp.unmapped_customer"),
        (draft(line(unit="LB")), "erp.unmapped_unit"),
        (draft(kind="credit_request"), "erp.not_offered"),
    ):
        with pytest.raises(Misconfigured) as caught:
            erp.advance_order(wanted, None)
        assert caught.value.code == code
        assert erp.find_order(wanted.order_key) == []
    for attempt, code in (
        (lambda: erp.request_cancel("NL-NOBODY", "x"), "erp.cancel_not_offered"),
        (lambda: connected(tmp_path).request_cancel("NL-NOBODY", "x"), "erp.order_unknown"),
        (lambda: erp.sent_file("NL-NOBODY"), "erp.order_unknown"),
    ):
        with pytest.raises(Rejected) as refused:
            attempt()
        assert refused.value.code == code
    assert list((tmp_path / "out").iterdir()) == []


def test_a_text_that_the_encoding_cannot_hold_is_refused(tmp_path: pathlib.Path) -> None:
    erp, wanted = connected(tmp_path), draft(customer_po="注文")
    with pytest.raises(Rejected) as caught:
        erp.advance_order(wanted, None)
    assert caught.value.code == "erp.not_writable"
    assert erp.find_order(wanted.order_key) == []

"""How many statements each page sends, by who looks, and which of them count a big table."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BASELINE = Path(__file__).with_suffix(".toml")
_HEAD = """# How many statements each page sends where there is one of everything, by who looks: the reviewed baseline.
# A page that sends more or fewer fails tests/web/test_query_counts.py. To write it anew: make query-counts
"""
Counts = dict[str, dict[str, int]]
"""Route -> who looks -> statements."""

_BIG = "|".join(
    ("orders_order", "orders_orderline", "orders_shipment", "orders_invoice", "orders_invoiceline", "orders_purchase",
     "orders_remittance", "orders_remittanceline", "inventory_item", "inventory_price", "inventory_stocklevel",
     "inventory_itemcrossreference")
)  # fmt: skip
"""Tables that grow with what is traded. Open cases, partners and people are few, and an index knows them."""
_COUNTS = re.compile(r"\bCOUNT\(", re.IGNORECASE)
_FROM_BIG = re.compile(rf'\bFROM "({_BIG})"')
_BOUND = re.compile(
    r"\bLIMIT \d+"  # stops reading there
    r'|"account_id" (=|IN)'  # one company's rows, by an index
    r'|"(order|invoice|shipment|remittance|item|case|line)_id" (=|IN)'  # parts of rows that were found
)


def statements(client: Client, address: str) -> list[str] | None:
    """What a second look sends, when what is kept between looks is there; None where this person is not let in."""
    if client.get(address).status_code != 200:
        return None
    with CaptureQueriesContext(connection) as ran:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer)  # type: ignore[arg-type]
    return [query["sql"] for query in ran.captured_queries]


def unbounded_counts(sent: Iterable[str]) -> list[str]:
    """The statements that count a big table without an end, an account or the rows they belong to."""
    return [sql for sql in sent if _COUNTS.search(sql) and _FROM_BIG.search(sql) and not _BOUND.search(sql)]


def baseline() -> Counts:
    """The reviewed counts."""
    return tomllib.loads(BASELINE.read_text())


def write_baseline(counts: Mapping[str, Mapping[str, int]]) -> None:
    """The counts as they are now, to be reviewed like code."""
    rows = []
    for route, found in sorted(counts.items()):
        told = ", ".join(f"{who} = {n}" for who, n in found.items())
        rows.append(f'"{route}" = {{ {told} }}\n')
    BASELINE.write_text(_HEAD + "".join(rows))

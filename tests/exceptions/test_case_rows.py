"""Rows of the desk's list that Python draws say what they are told, escaped, and no more than they need."""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import engines

from distportal.accounts.models import Account, User
from exceptions.models import Case, Queue
from exceptions.ops.queue import Row
from exceptions.queries.listing import Asked
from exceptions.registry import case_kind

BAD = "<b>\"Dock\" & '5'</b>"
AT = dt.datetime(2026, 11, 26, 18, 30, 5, tzinfo=dt.UTC)
SAID_AT = "26 Nov 2026, 12:30"


def row(
    *, left: float | None = None, tone: str = "", looking: tuple[str, ...] = (), maker: str = "", **about: Any
) -> Row:
    told = {"number": 4711, "kind": "order.held", "sentence": BAD, "status": "new", "severity": 3, "currency": "USD",
            "queue": Queue(name=BAD), "version": 3, "due_at": AT, "resolved_at": AT,
            "resolution": "by_hand"}  # fmt: skip
    case = Case(**{**told, **about})
    return Row(case=case, kind=case_kind(BAD), left=left, tone=tone, looking=looking, maker=maker)


def drawn(*rows: Row, view: str = "open", words: str = "") -> str:
    """The rows as they stand in the page of that view."""
    values = {"rows": rows, "asked": Asked(view, {}), "view_words": words, "csrf_token": BAD,
              "request": SimpleNamespace(get_full_path=lambda: f"/desk/?q={BAD}")}  # fmt: skip
    text = str(engines["django"].from_string("{% load case_rows %}{% case_rows rows %}").render(values))
    assert BAD not in text, "no mark of any value becomes a part of the page"
    return text


def cells(*rows: Row, view: str = "open") -> list[list[str]]:
    """What the cells of each row say."""
    found = drawn(*rows, view=view).split("</tr>")[:-1]
    return [
        [" ".join(html.unescape(re.sub(r"<[^>]*>", "", c)).split()) for c in one.split("</td>")[:-1]] for one in found
    ]


def test_an_open_case_says_whose_it_is_what_is_at_risk_and_how_long_there_is() -> None:
    full = row(
        left=7200.0, looking=(BAD, "Ana"), maker=BAD, account=Account(name=BAD), reference="SO-1", cutoff_at=AT,
        amount=Decimal("1234.5"), owner=User(name=BAD), status="snoozed", remind_at=AT, occurrences=1200,
    )  # fmt: skip
    assert cells(full, row()) == [
        ["", f"E-4711 {BAD}{BAD} {BAD}, Ana looks at it {BAD}'s edit waits for a second person", f"{BAD}SO-1",
         f"$1,234.50by {SAID_AT}", "2 h", BAD, f"HighSnoozed until {SAID_AT}, seen 1200 times"],
        ["", f"E-4711 {BAD}{BAD}", f"—{BAD}", "—", "—", "Take", "HighNew"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "about", "tone", "said"),
    [
        (-90_000.0, {}, "bad", "25 h late"),
        (60.0, {}, "warn", "60 s"),
        (60.0, {"status": "waiting_erp", "paused_at": AT}, "warn", "60 s, clock stands"),
        (None, {"due_at": None}, "", "—"),
    ],
)
def test_the_time_is_late_near_or_stands(left: float | None, about: dict[str, Any], tone: str, said: str) -> None:
    one = row(left=left, tone=tone, **about)
    assert cells(one)[0][4] == said
    due = f'<span class="remark {tone}" title="Due 2026-11-26T12:30:05-06:00">'
    assert (due in drawn(one)) is (left is not None)


def test_who_may_take_a_case_sends_its_version_the_page_and_the_token_and_comes_back_to_the_view() -> None:
    text = drawn(row(), words=f"view=open&q={BAD}")
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    assert fields == {"csrfmiddlewaretoken": html.escape(BAD), "version": "3", "next": html.escape(f"/desk/?q={BAD}")}
    assert 'action="/desk/4711/claim/"' in text
    assert 'href="/desk/4711/?from=view%3Dopen%26q%3D%3Cb%3E%22Dock%22%20%26%20%275%27%3C%2Fb%3E"' in text
    assert 'href="/desk/4711/"' in drawn(row())


def test_what_is_over_can_be_neither_ticked_nor_taken() -> None:
    [over] = cells(row(status="resolved"), view="resolved")
    assert over == [f"E-4711 {BAD}{BAD}", f"—{BAD}", "—", SAID_AT, "—", "Settled by hand"]
    text = drawn(row(status="resolved"), view="resolved")
    assert "<form" not in text
    assert "<input" not in text
    assert drawn() == ""

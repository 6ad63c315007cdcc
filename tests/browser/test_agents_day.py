"""An agent's day: ten cases of mixed kinds, each taken, understood and settled with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from distportal.accounts.models import ShipTo
from distportal.events.sweeper import work_until_idle
from exceptions.models import Case
from exceptions.process.cases import open_case
from orders.models import Order
from orders.process.intake import place_order
from tests.browser.company import order_by
from tests.browser.conftest import PHONE
from tests.browser.keys import press
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
ITEM = "FST-10001"
Typed = tuple[str | None, ...]
FIXES: dict[str, Typed] = {
    "order.price_differs": (None, "0.48"),
    "order.unit_unknown": (None, "EA"),
    "order.item_unknown": (ITEM,),
}
"""What is typed into the first fields of a case, in their order; None leaves one."""


def fill(cast: Cast) -> None:
    """Ten cases: eight of orders, two that a word settles."""
    for n in range(2):
        order_by("edi", (ITEM, "10", "EA", "0.30"), po=f"PRICE-{n}")
        order_by("edi", (f"NO-SUCH-{n}", "10", "EA", None), po=f"ITEM-{n}")
    order_by("edi", (ITEM, "10", "ZZ", None), po="UNIT")
    place_to("HARBOR-77", po="PLACE")
    ShipTo.objects.create(account=cast.harbor, code="HARBOR-99", name="Yard", city="Erie", region="PA")
    place_to("HARBOR-99", po="ERP")
    work_until_idle()  # the ERP does not know that yard
    order_by("edi", (ITEM, "10", "EA", None), po="TWICE")
    order_by("edi", (ITEM, "11", "EA", None), po="TWICE")
    for n, kind in enumerate(("edi.unmatched_ack", "catalogue.question")):
        open_case(kind=kind, code="x", subject_type="thing", subject_id=str(n), sentence="Somebody has to say a word")


def place_to(code: str, *, po: str) -> None:
    place_order(order=asked((ITEM, "10", "EA", None), po=po, channel="edi", ship_to=code), source_key=f"t:{po}")


def settle(page: Page, case: Case) -> None:
    """One case by its keys."""
    if case.kind == "erp.refused" or case.kind == "order.ship_to_unknown":
        press(page, "e")
        page.keyboard.type("HARBOR-01 ")
        press(page, "Tab", "r", "Enter")
        resubmit(page)
    elif case.kind in FIXES:
        press(page, "e")
        for n, value in enumerate(FIXES[case.kind]):
            if n:
                press(page, "Tab")
            if value is not None:
                press(page, "Control+A")
                page.keyboard.type(value)
        press(page, "Enter")
        resubmit(page)
    else:
        press(page, "r")
        page.keyboard.type("looked into it")
        press(page, "Enter")
        expect(page.locator("#messages")).to_contain_text("Closed")


def resubmit(page: Page) -> None:
    for row in page.locator("tr.fixrow").all():
        assert row.evaluate("row => getComputedStyle(row).display") == "table-row", "old, new and source side by side"
    expect(page.locator("#dry-run")).to_contain_text("No rule objects")
    press(page, "r", "Enter")
    expect(page.locator("#messages")).to_contain_text("Resubmitted")


def test_an_agent_clears_ten_mixed_cases_by_keyboard(
    synced: SandboxProcess, cast: Cast, signed_in: Callable[..., Page], shoot: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None], assert_fits: Callable[[Page], None],
) -> None:  # fmt: skip
    fill(cast)
    assert Case.objects.exclude(status="resolved").count() == 10
    page = signed_in(cast.agent.email)
    page.goto("/desk/")
    done = []
    for _ in range(10):
        was = page.url
        press(page, "n")
        page.wait_for_url(lambda url, was=was: url != was and "/desk/" in url)
        case = Case.objects.get(number=int(page.url.rstrip("/").rpartition("/")[2]))
        assert case.owner == cast.agent
        shoot(page, case.kind)
        assert_fits(page)
        if case.kind == "order.price_differs" and case.kind not in done:
            phone = signed_in(cast.agent.email, viewport=PHONE, color_scheme="dark")
            phone.goto(page.url)
            shoot(phone, "editor-phone-dark")
            assert_accessible(phone)
            assert_fits(phone)
        settle(page, case)
        done.append(case.kind)
    press(page, "n")
    expect(page.locator("#messages")).to_contain_text("Nothing in this view waits for somebody to take it")
    work_until_idle()
    assert sorted(done) == [
        "catalogue.question", "edi.unmatched_ack", "erp.refused", "order.duplicate_po", "order.item_unknown",
        "order.item_unknown", "order.price_differs", "order.price_differs", "order.ship_to_unknown",
        "order.unit_unknown",
    ]  # fmt: skip
    assert not Case.objects.exclude(status="resolved").exists()
    assert not Order.objects.exclude(status="confirmed").exists()
    for case in Case.objects.filter(kind="erp.refused"):
        page.goto(f"/desk/{case.number}/?look=erp")
        shoot(page, "erp")
        press(page, "m")
        expect(page.get_by_label("Note for colleagues")).to_be_focused()  # not the message that the dealer reads
        assert_accessible(page)
        assert_fits(page)

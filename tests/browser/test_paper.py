"""Pages on paper: printed from the dark screen they are black on white, and nothing on them is to be pressed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from orders.choices import ReturnReason
from orders.models import Draft
from orders.process.drafts import note_placed
from orders.process.return_asking import Wanted, ask_for_return
from tests.browser.company import bill
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order
from tests.sandbox import SandboxProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

SHEET = {"width": 680, "height": 980}
"""What is printed on of A4 within its margins, in CSS pixels."""
PRESSED = "nav:visible, .btn:visible, button:visible, select:visible, .top:visible, .thread:visible, .skip:visible"
DARK = """() => [...document.querySelectorAll('*')].filter(e => e.checkVisibility()).map(e => {
  const [r, g, b, a = 1] = (getComputedStyle(e).backgroundColor.match(/[\\d.]+/g) ?? []).map(Number);
  return a > 0 && r + g + b < 600 ? e.outerHTML.slice(0, 80) : '';
}).filter(Boolean)"""


def test_an_order_and_a_statement_are_sheets_of_paper(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    draft = Draft.objects.create(account=cast.harbor, user=cast.colleague)
    order = placed_order(("FST-10001", "100", "EA", None), po="4711", key=f"portal:{draft.pk}:1")
    note_placed(draft=draft, order=order)
    line = bill(order, synced).lines.select_related("invoice", "item").get()
    back = ask_for_return(
        account=cast.harbor, user=cast.colleague, token=uuid.uuid4(), reference="R-1", note="",
        wanted=[Wanted(line=line, quantity=Decimal(5), reason=ReturnReason.MISTAKE)],
    )  # fmt: skip
    page = signed_in(cast.colleague.email, color_scheme="dark", viewport=SHEET)
    sheets = {
        f"/cart/placed/{draft.pk}/": str(order), f"/orders/{order.number}/": str(order), "/statement/": "Statement",
        f"/invoices/{line.invoice.number}/": line.invoice.number, f"/returns/{back.number}/": str(back),
    }  # fmt: skip
    for path, title in sheets.items():
        page.emulate_media(media="print")
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        expect(page.locator(".brand")).to_be_visible()
        coded = page.locator("svg.papercode")
        assert coded.count() == path.startswith(("/orders/", "/invoices/", "/returns/")), path
        if coded.count():
            expect(coded).to_be_visible()
            expect(coded).to_have_attribute("aria-label", title)
        assert page.locator(PRESSED).all_inner_texts() == []
        assert page.evaluate(DARK) == []
        table = page.locator("table").first
        expect(table.locator("thead")).to_have_css("display", "table-header-group")
        expect(table.locator("thead")).to_have_css("position", "static")  # not folded away as on a phone
        expect(table.locator("tbody tr").first).to_have_css("break-inside", "avoid")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{path} is {over} px wider than the sheet"
        page.emulate_media(media="screen")
        expect(page.locator(".top")).to_be_visible()
        expect(coded.locator("visible=true")).to_have_count(0)
        if path.startswith(("/cart/", "/returns/")):  # the others are among the pages of test_pages
            assert_accessible(page)
        expect(table.locator("thead")).to_have_css("position", "absolute")

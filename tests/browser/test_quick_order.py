"""Quick order without a mouse: what was typed is kept before anybody presses a button."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from orders.models import DraftLine, QuickRow
from tests.browser.conftest import PHONE
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def type_row(page: Page, *words: str) -> None:
    for word in words:
        page.keyboard.type(word)
        page.keyboard.press("Enter")


def test_keys_go_places_are_listed_and_can_be_turned_off(
    cast: Cast, signed_in: Callable[..., Page], assert_accessible: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    page = signed_in("buyer@harbor.example")
    page.goto("/")
    for keys, address in (("go", "**/orders/"), ("gi", "**/invoices/"), ("n", "**/quick-order/")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(address)
    page.goto("/orders/")
    page.locator("#q").focus()
    page.keyboard.type("gin?")
    expect(page.locator("#q")).to_have_value("gin?")
    page.locator("h1").click()
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keys")
    for words in ("Orders", "Invoices", "Quick order", "Search"):
        expect(listed.get_by_text(words, exact=True)).to_be_visible()
    assert_accessible(page)
    shoot(page, "keys")
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    page.keyboard.press("?")
    listed.get_by_label("Keys of one letter work for me").uncheck()
    listed.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Keys are off.")).to_be_visible()
    for key in "gin?":
        page.keyboard.press(key)
    expect(listed).to_be_hidden()
    assert page.url.endswith("/orders/")


def test_rows_are_typed_kept_mended_and_added_by_keyboard(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("buyer@harbor.example")
    page.goto("/quick-order/")
    page.locator("#grid input").first.focus()
    for row in (("fst10001", "24", ""), ("FST-1O001", "6", ""), ("PLB-30001", "12", "")):
        type_row(page, *row)
    expect(page.locator("#summary")).to_contain_text("2 rows")
    expect(page.locator("#summary").locator(".bad")).to_have_text("1")
    expect(page.locator("#grid tr")).to_have_count(5)
    page.reload()
    assert [str(row) for row in QuickRow.objects.all()] == ["fst10001 24", "FST-1O001 6", "PLB-30001 12"]
    first = page.locator("#grid tr").first
    expect(first).to_contain_text("No item has the code FST-1O001")
    guess = first.get_by_role("button", name="Use FST-10001")
    guess.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#summary")).to_contain_text("3 rows")
    page.locator("#grid input").first.focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/cart/")
    held = {line.item.sku: line.quantity for line in DraftLine.objects.select_related("item")}
    assert held == {"FST-10001": 30, "PLB-30001": 12}
    assert not QuickRow.objects.exists()


def test_a_row_can_be_removed_as_soon_as_it_is_saved_and_is_red_only_while_it_is_wrong(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("buyer@harbor.example")
    page.goto("/quick-order/")
    page.locator("#grid input").first.focus()
    type_row(page, "NOPE-1", "3", "")
    code, colour = (
        page.locator("#grid input").first,
        "getComputedStyle(document.querySelector('#grid .code')).borderColor",
    )
    expect(page.get_by_role("button", name="Remove NOPE-1")).to_be_visible()
    red = page.evaluate(colour)
    code.fill("PLB-30001")
    code.press("Enter")
    remove = page.get_by_role("button", name="Remove PLB-30001")
    expect(remove).to_be_visible()
    assert page.evaluate(colour) != red
    remove.click()
    expect(page.locator("#grid input").first).to_have_value("")
    assert not QuickRow.objects.exists()


def test_there_is_always_an_empty_row_and_a_block_of_cells_is_read_at_once(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("buyer@harbor.example", viewport=PHONE)
    page.goto("/quick-order/")
    for at in range(6):
        page.locator("#grid tr").nth(at).locator("input").first.fill(f"CODE-{at}")
    expect(page.locator("#grid tr")).to_have_count(7)
    expect(page.locator("#grid tr").last.locator("input").first).to_have_value("")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text", "FST-10001\\t24\\nPLB-30001\\t2\\tEA\\n");
            const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.querySelector("#grid tr:last-child input").dispatchEvent(paste);
        }"""
    )
    page.wait_for_url("**/quick-order/")
    expect(page.locator("#messages")).to_contain_text("2 rows read")
    kept = [str(row) for row in QuickRow.objects.all()]
    assert kept[-2:] == ["FST-10001 24", "PLB-30001 2 EA"]


def test_a_slow_save_keeps_the_order_of_typing_and_never_comes_behind_the_cart(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("buyer@harbor.example")
    page.goto("/quick-order/")
    saves: list[Route] = []
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if "/save/" in request.url else None)
    page.route("**/quick-order/save/", lambda route: route.continue_() if saves else saves.append(route))
    page.locator("#grid input").first.focus()
    with page.expect_request("**/quick-order/save/"):
        type_row(page, "FST-10001", "24", "")
    type_row(page, "PLB-30001", "12", "")
    assert [row.url for row in sent] == [saves[0].request.url], "the others wait for their turn"
    page.get_by_role("button", name="Add to the cart").click()
    saves[0].continue_()
    page.wait_for_url("**/cart/")
    held = {line.item.sku: line.quantity for line in DraftLine.objects.select_related("item")}
    assert held == {"FST-10001": 24, "PLB-30001": 12}
    assert not QuickRow.objects.exists()


def test_what_is_not_saved_yet_is_taken_along_by_a_link(
    cast: Cast, synced: SandboxProcess, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("buyer@harbor.example")
    page.goto("/quick-order/")
    saves: list[Route] = []
    page.route(
        "**/quick-order/save/",
        lambda route: route.continue_() if route.request.resource_type == "ping" else saves.append(route),
    )
    page.locator("#grid input").first.focus()
    for row in (("FST-10001", "24", ""), ("PLB-30001", "12", "")):
        type_row(page, *row)
    page.get_by_role("link", name="Cart").first.click()
    page.wait_for_url("**/cart/")
    while QuickRow.objects.count() < 2:  # it comes by itself, and no page waits for it
        page.wait_for_timeout(20)
    page.goto("/quick-order/")
    expect(page.locator("#summary")).to_contain_text("2 rows")
    assert [str(row) for row in QuickRow.objects.all()] == ["FST-10001 24", "PLB-30001 12"]
    assert len(saves) == 1, "the first alone was sent, and it never arrived"

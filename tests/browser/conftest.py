"""Chromium with the site's own policy in force: a page that breaks it fails its test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

from distportal.accounts.seeds import DEMO_PASSWORD

PHONE = {"width": 390, "height": 844}
# The first draws no windows and so asks for a quarter less of the machine; it gives the same pages.
CHROMIUMS = ("chromium-headless-shell", "chromium", "google-chrome")
DESK = {"width": 1360, "height": 900}
# What fits depends on the width alone and contrast on the colours alone: two looks cover all four.
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": DESK, "color_scheme": "light"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
}
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}

Check = Callable[[Page, dict[str, str]], None]
"""Looks at pages, by name and address, and fails with what is wrong of each."""
A_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""What watches sizes on a page is told of a new one with its next frame."""
DARKEN = "dark => document.documentElement.classList.toggle('dark', dark)"
AXE_SCRIPT: str = Axe().axe_script

# Playwright's loop runs in this thread, and Django would refuse the ORM beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """The machine's Chromium. On a machine without one these tests are left out, in CI they fail."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip("no Chromium here: install Debian's chromium or chromium-headless-shell, or set CHROMIUM")
    playwright: Playwright = request.getfixturevalue("playwright")  # its driver starts only where there is a browser
    browser = playwright.chromium.launch(
        executable_path=found, headless=True, args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
    yield browser
    browser.close()


@pytest.fixture
def site(live_server: Any) -> str:
    """Where the site under test answers."""
    return str(live_server.url)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about (policy violations, script errors); must be empty when a test ends."""
    return []


@pytest.fixture
def open_page(chromium: Browser, site: str, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """`open_page(viewport=PHONE, color_scheme="dark")` gives a page of its own context; complaints fail the test."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = chromium.new_context(base_url=site, **{"viewport": DESK, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note(message, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def signed_in(open_page: Callable[..., Page], site: str) -> Callable[..., Page]:
    """`signed_in("buyer@harbor.example")` signs in through the form and gives the page that came."""

    def sign_in(email: str, **options: Any) -> Page:
        page = open_page(**options)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{site}/")
        return page

    return sign_in


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fails with axe's findings (WCAG 2.2 A and AA) of the page as it stands."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        found = page.evaluate("options => axe.run(options).then(found => found.violations)", AXE_OPTIONS)
        told = [f"{v['id']}: {[node['target'] for node in v['nodes']]}" for v in found]
        assert told == [], "\n".join(told)

    return check


@pytest.fixture
def assert_fits() -> Callable[[Page], None]:
    """Fails where the page scrolls sideways, and on a desk where a table does: its amounts would be out of sight."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0, f"{page.url} is {over} px too wide"
        if (page.viewport_size or DESK)["width"] >= DESK["width"]:
            tables = page.evaluate(
                "[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth - e.clientWidth).filter(n => n > 0)"
            )
            assert tables == [], f"{page.url} has tables that are {tables} px too wide"

    return check


@pytest.fixture
def check_pages(
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
) -> Check:
    """Fails with all pages, by name, that do not fit or that axe objects to, in any of `LOOKS`; each loads once."""

    def check(page: Page, addresses: dict[str, str]) -> None:
        bad = []
        for name, address in addresses.items():
            page.goto(address)
            for look, options in LOOKS.items():
                page.set_viewport_size(options["viewport"])
                page.emulate_media(color_scheme=options["color_scheme"], reduced_motion="reduce")  # no half-way colours
                if "/admin/" in address:  # its theme looks at the scheme when it loads, and then no more
                    page.evaluate(DARKEN, options["color_scheme"] == "dark")
                page.evaluate(A_FRAME)
                shoot(page, f"{name}-{look}")
                for assert_good in (assert_fits, assert_accessible):
                    try:
                        assert_good(page)
                    except AssertionError as error:
                        bad.append(f"{name}, {look}: {error}")
        assert bad == [], "\n".join(bad)

    return check


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a screenshot in $SCREENSHOTS, where that is set."""

    def keep(page: Page, name: str) -> None:
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            page.screenshot(path=str(Path(folder) / f"{request.node.name}-{name}.png"), full_page=True)

    return keep


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    # A page that was asked for because it fails (404, 403) is reported as a console error too; that one is wanted.
    if message.type == "error" and "the server responded with a status of" not in message.text:
        complaints.append(message.text)

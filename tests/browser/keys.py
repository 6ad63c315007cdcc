"""Keys as a person presses them: on a page that is there, with the scripts that listen to them."""

from __future__ import annotations

from playwright.sync_api import Page


def press(page: Page, *keys: str) -> None:
    """One after the other. What a page says can be read before its scripts run, and a key until then is lost."""
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)

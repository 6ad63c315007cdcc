"""Notifications in Chromium: the bell, the grid and the preview of mails, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from distportal.notices.kinds import Told, notice_kind
from distportal.notices.telling import tell
from tests.browser.conftest import PHONE
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KINDS = ("order.held", "order.repromised", "order.shipped", "order.accepted")


def test_what_happened_is_read_and_chosen_by_keyboard_on_desk_and_phone(
    signed_in: Callable[..., Page], cast: Cast, assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None], shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    for key in KINDS:
        kind = notice_kind(key)
        assert kind
        told = Told(account=cast.harbor, facts=kind.sample, path="/orders/", people=[cast.buyer])
        tell(kind=key, key="1", told=told)
    desk = signed_in(cast.buyer.email)
    desk.get_by_role("link", name="Notifications: 4 unread").click()
    assert_accessible(desk)
    assert_fits(desk)
    shoot(desk, "notices-inbox")
    desk.get_by_role("button", name="Mark as read: Order SO-1042 (PO PO-7781) is accepted").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("link", name="Notifications: 3 unread")).to_be_visible()

    phone = signed_in(cast.buyer.email, viewport=PHONE, color_scheme="dark")
    phone.goto("/notifications/")
    assert_accessible(phone)
    assert_fits(phone)
    shoot(phone, "notices-inbox-phone-dark")
    phone.goto("/notifications/settings/")
    assert_accessible(phone)
    assert_fits(phone)
    shoot(phone, "notices-grid-phone-dark")

    desk.goto("/notifications/settings/")
    assert_accessible(desk)
    shoot(desk, "notices-grid")
    desk.get_by_label("Order accepted: At once").focus()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Your choices are saved.")).to_be_visible()
    expect(desk.get_by_label("Order accepted: Off")).to_be_checked()


def test_every_mail_is_shown_to_staff_as_its_readers_see_it(
    signed_in: Callable[..., Page], cast: Cast, assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None], shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    page = signed_in(cast.agent.email)
    page.goto("/notifications/mails/?mail=digest")
    frame = page.frame_locator("iframe.mail")
    expect(frame.get_by_role("heading", name="Your daily digest: 137 notifications")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    shoot(page, "mails-digest")
    dark = signed_in(cast.agent.email, viewport=PHONE, color_scheme="dark")
    dark.goto("/notifications/mails/order.held.html")
    assert_accessible(dark)
    assert_fits(dark)
    shoot(dark, "mail-held-phone-dark")
    dark.goto("/notifications/mails/?mail=order.held")
    assert_accessible(dark)
    assert_fits(dark)
    shoot(dark, "mails-phone-dark")

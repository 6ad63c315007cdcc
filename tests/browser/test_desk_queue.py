"""The queue by keyboard, wide and narrow: move, choose, take, open, group by cause; what the keys do is listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from distportal.common.redis_client import cache_redis
from exceptions.models import Case
from exceptions.process.cases import claim_case, open_case
from exceptions.process.presence import look_at
from exceptions.process.saved_views import save_view
from tests.browser.conftest import PHONE
from tests.browser.keys import press
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SENTENCES = (
    ("order.price_differs", "Line 1: the buyer asks $9.99, our price is $0.48", Decimal("12400.00")),
    ("order.unit_unknown", "Line 3: unit CTN is not one FST-10001 is sold in", Decimal("800.00")),
    ("edi.ack_overdue", "Crestline has not acknowledged 856-000000042.edi within 24 hours", Decimal(0)),
)


def fill(cast: Cast) -> list[Case]:
    """Three cases: one far ahead in money and of somebody, one of Harbor that is looked at, one without a dealer."""
    soon = timezone.now() + dt.timedelta(hours=30)
    made = [
        open_case(
            kind=kind, code="held", subject_type="thing", subject_id=str(n), sentence=sentence, amount=amount,
            account=cast.harbor if amount else None, reference=f"SO-10{n} · PO 471{n}" if amount else "",
            cutoff_at=soon if n == 0 else None,
        )
        for n, (kind, sentence, amount) in enumerate(SENTENCES)
    ]  # fmt: skip
    claim_case(case_id=made[0].pk, user=cast.finance, version=1)
    cache_redis().flushdb()
    look_at(case_id=made[1].pk, user=cast.finance2)
    save_view(user=cast.agent, name="Harbor's", query="account=HARBOR", shared=True)
    return made


def test_the_queue_is_worked_by_keyboard(
    signed_in: Callable[..., Page], cast: Cast, assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None], shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    made = fill(cast)
    page = signed_in(cast.agent.email)
    page.goto("/desk/")
    shoot(page, "queue")
    assert_accessible(page)
    assert_fits(page)
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert_accessible(page)
    press(page, "Escape", "j")
    expect(page.get_by_role("link", name=f"{made[0]} Price differs")).to_be_focused()
    press(page, *"jxjx")
    expect(page.get_by_label(f"Choose {made[1]}")).to_be_checked()
    expect(page.get_by_label(f"Choose {made[2]}")).to_be_checked()
    press(page, "k", "c")
    expect(page.get_by_text(f"{made[1]} is yours now")).to_be_visible()
    press(page, "n")
    page.wait_for_url(f"**/desk/{made[2].number}/")
    shoot(page, "case")
    assert_accessible(page)
    assert_fits(page)
    press(page, "m")
    expect(page.get_by_label("Note for colleagues")).to_be_focused()
    page.goto("/desk/?group=cause")
    assert_accessible(page)
    assert_fits(page)
    shoot(page, "causes")
    press(page, "j", "Enter")
    expect(page.get_by_text("Of one cause")).to_be_visible()
    assert set(Case.objects.filter(owner=cast.agent)) == {made[1], made[2]}

    phone = signed_in(cast.agent.email, viewport=PHONE, color_scheme="dark")
    for name, address in (
        ("queue", "/desk/"),
        ("causes", "/desk/?group=cause"),
        ("runbook", "/desk/runbooks/order.held/"),
        ("case", f"/desk/{made[1].number}/"),
    ):
        phone.goto(address)
        assert_accessible(phone)
        assert_fits(phone)
        shoot(phone, f"{name}-phone-dark")
    phone.goto("/desk/")
    phone.get_by_label(f"Choose {made[1]}").check()
    phone.get_by_label("With many").select_option("snooze")
    phone.get_by_role("button", name="Choose the ticked").click()
    expect(phone.get_by_role("heading", name="Snooze: 1 case")).to_be_visible()
    assert_accessible(phone)
    assert_fits(phone)
    shoot(phone, "bulk-phone-dark")


def listed(page: Page) -> list[str]:
    """The keys that the list shows, of those that only this page has."""
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    shown = page.locator("#keys dl.facts:not([data-here]) dt:visible").all_inner_texts()
    press(page, "Escape")
    return [key for row in shown for key in row.split() if len(key) == 1]


def test_the_list_of_keys_has_what_the_page_has_and_each_of_them_works(
    signed_in: Callable[..., Page], cast: Cast
) -> None:
    made = fill(cast)
    page = signed_in(cast.agent.email)
    page.goto("/desk/")
    assert listed(page) == ["j", "k", "x", "c", "n", ".", "/", "?"]
    press(page, "/")
    expect(page.get_by_label("Case, order, PO")).to_be_focused()
    page.goto("/desk/?group=cause")
    assert listed(page) == ["j", "k", "n", ".", "/", "?"]
    page.goto(f"/desk/{made[2].number}/")
    assert listed(page) == ["c", "n", "r", "m", ".", "?"]
    press(page, ".")
    expect(page.locator("#messages")).to_contain_text(f"/desk/{made[2].number}/")
    press(page, "c")
    expect(page.locator("#messages")).to_contain_text(f"{made[2]} is yours now")
    assert Case.objects.get(pk=made[2].pk).owner == cast.agent
    assert listed(page) == ["n", "r", "m", ".", "?"]

"""The partner pages as people see them, and how many clicks a stranger is away from a test order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from distportal.events.clock import database_now
from edi.models import DeadlineRule, DueDocument, Onboarding, TradingPartner
from edi.process.agreeing import agree_sets
from edi.process.deadlines import watch_deadlines
from edi.process.going_live import go_live
from edi.process.onboarding import start_onboarding
from tests.browser.conftest import Check
from tests.conftest import Cast
from tests.edi.conftest import Post, brightway, catalogue, crestline, edi_root
from tests.edi.process.texts import group, po, whole
from tests.mappings import mapped
from tests.sandbox import SandboxProcess

__all__ = ["brightway", "catalogue", "crestline", "edi_root"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAMPLE = whole(group(po(), po("0002", "PO-10", unit="CS")), sender="NEWBUYER", usage="T")
STRANGE = SAMPLE.replace(b"NEWBUYER", b"STRANGER").replace(b"BEG*00*SA*PO-9", b"BEG*ZZ*SA*PO-9").replace(b"VN*", b"ZZ*")


@pytest.fixture
def addresses(request: pytest.FixtureRequest, cast: Cast, synced: SandboxProcess) -> dict[str, str]:
    """One page of every kind, with good and bad things on it."""
    live: Post = request.getfixturevalue("crestline")
    tested: Post = request.getfixturevalue("brightway")
    fill_live(live)
    fill_test(tested, cast)
    start_onboarding(files={"orders.edi": STRANGE, "stock.edi": SAMPLE.replace(b"850", b"852")}, by="agent")
    strange = reverse("edi:samples", args=[Onboarding.objects.get().pk])
    return {
        "partners": reverse("edi:partners"),
        "partners-none": reverse("edi:partners") + "?q=zzz",
        "live": reverse("edi:partner", args=["CRESTLINE"]),
        "test": reverse("edi:partner", args=["BRIGHTWAY"]),
        "new": reverse("edi:new_partner"),
        "samples": strange,
        "try": f"{strange}try/?account=CRESTLINE",
        "import": reverse("edi:import_partner"),
    }


def fill_live(post: Post) -> None:
    """A live partner with agreements of its own, a missed deadline and one at risk."""
    options: dict[str, Any] = {"price_tolerance": "1.5", "neighbours": True, "item_qualifiers": ["UP", "VN"]}
    agree_sets(partner=post.partner, direction="in", set_ids=["850"], error_policy="reject_group", options=options)
    mapped("partner:CRESTLINE", "unit", "CS", "CA")
    mapped("partner:CRESTLINE", "ship_to", "STORE-0233", "0233")
    for set_id in ("997", "855"):
        DeadlineRule.objects.create(
            partner=post.partner, set_id=set_id, counted_from="received", hours=Decimal(24), fee_kind="percent",
            valid_from=dt.date(2026, 1, 1), fee_amount=Decimal("2.5"), fee_minimum=Decimal(100),
            source="Vendor guide of January 2026, page 14",
        )  # fmt: skip
    post.take(post.order(("FST-10001", "100", "0.40"), po="CR-77"))
    for number in ("CR-78", "CR-79"):
        post.take(post.order(("FST-10001", "100", "9.40"), po=number))
    watch_deadlines()
    now = database_now()
    late, near = DueDocument.objects.filter(set_id="855", state="open")
    DueDocument.objects.filter(pk=late.pk).update(due_at=now - dt.timedelta(hours=1))
    DueDocument.objects.filter(pk=near.pk).update(due_at=now + dt.timedelta(hours=2), warn_at=now)
    watch_deadlines()


def fill_test(post: Post, cast: Cast) -> None:
    """A partner that went live too early and came back, with a test that passed and one that failed."""
    go_live(partner_id=_in_test(post), user=cast.agent, reason="They were live with us before", override=True)
    _in_test(post)
    post.partner.refresh_from_db()
    post.take(post.order(("FST-10001", "100", "0.40"), po="BT-1"))
    post.take(post.order(("FST-10001", "100", "0.40"), po="BT-2").replace(b"BEG*00", b"BEG*01"))
    post.take(post.order(("HTL-40002", "60", ""), ("NO-SUCH", "1", "1.00"), po="BT-3"))


def _in_test(post: Post) -> int:
    TradingPartner.objects.filter(pk=post.partner.pk).update(usage="T")
    return post.partner.pk


def test_every_page_fits_and_can_be_read_by_everybody(
    signed_in: Callable[..., Page],
    check_pages: Check,
    addresses: dict[str, str],
) -> None:
    check_pages(signed_in("agent@northline.example"), addresses)


def test_from_a_strangers_sample_to_its_first_accepted_test_order_in_few_clicks(
    signed_in: Callable[..., Page], cast: Cast, catalogue: object, edi_root: object
) -> None:
    page = signed_in("agent@northline.example")
    clicks = 0

    def click(name: str, role: Any = "button") -> None:
        nonlocal clicks
        page.get_by_role(role, name=name, exact=True).first.click()
        clicks += 1

    click("Partners", "link")
    click("New partner", "link")
    sample = whole(group(po()), sender="NEWBUYER", usage="T")
    page.get_by_label("Sample files").set_input_files({"name": "po.edi", "mimeType": "text/plain", "buffer": sample})
    click("Read samples")
    page.get_by_role("heading", name="Samples of ZZ NEWBUYER").wait_for()
    page.get_by_label("Account", exact=True).select_option("CRESTLINE")
    page.get_by_label("Name", exact=True).fill("New Buyer")
    clicks += 2  # the file dialogue and the list of accounts
    click("Create in test")
    page.get_by_text("was created in test").wait_for()
    click("Try the sample orders", "link")
    page.get_by_text("The order would be accepted.").wait_for()
    assert clicks <= 8
    partner = TradingPartner.objects.get(code="NEWBUYER")
    post = Post(partner)
    post.take(sample, "first.edi")
    page.goto(reverse("edi:partner", args=["NEWBUYER"]))
    page.get_by_text("1 of 7 passed").wait_for()
    assert len(post.sets("855")) == 1


def test_going_live_is_a_switch_with_a_name(signed_in: Callable[..., Page], addresses: dict[str, str]) -> None:
    page = signed_in("agent@northline.example")
    page.goto(addresses["test"])
    page.get_by_label("Why").fill("Certified by their team")
    page.get_by_role("button", name="Go live").click()
    page.get_by_text("must be passed first").wait_for()
    page.get_by_label("Why").fill("Certified by their team")
    page.get_by_label("Go live without them").check()
    page.get_by_role("button", name="Go live").click()
    page.get_by_text("is live: its production documents book").wait_for()
    page.get_by_text("agent@northline.example>", exact=False).first.wait_for()

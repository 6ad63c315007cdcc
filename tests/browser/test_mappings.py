"""Code mappings in Chromium: every page fits and can be read, a row is changed where it stands, one press goes on."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from distportal.events.sweeper import work_until_idle
from distportal.systems.mapping.models import CrossReference, MissingCode, TableUpload
from orders.models import Order
from orders.process.intake import place_order
from orders.process.notes import write_note
from tests.browser.conftest import Check
from tests.mappings import mapped
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HARBOR = "account:HARBOR"
TABLE = b"kind,theirs,ours\nunit,CSE,CA\nunit,KAR,CT\nunit,X,QQ\n"


@pytest.fixture
def held(synced: SandboxProcess) -> Order:
    """An order waits for a unit; two codes are mapped, one with a last day, and a file is looked at."""
    wanted = asked(("FST-10001", "2", "CS", None), po="PO-1", channel="api")
    order = place_order(order=wanted, source_key=f"t:{uuid.uuid4()}").order
    mapped(HARBOR, "unit", "KAR", "CA", reason="their guide of January, page 12")
    mapped("erp:default", "carrier", "Z-UPS-GROUND", "UPSN", valid_until="2030-12-31")
    TableUpload.objects.create(name="units.csv", content=TABLE, scope=HARBOR)
    write_note(account=order.account, order=order, text="Wants a call", author="Dana", source="crm", source_key="t:1")
    return order


def test_every_page_fits_and_can_be_read_by_everybody(
    signed_in: Callable[..., Page],
    check_pages: Check,
    held: Order,
) -> None:
    row = CrossReference.objects.filter(scope=HARBOR).get()
    addresses = {
        "missing": "/mappings/missing/",
        "code": f"/mappings/missing/{MissingCode.objects.get().pk}/",
        "table": "/mappings/",
        "edit": f"/mappings/?edit={row.pk}",
        "none": "/mappings/?q=zzz",
        "import": "/mappings/import/",
        "preview": f"/mappings/import/{TableUpload.objects.get().pk}/",
        "notes": f"/orders/{held.number}/",
    }
    check_pages(signed_in("operator@northline.example"), addresses)


def test_a_row_is_changed_in_place_and_a_suggestion_lets_the_order_go_on(
    signed_in: Callable[..., Page], held: Order
) -> None:
    page = signed_in("agent@northline.example")
    page.goto("/mappings/?q=KAR")
    page.get_by_role("link", name="Change KAR").click()
    row = page.locator("tr").filter(has=page.locator("input[name=ours]"))
    row.get_by_label("Ours").fill("CT")
    row.get_by_role("button", name="Save").click()
    page.get_by_text("Unit KAR is our CT from now on").wait_for()
    assert page.url.endswith("/mappings/?q=KAR")
    page.get_by_role("link", name="See what waits").click()
    page.get_by_role("link", name="CS", exact=True).click()
    page.get_by_role("button", name="BX box, FST-10001 is sold so").click()
    page.get_by_text("Unit CS is BX from now on").wait_for()
    work_until_idle()
    held.refresh_from_db()
    assert held.status == "confirmed"

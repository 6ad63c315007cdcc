"""Who leads the desk finds the cause that is worth fixing where it comes from, and an outage is one note, not many."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from distportal.observability.actor import acting
from exceptions.choices import Resolution
from exceptions.models import Incident
from exceptions.process.cases import claim_case, open_case, resolve_case
from exceptions.process.incidents.watching import watch_incidents
from tests.browser.conftest import PHONE
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill(cast: Cast) -> str:
    """Three dealers' orders stop at the same unit, one was settled; many others are single. The key of the repeat."""
    made = [
        open_case(
            kind="order.unit_unknown" if n < 3 else "order.price_differs", code="held", subject_type="order",
            subject_id=str(n), sentence="Line 1 stops", amount=Decimal(4000 if n < 3 else 900), account=cast.harbor,
            data={"cause": "FST-10001 CTN" if n < 3 else f"PLU-{n}"},
        )
        for n in range(8)
    ]  # fmt: skip
    for row in made[:5]:
        claim_case(case_id=row.pk, user=cast.agent, version=1)
    with acting(cast.agent.email):
        resolve_case(case_id=made[0].pk, resolution=Resolution.BY_HAND, reason="told the buyer")
    return made[0].group_key


def test_a_supervisor_finds_the_repeat_cause(
    signed_in: Callable[..., Page], cast: Cast, assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None], shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    key = fill(cast)
    page = signed_in("operator@northline.example")
    page.goto("/desk/")
    page.get_by_role("link", name="How it stands").click()
    page.get_by_role("link", name="7 days").click()
    page.wait_for_url("**/supervisor/?days=7")
    shoot(page, "supervisor")
    assert_accessible(page)
    assert_fits(page)
    row = page.get_by_role("row").filter(has_text=key)
    expect(row).to_contain_text("$12,000.00")
    page.get_by_role("link", name="By hours in hand").click()
    expect(row).to_have_count(1)
    row.get_by_role("link", name="2", exact=True).click()
    expect(page.get_by_text(f"Of one cause: {key}")).to_be_visible()
    expect(page.get_by_text("Line 1 stops")).to_have_count(2)

    phone = signed_in("operator@northline.example", viewport=PHONE, color_scheme="dark")
    phone.goto("/desk/supervisor/?days=30")
    phone.get_by_text("The figures as a table").click()
    expect(phone.get_by_role("columnheader", name="Came")).to_be_visible()
    shoot(phone, "supervisor-phone-dark")
    assert_accessible(phone)
    assert_fits(phone)


def test_an_outage_is_one_incident_on_the_desk(
    signed_in: Callable[..., Page], cast: Cast, assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None], shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    for n in range(4):
        open_case(
            kind="dead.job", code="dead", subject_type="job", subject_id=str(n), amount=Decimal(3000),
            sentence="orders.send was given up: the ERP could not be reached", account=cast.harbor,
            data={"kind": "orders.send", "lane": "erp_write"},
        )  # fmt: skip
    watch_incidents()
    row = Incident.objects.get()
    phone = signed_in(cast.agent.email, viewport=PHONE, color_scheme="dark")
    page = signed_in(cast.agent.email)
    for name, address in (("queue", "/desk/"), ("incident", f"/desk/incidents/{row.pk}/"),
                          ("incidents", "/desk/incidents/"), ("alerts", "/desk/alerts/")):  # fmt: skip
        for look, at in (("", page), ("-phone-dark", phone)):
            at.goto(address)
            shoot(at, name + look)
            assert_accessible(at)
            assert_fits(at)
    page.get_by_label("Incidents: ERP").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("you hear of 1 topic")).to_be_visible()
    page.goto("/desk/")
    page.get_by_role("link", name="4 cases").click()
    expect(page.get_by_text("the ERP could not be reached")).to_have_count(4)

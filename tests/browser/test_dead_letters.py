"""An operator settles what many dead letters have in common: filter, dry run, reason, rate, result; wide and narrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from distportal.events.errors import GiveUp
from distportal.events.jobs import enqueue_job
from distportal.events.sweeper import work_lane
from exceptions.models import BulkRun
from exceptions.process.bulk.paced import work_paced
from tests.browser.conftest import PHONE
from tests.conftest import Cast
from tests.events import kinds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def broken(payload: Mapping[str, Any]) -> None:
    raise GiveUp("the share is not mounted" if payload["_key"] != "other" else "the row is locked")


def test_an_operator_tries_again_what_had_one_cause(
    signed_in: Callable[..., Page], cast: Cast, assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None], shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    kinds.forget()
    kinds.behaviour["work"] = broken
    for key in ("a", "b", "other"):
        enqueue_job("test.work", key=key)
    work_lane("bulk")
    kinds.forget()
    page = signed_in("operator@northline.example")
    phone = signed_in("operator@northline.example", viewport=PHONE, color_scheme="dark")
    page.get_by_role("navigation").get_by_role("link", name="Dead letters").click()
    phone.goto("/desk/dead/")
    for name, at in (("dead-letters", page), ("dead-letters-phone-dark", phone)):
        expect(at.get_by_role("row").filter(has_text="the share is not mounted")).to_have_count(2)
        shoot(at, name)
        assert_accessible(at)
        assert_fits(at)
    page.get_by_label("Error says").fill("not mounted")
    page.keyboard.press("Enter")
    expect(page.get_by_text("the row is locked")).to_have_count(0)
    page.get_by_label("With many").select_option("reprocess")
    page.get_by_role("button", name="Choose all that fit").click()
    expect(page.get_by_text("2 would be tried again")).to_be_visible()
    phone.goto(page.url)
    for name, at in (("redrive", page), ("redrive-phone-dark", phone)):
        shoot(at, name)
        assert_accessible(at)
        assert_fits(at)
    page.get_by_label("How many a minute").fill("600")
    page.get_by_label("Why", exact=True).fill("the share is mounted again")
    page.get_by_role("button", name="Re-process: 2 cases").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    shoot(page, "redrive-paused")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Go on").click()
    run = BulkRun.objects.get()
    while (work_paced(run_id=run.pk) or 0) > 0:
        work_lane("bulk")
    work_lane("bulk")
    page.reload()
    expect(page.get_by_text("it was tried again and succeeded")).to_have_count(2)
    page.goto("/desk/dead/")
    expect(page.get_by_text("the share is not mounted")).to_have_count(0)
    expect(page.get_by_text("the row is locked")).to_be_visible()

"""A dealer withdraws a claim by the page: before anybody decided, by who may dispute, once."""

from __future__ import annotations

import pytest

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.events.sweeper import work_until_idle
from orders.models import Dispute
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.disputes.conftest import Opens
from tests.orders.disputes.test_deciding import open_cases

pytestmark = pytest.mark.django_db


def test_withdrawn_by_the_page_it_claims_nothing_and_no_case_is_left(cast: Cast, opens: Opens) -> None:
    row, buyer = opens("12"), signed_in(cast.buyer)
    address = f"/disputes/{row.number}/"
    assert "Withdraw the dispute" in main_of(buyer.get(address).content.decode())
    assert open_cases() == ["dispute"]
    page = buyer.post(f"{address}withdraw/", {"reason": "Found the pallet"}, follow=True).content.decode()
    assert "The dispute is withdrawn; the invoice is due as it was billed." in page
    assert "Withdraw the dispute" not in main_of(page)
    row.refresh_from_db()
    last = row.entries.order_by("pk").last()
    assert last
    assert (row.status, last.action, last.text) == ("withdrawn", "withdrawn", "Found the pallet")
    work_until_idle()
    assert open_cases() == []


def test_without_a_reason_the_story_says_whose_step_it_was(cast: Cast, opens: Opens) -> None:
    row = opens("12")
    signed_in(cast.buyer).post(f"/disputes/{row.number}/withdraw/")
    last = row.entries.order_by("pk").last()
    assert last
    assert last.text == "The dealer claims it no longer."


def test_what_is_decided_or_gone_already_stays_as_it_is(cast: Cast, opens: Opens) -> None:
    row, buyer = opens("12"), signed_in(cast.buyer)
    buyer.post(f"/disputes/{row.number}/withdraw/")
    entries = row.entries.count()
    page = buyer.post(f"/disputes/{row.number}/withdraw/", follow=True).content.decode()
    assert "be withdrawn" in page
    assert row.entries.count() == entries


def test_who_may_not_dispute_may_not_withdraw(cast: Cast, opens: Opens) -> None:
    row = opens("12")
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    viewer = signed_in(cast.buyer)
    assert "Withdraw the dispute" not in viewer.get(f"/disputes/{row.number}/").content.decode()
    assert viewer.post(f"/disputes/{row.number}/withdraw/").status_code == 403
    assert signed_in(cast.stranger).post(f"/disputes/{row.number}/withdraw/").status_code == 404
    assert Dispute.objects.get().status == "submitted"

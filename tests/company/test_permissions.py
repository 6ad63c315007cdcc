"""One table says what a role may do; processes ask it as pages do, and so does the navigation."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from distportal.accounts.choices import AccountKind, Role
from distportal.accounts.models import Account, Membership, ShipTo, User
from distportal.accounts.permissions import ON_BEHALF, ROLES, Act
from distportal.accounts.standing import acts_of, require_act, standings_of
from distportal.common.errors import NotAllowed
from orders.choices import DisputeReason
from orders.models import Dispute, Order
from orders.process.disputes import open_dispute
from orders.process.drafts import open_draft
from orders.process.submitting import submit_cart
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def made(cast: Cast, role: Role) -> User:
    Membership.objects.filter(user=cast.buyer).update(role=role)
    return cast.buyer


def test_who_may_do_what_in_one_glance() -> None:
    may = {act: {str(role) for role in Role if act in ROLES[role]} for act in Act}
    everybody = {"admin", "approver", "buyer", "accounts", "viewer"}
    assert may[Act.VIEW_ORDERS] == may[Act.VIEW_PRICES] == may[Act.VIEW_INVOICES] == everybody
    assert may[Act.PLACE_ORDERS] == {"admin", "approver", "buyer"}
    assert may[Act.APPROVE_ORDERS] == {"admin", "approver"}
    assert may[Act.DISPUTE] == {"admin", "approver", "buyer", "accounts"}
    only_admin = {Act.MANAGE_USERS, Act.MANAGE_SHIP_TOS, Act.MANAGE_KEYS, Act.MANAGE_APPROVALS, Act.MANAGE_SECURITY}
    assert {act for act in Act if may[act] == {"admin"}} == only_admin | {Act.VIEW_SIGN_INS, Act.VIEW_EDI}
    assert ROLES[Role.BUYER] >= ON_BEHALF


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ACCOUNTS])
def test_whoever_may_not_order_places_nothing_by_any_road(role: Role, cast: Cast) -> None:
    person = made(cast, role)
    draft = open_draft(account=cast.harbor, user=person)
    place = ShipTo.objects.filter(account=cast.harbor).first()
    assert place
    with pytest.raises(NotAllowed) as refused:
        submit_cart(draft_id=draft.pk, account=cast.harbor, user=person, seen="")
    assert refused.value.data["act"] == "place_orders"
    form = {"token": str(draft.pk), "ship_to": str(place.pk), "po_number": "PO-9"}
    assert signed_in(person).post("/cart/place/", form).status_code == 403
    assert not Order.objects.exists()


def test_a_viewer_disputes_nothing(cast: Cast) -> None:
    person = made(cast, Role.VIEWER)
    with pytest.raises(NotAllowed):
        open_dispute(
            token=uuid.uuid4(), account=cast.harbor, invoice_id=uuid.uuid4(), reason=DisputeReason.PRICE, claims=[],
            note="", user=person,
        )  # fmt: skip
    assert not Dispute.objects.exists()


def test_a_stranger_and_somebody_taken_off_may_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        require_act(user=cast.stranger, account_id=cast.harbor.pk, act=Act.VIEW_ORDERS)
    Membership.objects.filter(user=cast.buyer).update(active=False)
    assert acts_of(cast.buyer, cast.harbor.pk) == frozenset()
    assert not Account.objects.visible_to(cast.buyer).exists()
    assert signed_in(cast.buyer).get("/orders/").status_code == 403


def test_staff_are_no_dealers_people(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        require_act(user=cast.agent, account_id=cast.harbor.pk, act=Act.PLACE_ORDERS)
    assert signed_in(cast.agent).get("/cart/").status_code == 403


def test_an_administrator_of_the_parent_is_one_of_its_children_and_others_are_not(cast: Cast) -> None:
    child = Account.objects.create(code="HARBOR-N", name="A Harbor North", kind=AccountKind.DEALER, parent=cast.harbor)
    assert [(s.account, s.role, s.by_parent) for s in standings_of(cast.colleague)] == [
        (child, "admin", True), (cast.harbor, "admin", False),
    ]  # fmt: skip
    assert [s.account for s in standings_of(cast.buyer)] == [cast.harbor]
    assert set(Account.objects.visible_to(cast.colleague)) == {child, cast.harbor}
    assert set(Account.objects.visible_to(cast.buyer)) == {cast.harbor}
    Membership.objects.create(user=cast.stranger, account=child, role=Role.ADMIN)
    assert cast.harbor not in [s.account for s in standings_of(cast.stranger)]


def test_the_navigation_offers_only_what_opens(cast: Cast) -> None:
    assert "/cart/" in signed_in(made(cast, Role.BUYER)).get("/").content.decode()
    page = signed_in(made(cast, Role.VIEWER)).get("/").content.decode()
    assert "/orders/" in page
    assert "/cart/" not in page


def test_the_help_page_says_what_the_table_says(cast: Cast) -> None:
    page = signed_in(made(cast, Role.ACCOUNTS)).get("/company/roles/")
    rows = {row["act"]: dict(row["cells"]) for row in page.context["rows"]}
    assert rows == {act: {role: act in ROLES[role] for role in Role} for act in Act}
    assert "You are Accounts payable at Harbor Hardware." in page.content.decode()


def test_limits_and_policy_are_stored_and_their_changes_kept(cast: Cast) -> None:
    row = Membership.objects.get(user=cast.buyer)
    assert (row.active, row.order_limit, row.daily_limit) == (True, None, None)
    row.order_limit = Decimal("500.00")
    row.save()
    assert row.events.order_by("pgh_id").last().order_limit == Decimal("500.00")  # type: ignore[attr-defined]
    assert row.updated_at.tzinfo is dt.UTC

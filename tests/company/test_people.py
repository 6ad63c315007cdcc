"""Roles, limits and who is let in: an administrator changes them, the last one stays, and a change counts at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from threading import Event
from time import sleep

import pytest
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User
from distportal.accounts.people import bring_back, change_member, take_off
from distportal.accounts.standing import standings_of
from distportal.common.errors import Conflict, DomainError, NotAllowed, NotFound
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def of(user: User, account: Account) -> Membership:
    return Membership.objects.get(user=user, account=account)


def test_an_administrator_gives_a_role_and_limits_and_the_history_says_who(cast: Cast) -> None:
    row, admin = of(cast.buyer, cast.harbor), signed_in(cast.colleague)
    form = {"role": "approver", "order_limit": "2500", "daily_limit": "", "monthly_limit": "9000"}
    assert admin.post(f"/company/people/{row.pk}/", form).headers["Location"] == "/company/people/"
    row.refresh_from_db()
    assert (row.role, row.order_limit, row.daily_limit) == ("approver", Decimal("2500.00"), None)
    assert row.monthly_limit == Decimal(9000)
    event = row.events.order_by("pgh_id").last()  # type: ignore[attr-defined]
    assert (event.role, event.pgh_context.metadata["actor"]) == ("approver", "admin@harbor.example")
    page = admin.get("/company/people/").content.decode()
    assert "$2,500.00" in page


def test_a_limit_below_zero_is_refused_beside_its_field_and_nothing_is_changed(cast: Cast) -> None:
    row = of(cast.buyer, cast.harbor)
    answer = signed_in(cast.colleague).post(f"/company/people/{row.pk}/", {"role": "viewer", "order_limit": "-1"})
    assert answer.status_code == 422
    assert 'id="id_order_limit_error"' in answer.content.decode()
    row.refresh_from_db()
    assert (row.role, row.order_limit) == ("buyer", None)


def test_people_of_another_company_are_not_there_and_their_rows_stay(cast: Cast) -> None:
    foreign, admin = cast.stranger.memberships.get(), signed_in(cast.colleague)
    for address, form in (
        (f"/company/people/{foreign.pk}/", {"role": "viewer"}),
        (f"/company/people/{foreign.pk}/remove/", {}),
        (f"/company/people/{foreign.pk}/restore/", {}),
    ):
        assert admin.post(address, form).status_code == 404, address
    with pytest.raises(NotFound):
        take_off(by=cast.colleague, account=cast.harbor, membership_id=foreign.pk)
    foreign.refresh_from_db()
    assert (foreign.role, foreign.active) == ("buyer", True)


def test_the_last_administrator_stays_one(cast: Cast) -> None:
    row, admin = of(cast.colleague, cast.harbor), signed_in(cast.colleague)
    for what, form in (("remove/", {}), ("", {"role": "viewer"})):
        page = admin.post(f"/company/people/{row.pk}/{what}", form, follow=True).content.decode()
        assert "is the last administrator of Harbor Hardware" in page
    row.refresh_from_db()
    assert (row.role, row.active) == ("admin", True)
    change_member(
        by=cast.colleague, account=cast.harbor, membership_id=of(cast.buyer, cast.harbor).pk, role=Role.ADMIN,
        order_limit=None, daily_limit=None,
    )  # fmt: skip
    take_off(by=cast.colleague, account=cast.harbor, membership_id=row.pk)
    with pytest.raises(NotAllowed):
        bring_back(by=cast.colleague, account=cast.harbor, membership_id=row.pk)


def test_somebody_taken_off_is_out_with_the_next_click_on_every_device(
    cast: Cast, typed_in: Callable[[User], Client]
) -> None:
    phone, desk, admin = typed_in(cast.buyer), typed_in(cast.buyer), signed_in(cast.colleague)
    assert UserSession.objects.filter(user=cast.buyer).count() == 2
    row = of(cast.buyer, cast.harbor)
    admin.post(f"/company/people/{row.pk}/remove/")
    for client in (phone, desk):
        answer = client.get("/orders/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/orders/")
    assert not UserSession.objects.filter(user=cast.buyer).exists()
    again = typed_in(cast.buyer)
    assert again.get("/orders/").status_code == 403
    admin.post(f"/company/people/{row.pk}/restore/")
    assert again.get("/orders/").status_code == 200


def test_who_has_another_company_keeps_it_and_their_session(cast: Cast, typed_in: Callable[[User], Client]) -> None:
    summit = cast.stranger.memberships.get().account
    Membership.objects.create(user=cast.buyer, account=summit, role=Role.VIEWER)
    client = typed_in(cast.buyer)
    signed_in(cast.colleague).post(f"/company/people/{of(cast.buyer, cast.harbor).pk}/remove/")
    page = client.get("/orders/")
    assert page.status_code == 200
    assert page.context["acting_for"] == summit


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_take_each_other_off_leave_one(cast: Cast) -> None:
    mine, theirs = of(cast.colleague, cast.harbor), of(cast.buyer, cast.harbor)
    Membership.objects.filter(pk=theirs.pk).update(role=Role.ADMIN)

    # As in their requests: what each may do was read before the other's change.
    cast.colleague.standing, cast.buyer.standing = standings_of(cast.colleague)[0], standings_of(cast.buyer)[0]

    def take(by: User, membership: Membership) -> str:
        try:
            take_off(by=by, account=cast.harbor, membership_id=membership.pk)
        except DomainError as error:
            return type(error).__name__
        return "done"

    outcomes = at_once(lambda: take(cast.colleague, theirs), lambda: take(cast.buyer, mine))
    assert sorted(outcomes) == ["NotAllowed", "done"]
    left = Membership.objects.filter(account=cast.harbor, role=Role.ADMIN, active=True)
    assert left.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_step_down_at_once_leave_one(cast: Cast) -> None:
    mine, theirs = of(cast.colleague, cast.harbor), of(cast.buyer, cast.harbor)
    Membership.objects.filter(pk=theirs.pk).update(role=Role.ADMIN)

    def step_down(by: User, membership: Membership) -> str:
        try:
            change_member(
                by=by, account=cast.harbor, membership_id=membership.pk, role=Role.BUYER, order_limit=None,
                daily_limit=None,
            )  # fmt: skip
        except Conflict:
            return "last"
        return "done"

    began = Event()

    def first() -> str:
        with transaction.atomic():
            outcome = step_down(cast.colleague, mine)
            began.set()
            sleep(0.5)  # the other one asks before this is committed
        return outcome

    def second() -> str:
        began.wait(10)
        return step_down(cast.buyer, theirs)

    assert at_once(first, second) == ["done", "last"]

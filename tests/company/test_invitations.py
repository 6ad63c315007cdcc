"""An invitation is one person's, once, for seven days; what became of it is said in plain words."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.invitations import accept_invitation, invitation_behind, invite_person, token_of
from distportal.accounts.models import Invitation, Membership, User
from distportal.common.errors import Conflict, DomainError, NotAllowed, NotFound
from distportal.events.sweeper import work_until_idle
from distportal.web.company.inviting import mail_invitation
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "quite-a-long-one-77"


def invited(cast: Cast, email: str = "new@harbor.example", role: Role = Role.ACCOUNTS) -> Invitation:
    return invite_person(by=cast.colleague, account=cast.harbor, email=email, role=role)


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"/join/\S+/", str(message.body))
    assert found
    return found[0]


def test_from_the_form_to_the_first_page(cast: Cast) -> None:
    admin = signed_in(cast.colleague)
    answer = admin.post("/company/people/invite/", {"email": "New@Harbor.example", "role": "accounts"}, follow=True)
    assert "new@harbor.example" in answer.content.decode()
    work_until_idle()
    [message] = mail.outbox
    assert message.to == ["new@harbor.example"]
    assert message.subject == "Harbor Hardware invites you to the Northline portal"
    assert len(message.alternatives) == 1  # type: ignore[attr-defined]
    guest, link = Client(), link_in(message)
    assert "You sign in as new@harbor.example" in guest.get(link).content.decode()
    assert Membership.objects.filter(user__email="new@harbor.example").count() == 0  # looking is not accepting
    answer = guest.post(link, {"name": "Nora New", "password": PASSWORD}, follow=True)
    assert "Welcome to Harbor Hardware." in answer.content.decode()
    row = Membership.objects.get(user__email="new@harbor.example")
    assert (row.account, row.role, row.user.name) == (cast.harbor, "accounts", "Nora New")
    assert guest.get("/invoices/").status_code == 200
    assert guest.get("/cart/").status_code == 403


def test_the_same_mail_leaves_once_and_none_for_what_was_withdrawn(cast: Cast) -> None:
    row = invited(cast)
    assert [mail_invitation(invitation_id=row.pk, nonce=row.nonce) for _ in range(2)] == [True, False]
    other = invited(cast, "other@harbor.example")
    signed_in(cast.colleague).post(f"/company/invitations/{other.pk}/withdraw/")
    assert mail_invitation(invitation_id=other.pk, nonce=other.nonce) is False
    assert len(mail.outbox) == 1


def test_a_link_is_good_once(cast: Cast) -> None:
    token = token_of(invited(cast))
    accept_invitation(token=token, name="Nora", password=PASSWORD)
    with pytest.raises(Conflict, match="used already"):
        accept_invitation(token=token, name="Eve", password=PASSWORD)
    page = Client().get(f"/join/{token}/")
    assert (page.status_code, "used already" in page.content.decode()) == (410, True)
    assert User.objects.filter(email="new@harbor.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_opened_twice_at_once_makes_one_person(cast: Cast) -> None:
    token = token_of(invited(cast))

    def accept() -> str:
        try:
            accept_invitation(token=token, name="Nora", password=PASSWORD)
        except DomainError as error:
            return type(error).__name__
        return "in"

    assert sorted(at_once(accept, accept)) == ["Conflict", "in"]
    assert Membership.objects.filter(user__email="new@harbor.example").count() == 1


def test_an_expired_link_says_so_and_sending_again_gives_a_good_one(cast: Cast) -> None:
    row = invited(cast)
    old = token_of(row)
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    page = Client().post(f"/join/{old}/", {"name": "Nora", "password": PASSWORD})
    assert (page.status_code, "has expired" in page.content.decode()) == (410, True)
    signed_in(cast.colleague).post(f"/company/invitations/{row.pk}/again/")
    work_until_idle()
    assert Client().get(link_in(mail.outbox[-1])).status_code == 200
    with pytest.raises(NotFound):
        invitation_behind(old)


def test_a_withdrawn_a_made_up_and_a_spoiled_link_are_no_links(cast: Cast) -> None:
    row = invited(cast)
    token = token_of(row)
    signed_in(cast.colleague).post(f"/company/invitations/{row.pk}/withdraw/")
    for text in (token, "nonsense", token[:-2] + "xx"):
        assert Client().get(f"/join/{text}/").status_code == 410
    assert not User.objects.filter(email="new@harbor.example").exists()


def test_somebody_with_a_sign_in_has_to_use_it(cast: Cast) -> None:
    token = token_of(invited(cast, cast.stranger.email, Role.VIEWER))
    page = Client().post(f"/join/{token}/", {"name": "Eve", "password": PASSWORD})
    assert "Sign in with it to accept" in page.content.decode()
    with pytest.raises(NotAllowed):
        accept_invitation(token=token, name="Eve", password=PASSWORD)
    other = signed_in(cast.buyer).post(f"/join/{token}/")
    assert (other.status_code, cast.buyer.memberships.count()) == (403, 1)
    stranger = signed_in(cast.stranger)
    assert stranger.post(f"/join/{token}/").status_code == 302
    assert set(cast.stranger.memberships.values_list("account__code", "role")) == {
        ("SUMMIT", "buyer"), ("HARBOR", "viewer"),
    }  # fmt: skip
    assert stranger.get("/orders/").context["acting_for"] == cast.harbor


def test_who_was_taken_off_comes_back_by_an_invitation_in_the_new_role(cast: Cast) -> None:
    Membership.objects.filter(user=cast.buyer).update(active=False)
    token = token_of(invited(cast, cast.buyer.email, Role.VIEWER))
    accept_invitation(token=token, user=cast.buyer)
    row = cast.buyer.memberships.get()
    assert (row.role, row.active) == ("viewer", True)


def test_nobody_is_invited_twice_or_who_is_in_already_or_by_who_may_not(cast: Cast) -> None:
    invited(cast)
    with pytest.raises(Conflict, match="invited already"):
        invited(cast, "NEW@harbor.example")
    with pytest.raises(Conflict, match="one of your people already"):
        invited(cast, cast.buyer.email)
    with pytest.raises(NotAllowed):
        invite_person(by=cast.buyer, account=cast.harbor, email="x@harbor.example", role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        invite_person(by=cast.stranger, account=cast.harbor, email="x@harbor.example", role=Role.ADMIN)
    assert Invitation.objects.count() == 1


def test_another_companys_invitation_is_not_there(cast: Cast) -> None:
    summit = cast.stranger.memberships.get().account
    row = invite_person(by=cast.agent, account=summit, email="boss@summit.example", role=Role.ADMIN)
    admin = signed_in(cast.colleague)
    for what in ("again", "withdraw"):
        assert admin.post(f"/company/invitations/{row.pk}/{what}/").status_code == 404
    assert "boss@summit.example" not in admin.get("/company/people/").content.decode()
    assert invitation_behind(token_of(row)) == row


def test_a_short_password_is_refused_beside_its_field(cast: Cast) -> None:
    page = Client().post(f"/join/{token_of(invited(cast))}/", {"name": "Nora", "password": "short"})
    assert page.status_code == 422
    assert 'id="id_password_error"' in page.content.decode()
    assert not User.objects.filter(email="new@harbor.example").exists()


def test_a_slip_in_the_form_keeps_what_was_typed_and_is_said_at_its_top_and_beside_the_field(cast: Cast) -> None:
    answer = signed_in(cast.colleague).post("/company/people/invite/", {"email": "nora at harbor", "role": "viewer"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="note bad errors" role="alert" tabindex="-1" autofocus' in page, "it gets the focus"
    assert '<a href="#id_email">E-mail</a>: Enter a valid email address.' in page
    assert '<span class="error" id="id_email_error">Enter a valid email address.</span>' in page
    assert 'value="nora at harbor"' in page
    assert '<option value="viewer" selected>' in page
    assert Invitation.objects.count() == 0

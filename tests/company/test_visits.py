"""A visit shows what the dealer's person sees and does no more than its kind allows; it ends by hand, time or event."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from distportal.accounts.choices import Role, VisitKind
from distportal.accounts.models import Membership, User, Visit, as_visitor
from distportal.accounts.visits import begin_visit
from distportal.common.errors import Invalid, NotAllowed, NotFound
from tests.clients import main_of, signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
WHY = "asked by phone to look"


def visiting(cast: Cast, kind: str = "look", person: User | None = None) -> Client:
    row = Membership.objects.get(user=person or cast.buyer)
    client = signed_in(cast.agent)
    answer = client.post(f"/dealers/people/{row.pk}/", {"kind": kind, "reason": WHY})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    return client


def test_view_as_shows_that_portal_and_changes_nothing(cast: Cast) -> None:
    agent = visiting(cast)
    page = agent.get("/orders/")
    text = page.content.decode()
    assert "You view Harbor Hardware as Bea Harbor. Nothing can be changed." in text
    assert page.context["acting_for"] == cast.harbor
    assert "Of your account" in text
    refused = agent.get("/cart/")
    assert refused.status_code == 403
    assert "a cart needs an order on behalf" in main_of(refused.content.decode())
    for address in ("/cart/add/", "/part-numbers/change/", "/company/switch/"):
        assert agent.post(address, {"company": str(cast.harbor.pk)}).status_code == 403, address


@pytest.mark.parametrize("kind", ["look", "order"])
def test_security_people_and_keys_stay_closed_even_as_an_administrator(kind: str, cast: Cast) -> None:
    agent = visiting(cast, kind, person=cast.colleague)
    closed = (
        "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/email/", "/company/people/",
        "/company/keys/", "/company/sign-ins/", "/company/addresses/new/", "/desk/", "/admin/", "/dealers/",
    )  # fmt: skip
    assert {address: agent.get(address).status_code for address in closed} == dict.fromkeys(closed, 403)
    assert agent.post("/company/keys/make/", {}).status_code == 403
    assert agent.post("/company/second-factor/", {"required": "yes"}).status_code == 403
    assert agent.get("/company/").status_code == 200


def test_a_visitor_sees_one_company_and_has_no_more_rights_than_the_person(cast: Cast) -> None:
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    agent = visiting(cast, "order")
    assert agent.get("/orders/").status_code == 200
    assert agent.get("/cart/").status_code == 403
    assert cast.stranger.memberships.get().account.name not in agent.get("/").content.decode()


def test_it_ends_by_hand_and_the_agent_is_the_agent_again(cast: Cast) -> None:
    agent = visiting(cast)
    assert agent.get("/desk/").status_code == 403
    assert agent.post("/dealers/end/").headers["Location"] == "/dealers/"
    assert agent.get("/desk/").status_code == 200
    assert agent.get("/cart/").status_code == 403
    assert Visit.objects.get().ended_at is not None
    assert agent.post("/dealers/end/").headers["Location"] == "/"


@pytest.mark.parametrize("event", ["time", "taken off", "ended elsewhere", "no staff any more"])
def test_it_ends_by_what_happens(event: str, cast: Cast, settings: Any) -> None:
    agent = visiting(cast)
    visit = Visit.objects.get()
    assert visit.ends_at - visit.started_at == dt.timedelta(minutes=30)
    if event == "time":
        Visit.objects.update(ends_at=timezone.now())
    elif event == "taken off":
        Membership.objects.filter(user=cast.buyer).update(active=False)
    elif event == "ended elsewhere":
        Visit.objects.update(ended_at=timezone.now())
    else:
        User.objects.filter(pk=cast.agent.pk).update(is_staff=False)
    page = agent.get("/")
    assert "Harbor Hardware" not in page.content.decode()
    assert agent.get("/catalogue/").status_code == 403


def test_a_visit_has_a_reason_an_agent_and_somebody_to_visit(cast: Cast) -> None:
    row = Membership.objects.get(user=cast.buyer)
    agent = signed_in(cast.agent)
    assert agent.post(f"/dealers/people/{row.pk}/", {"kind": "look", "reason": "x"}).status_code == 422
    with pytest.raises(Invalid):
        begin_visit(staff=cast.agent, membership_id=row.pk, kind=VisitKind.LOOK, reason="   x    ")
    for who in (cast.finance, cast.buyer, cast.stranger):
        assert signed_in(who).post(f"/dealers/people/{row.pk}/", {"kind": "look", "reason": WHY}).status_code == 403
        with pytest.raises(NotAllowed):
            begin_visit(staff=who, membership_id=row.pk, kind=VisitKind.LOOK, reason=WHY)
    Membership.objects.filter(pk=row.pk).update(active=False)
    assert agent.post(f"/dealers/people/{row.pk}/", {"kind": "look", "reason": WHY}).status_code == 404
    with pytest.raises(NotFound):
        begin_visit(staff=cast.agent, membership_id=row.pk, kind=VisitKind.LOOK, reason=WHY)
    assert not Visit.objects.exists()


def test_another_persons_visit_cannot_be_taken_over(cast: Cast) -> None:
    visiting(cast)
    other = User.objects.create_user("agent2@northline.example", "a-long-password-1", name="Al", is_staff=True)
    client = signed_in(other)
    session = client.session
    session["visit_id"] = str(Visit.objects.get().pk)
    session.save()
    assert client.get("/catalogue/").status_code == 403


def test_saving_a_visitor_never_takes_the_staff_member_their_rights(cast: Cast) -> None:
    visitor = as_visitor(cast.agent)
    assert (visitor.is_staff, visitor.is_superuser) == (False, False)
    visitor.name = "Ana R."
    visitor.save()
    stored = User.objects.get(pk=cast.agent.pk)
    assert (stored.is_staff, stored.name) == (True, "Ana R.")


def test_a_company_without_people_gets_its_first_administrator_from_us(cast: Cast) -> None:
    empty = cast.harbor.__class__.objects.get(code="MESA")
    agent = signed_in(cast.agent)
    assert "Nobody yet: invite an administrator" in agent.get("/dealers/?q=mesa").content.decode()
    agent.post(f"/dealers/{empty.pk}/invite/", {"email": "boss@mesa.example"})
    assert empty.invitations.get().role == "admin"
    assert signed_in(cast.buyer).post(f"/dealers/{empty.pk}/invite/", {"email": "x@mesa.example"}).status_code == 403

"""What is held of somebody comes out whole, and can become a pseudonym everywhere: in rows, trail and histories."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import models

from distportal.accounts.choices import Role, StaffGroup
from distportal.accounts.models import Invitation, Membership, User
from distportal.accounts.personal import holdings, person_of
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.parts import Address, Contact
from distportal.common.errors import Conflict, NotAllowed
from distportal.events.models import FlowSwitch, OutboxEvent
from distportal.events.sweeper import work_until_idle
from distportal.observability.actor import acting
from distportal.personal.choices import RequestKind, RequestState
from distportal.personal.erasing import erase
from distportal.personal.exporting import export_of
from distportal.personal.models import PersonalRequest
from distportal.personal.requests import agree, ask, carry_out
from orders.choices import OrderStatus
from orders.models import Order
from orders.process.intake import place_order
from orders.process.states import move_order
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.rows import kept_rows

pytestmark = pytest.mark.django_db
EMAIL, NAME = "buyer@harbor.example", "Bea Harbor"
WORDS = ("actor", "author", "_by", "_name", "email", "signed_by")


def by_bea(po: str, buyer: User) -> Order:
    """An order in her name, with her as its contact and a street of hers."""
    line = asked(("FST-10001", "1", "EA", None), po=po)
    wanted: AskedOrder = replace(
        line,
        ship_to=Address(code="HARBOR-01", name=NAME, street="9 Home Lane"),
        contacts=(Contact(function="BD", name=NAME, phone="+1 555 0100", email=EMAIL.upper()),),
    )
    with acting(EMAIL):
        placed = place_order(order=wanted, source_key=f"test:{po}", placed_by=buyer)
    return Order.objects.get(pk=placed.order.pk)


@pytest.fixture
def operators(cast: Cast) -> tuple[User, User]:
    first, second = (
        User.objects.create_user(email=f"op{n}@northline.example", name=f"Op {n}", password=f"a-long-word-{n}")
        for n in (1, 2)
    )
    for one in (first, second):
        one.is_staff = True
        one.save()
        one.groups.add(Group.objects.get(name=StaffGroup.OPERATOR))
    return first, second


@pytest.fixture
def story(cast: Cast, synced: object) -> dict[str, Order]:
    """A closed order and one under way, both hers, and what else there is of her."""
    EmailAddress.objects.create(user=cast.buyer, email=EMAIL, primary=True, verified=True)
    Authenticator.objects.create(user=cast.buyer, type=Authenticator.Type.TOTP, data={"secret": "sekret"})
    closed, under_way = by_bea("PO-CLOSED", cast.buyer), by_bea("PO-OPEN", cast.buyer)
    closed = Order.objects.select_for_update().get(pk=closed.pk)
    move_order(closed, OrderStatus.CANCELLED, reason=f"asked by {EMAIL}")
    return {"closed": closed, "open": Order.objects.get(pk=under_way.pk)}


def unpacked(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removesuffix(".json"): json.loads(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".json")
        }


def tables_with(text: str) -> set[str]:
    return {name for name, lines in kept_rows().of.items() if text.lower().encode() in lines.lower()}


def test_every_field_that_leads_to_a_person_is_in_the_register() -> None:
    known = {held.model: held for held in holdings()}
    missing = []
    for model in apps.get_models():
        ours = model.__module__.partition(".")[0] in ("distportal", "exceptions", "inventory", "orders", "edi")
        if not ours or model._meta.proxy or getattr(model, "pgh_tracked_model", None) is not None:
            continue
        held = known.get(model)
        named = {*held.fields, *(path.partition("__")[0] for path in held.owners)} if held else set()
        for field in model._meta.concrete_fields:
            leads = field.is_relation and field.related_model is User
            wordy = isinstance(field, models.CharField | models.TextField) and not field.choices
            if (leads or isinstance(field, models.EmailField) or (wordy and field.name.endswith(WORDS))) and (
                field.name not in named
            ):
                missing.append(f"{model._meta.label}.{field.name}")
    assert missing == [], "say what is held there in the app's personal_data.py"


def test_an_export_has_all_of_hers_and_nothing_of_others(cast: Cast, story: dict[str, Order]) -> None:
    soon = story["open"].placed_at
    for other in (f"x{EMAIL}", f"{EMAIL}.org"):  # addresses that hold hers
        Invitation.objects.create(account=cast.harbor, email=other, role=Role.BUYER, nonce="n", expires_at=soon)
    content, counts = export_of(person_of(f" {EMAIL.upper()} "))
    found = unpacked(content)
    assert {row["number"] for row in found["orders.Order"]} == {story["closed"].number, story["open"].number}
    assert found["accounts.User"][0]["email"] == EMAIL
    assert found["account.EmailAddress"] == [{"email": EMAIL}]
    assert "accounts.Invitation" not in found
    assert "mfa.Authenticator" not in found
    assert counts["events.OutboxEvent"] == len(found["events.OutboxEvent"]) > 0
    assert found["index"]["orders.Order"]["fields"]["canonical"] == "contact"
    text = json.dumps(found)
    assert cast.stranger.email not in text
    assert "sekret" not in text
    assert cast.buyer.password not in text
    assert export_of(person_of("nobody@example.com"))[1] == {}


def test_an_erased_person_is_nowhere_and_the_books_are_as_before(cast: Cast, story: dict[str, Order]) -> None:
    figures = ("number", "total", "content_hash", "status", "account_id", "version", "correlation_id")
    before = list(Order.objects.order_by("number").values_list(*figures))
    lines = list(Order.objects.order_by("number").values_list("lines__quantity", "lines__base_quantity"))
    events = OutboxEvent.objects.count()
    colleague = User.objects.filter(pk=cast.colleague.pk).values().get()
    assert {"accounts_userevent", "events_outboxevent", "orders_order", "orders_orderevent"} <= tables_with(EMAIL)
    client = signed_in(cast.buyer)
    new, counts = erase(person_of(EMAIL))
    left = {"orders_intake", "orders_order", "orders_orderevent", "orders_orderversion", "orders_orderversionevent"}
    assert tables_with(EMAIL) - left == set()
    assert list(Order.objects.order_by("number").values_list(*figures)) == before
    assert list(Order.objects.order_by("number").values_list("lines__quantity", "lines__base_quantity")) == lines
    assert OutboxEvent.objects.count() == events
    assert OutboxEvent.objects.filter(actor=new.email).exists()
    assert User.objects.filter(pk=cast.colleague.pk).values().get() == colleague
    user = User.objects.get(pk=cast.buyer.pk)
    assert (user.email, user.name, user.is_active, user.has_usable_password()) == (new.email, new.name, False, False)
    assert not Membership.objects.filter(user=user, active=True).exists()
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get("/orders/").status_code == 302
    closed, under_way = (Order.objects.get(pk=story[name].pk) for name in ("closed", "open"))
    assert closed.placed_name == under_way.placed_name == new.name
    assert closed.closed_reason == f"asked by {new.email}"
    [contact] = story["closed"].canonical["contacts"]
    assert contact["phone"] == "+1 555 0100"
    assert closed.canonical["contacts"] == [{**contact, "name": new.name, "phone": "", "email": new.email}]
    assert closed.canonical["ship_to"]["street"] == "erased"
    assert under_way.canonical == story["open"].canonical  # it still has to arrive
    assert counts["accounts.User"] == 1
    still = {"orders.Intake", "orders.Order", "orders.OrderVersion", "orders.OrderEvent", "orders.OrderVersionEvent"}
    assert export_of(person_of(EMAIL))[1].keys() <= still


def test_a_crash_in_the_middle_leaves_everything_as_it_was(cast: Cast) -> None:
    before = kept_rows().of
    with patch("distportal.personal.erasing._close", side_effect=RuntimeError), pytest.raises(RuntimeError):
        erase(person_of(EMAIL))
    assert kept_rows().of == before


def test_a_name_that_two_have_erases_nothing_of_the_other(cast: Cast) -> None:
    twin = User.objects.create_user(email="bea@elsewhere.example", name=NAME)
    FlowSwitch.objects.create(kind="k", action=FlowSwitch.Action.values[0], reason="r", actor=NAME)
    erase(person_of(EMAIL))
    twin.refresh_from_db()
    assert twin.name == FlowSwitch.objects.get().actor == NAME


def test_the_last_administrator_is_not_erased(cast: Cast) -> None:
    with pytest.raises(Conflict, match="last administrator"):
        erase(person_of(cast.colleague.email))
    cast.colleague.refresh_from_db()
    assert cast.colleague.is_active


def test_an_erasure_takes_two_operators_and_happens_once(cast: Cast, operators: tuple[User, User]) -> None:
    first, second = operators
    row = ask(by=first, kind=RequestKind.ERASURE, email=EMAIL, reason="ticket 7")
    with pytest.raises(Conflict):
        ask(by=second, kind=RequestKind.ERASURE, email=EMAIL.upper(), reason="ticket 7 again")
    for stranger in (first, cast.agent, cast.buyer):
        with pytest.raises(NotAllowed):
            agree(by=stranger, request_id=row.pk)
    carry_out(request_id=row.pk)
    cast.buyer.refresh_from_db()
    assert cast.buyer.email == EMAIL
    agree(by=second, request_id=row.pk)
    work_until_idle()
    cast.buyer.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, row.email) == (RequestState.DONE, cast.buyer.email)
    assert cast.buyer.email.endswith("@erased.invalid")
    carry_out(request_id=row.pk)
    assert PersonalRequest.objects.get(pk=row.pk).counts == row.counts
    assert tables_with(EMAIL) == set()


def test_operators_ask_and_fetch_on_a_page_that_is_theirs_alone(cast: Cast, operators: tuple[User, User]) -> None:
    first, second = operators
    for stranger in (cast.buyer, cast.agent, cast.finance):
        assert signed_in(stranger).get("/personal-data/").status_code == 403
    client = signed_in(first)
    form = {"email": EMAIL, "kind": "export", "reason": "wrote to us, ticket 8"}
    assert client.post("/personal-data/ask/", form).status_code == 302
    assert "Say whose data" in client.post("/personal-data/ask/", {**form, "reason": " "}, follow=True).content.decode()
    work_until_idle()
    row = PersonalRequest.objects.get()
    assert "Save the file" in main_of(client.get("/personal-data/").content.decode())
    address = f"/personal-data/{row.pk}/file/"
    assert client.get(address).headers["Location"].startswith("/accounts/reauthenticate/")
    client.post(f"/accounts/reauthenticate/?next={address}", {"password": "a-long-word-1"})
    answer = client.get(address)
    assert unpacked(answer.content)["accounts.User"][0]["email"] == EMAIL
    assert answer.headers["Cache-Control"] == "no-store"
    client.post("/personal-data/ask/", {**form, "kind": "erasure"})
    page = main_of(client.get("/personal-data/").content.decode())
    assert "Agree: erase" not in page
    assert "Agree: erase" in main_of(signed_in(second).get("/personal-data/").content.decode())
    agree(by=second, request_id=PersonalRequest.objects.get(kind="erasure").pk)
    work_until_idle()
    row.refresh_from_db()
    assert (row.content, row.size) == (None, 0)
    assert "Save the file" not in main_of(client.get("/personal-data/").content.decode()), "it went with its person"


def test_the_command_writes_a_file_and_tells_an_old_page(cast: Cast, tmp_path: Any) -> None:
    file = tmp_path / "bea.zip"
    call_command("personal_data", "export", EMAIL, str(file), verbosity=0)
    assert unpacked(file.read_bytes())["accounts.User"][0]["name"] == NAME
    call_command("personal_data", "fields", "--check")
    with (
        patch("distportal.management.commands.personal_data.personal_fields", return_value="another"),
        pytest.raises(CommandError),
    ):
        call_command("personal_data", "fields", "--check")

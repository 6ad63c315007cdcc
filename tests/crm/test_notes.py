"""Notes come in once, stand with the order and its account, and no dealer ever sees them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from distportal.accounts.choices import Scope
from distportal.events.models import OutboxEvent
from distportal.events.sweeper import work_until_idle
from orders.models import AccountNote, Order
from orders.process.intake import place_order
from orders.process.notes import write_note
from tests.api.conftest import Caller
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.crm.conftest import CrmWorld
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
BOTH = (Scope.NOTES_READ, Scope.NOTES_WRITE)


def post(caller: Caller, account: str, key: str, **body: str) -> tuple[int, dict[str, object]]:
    answer = caller._http.post(
        f"/api/v1/accounts/{account}/notes", {"text": "Wants pallets", "author": "Dana Cole", **body},
        content_type="application/json", headers={"Idempotency-Key": key},
    )  # fmt: skip
    return answer.status_code, answer.json()


@pytest.fixture
def order(synced: SandboxProcess) -> Order:
    wanted = asked(("FST-10001", "1", "EA", None), po="PO-1")
    return place_order(order=wanted, source_key="t:1").order


def test_a_note_comes_in_once_and_stands_on_the_orders_page_for_staff_only(
    order: Order, caller: Callable[..., Caller], cast: Cast
) -> None:
    crm = caller(scopes=BOTH)
    status, first = post(crm, "HARBOR", "note-key-1", order=str(order))
    again = post(crm, "HARBOR", "note-key-1", order=str(order))
    assert (status, again) == (201, (201, first))
    assert post(crm, "HARBOR", "note-key-1", text="other")[0] == 422
    assert post(crm, "HARBOR", "note-key-2", text="Slow payer")[0] == 201
    assert AccountNote.objects.count() == 2
    page = f"/orders/{order.number}/"
    seen = signed_in(cast.agent).get(page).content.decode()
    assert "Wants pallets" in seen
    assert "Slow payer" in seen
    assert "Internal" in seen
    for person in (cast.buyer, cast.colleague):
        shown = signed_in(person).get(page).content.decode()
        assert "Wants pallets" not in shown
        assert "Slow payer" not in shown
        assert "Notes" not in shown
        chain = signed_in(person).get(f"/chain/{order.correlation_id}/").content.decode()
        assert "Wants pallets" not in chain
    assert signed_in(cast.stranger).get(page).status_code == 404
    listed = crm.get("accounts/HARBOR/notes").json()["results"]
    assert [(row["text"], row["order"], row["source"]) for row in listed] == [
        ("Slow payer", "", "crm"), ("Wants pallets", str(order), "crm"),
    ]  # fmt: skip


def test_who_may_not_gets_nothing(order: Order, caller: Callable[..., Caller]) -> None:
    assert post(caller(scopes=(Scope.NOTES_READ,)), "HARBOR", "note-key-1")[0] == 403
    own = caller("HARBOR", scopes=BOTH)
    assert post(own, "HARBOR", "note-key-1")[0] == 404, "an account reads nothing that is said about it"
    assert own.get("accounts/HARBOR/notes").status_code == 404
    crm = caller(scopes=BOTH)
    assert post(crm, "NOBODY", "note-key-1")[0] == 404
    assert post(crm, "SUMMIT", "note-key-2", order=str(order))[0] == 404, "another account's order"
    for text in ("", "x" * 4001):
        assert post(crm, "HARBOR", f"note-key-{len(text)}x", text=text)[0] == 400
    assert not AccountNote.objects.exists()


def test_staff_write_on_the_page_once_a_form(order: Order, cast: Cast, world: CrmWorld) -> None:
    world.connect()
    agent, token = signed_in(cast.agent), str(uuid.uuid4())
    address = f"/orders/{order.number}/notes/"
    for _ in range(2):
        answer = agent.post(address, {"text": "Called them", "token": token}, follow=True)
    assert "Noted; dealers do not see it" in answer.content.decode()
    note = AccountNote.objects.get()
    assert (note.author, note.order, note.source) == ("Ana Reyes", order, "portal")
    assert "The form was not whole" in agent.post(address, {"text": "x"}, follow=True).content.decode()
    assert "1 to 4,000" in agent.post(address, {"text": " ", "token": str(uuid.uuid4())}, follow=True).content.decode()
    for person in (cast.buyer, cast.stranger):
        assert signed_in(person).post(address, {"text": "x", "token": str(uuid.uuid4())}).status_code == 403
    work_until_idle()
    told = [row for row in world.timeline() if row["kind"] == "note" and row["order_number"] == str(order)]
    assert [(row["text"], row["by"], row["po_number"]) for row in told] == [("Called them", "Ana Reyes", "PO-1")]


def test_what_came_from_a_crm_is_not_told_back(order: Order, caller: Callable[..., Caller], world: CrmWorld) -> None:
    world.connect()
    post(caller(scopes=BOTH), "HARBOR", "note-key-1", order=str(order))
    work_until_idle()
    assert [row for row in world.timeline() if row["kind"] == "note" and row["order_number"] == str(order)] == []


def test_a_note_is_for_ever(order: Order, cast: Cast) -> None:
    note = write_note(account=cast.harbor, text="a", author="Ana", source="portal", source_key="t:1")
    with pytest.raises(DatabaseError), transaction.atomic():
        AccountNote.objects.filter(pk=note.pk).update(text="b")


@pytest.mark.django_db(transaction=True)
def test_two_with_one_key_at_once_are_one_note_and_one_event(cast: Cast) -> None:
    def write() -> uuid.UUID:
        return write_note(account=cast.harbor, text="a", author="Ana", source="crm", source_key="crm:1").pk

    first, second = at_once(write, write)
    assert first == second
    assert OutboxEvent.objects.filter(type="account.noted").count() == 1

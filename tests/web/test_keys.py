"""Keys of one letter: each person turns them off for themselves, on every device (WCAG 2.1.4)."""

from __future__ import annotations

import pytest
from django.test import Client

from distportal.accounts.models import User
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
OFF = "<body data-keys-off"


def test_a_person_turns_them_off_for_all_their_devices_and_nobody_elses(cast: Cast) -> None:
    one, other = signed_in(cast.buyer), signed_in(cast.buyer)
    said = one.get("/keys/").content.decode()
    assert all(f"<kbd>{keys}</kbd>" in said for keys in ("g o", "g i", "n"))
    assert OFF not in said
    assert (
        one.post("/keys/", {}, headers={"referer": "http://testserver/orders/"})
        .headers["Location"]
        .endswith("/orders/")
    )
    assert OFF in other.get("/orders/").content.decode()
    assert OFF not in signed_in(cast.colleague).get("/orders/").content.decode()
    assert list(User.objects.filter(single_keys=False)) == [cast.buyer]
    other.post("/keys/", {"on": "on"})
    assert OFF not in one.get("/orders/").content.decode()


def test_the_desk_has_the_same_list_and_switch(cast: Cast) -> None:
    agent = signed_in(cast.agent)
    said = agent.get("/desk/").content.decode()
    dialog = said.partition('<dialog class="card keys" id="keys"')[2].partition("</dialog>")[0]
    assert said.count("<dialog") == 1
    assert all(words in dialog for words in ("Next, previous row", 'action="/keys/"', "<kbd>?</kbd>"))
    agent.post("/keys/", {})
    assert OFF in agent.get("/desk/").content.decode()


def test_strangers_sign_in_first(cast: Cast) -> None:
    assert Client().post("/keys/", {}).status_code == 302
    assert not User.objects.filter(single_keys=False).exists()

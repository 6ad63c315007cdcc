"""A session: its id is new after signing in, it ends with the person's right to be here, and by time."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from distportal import settings as written
from distportal.accounts.models import User
from distportal.accounts.seeds import DEMO_PASSWORD
from distportal.web.session_limits import BEGAN, SEEN
from tests.clients import signed_in
from tests.conftest import Cast
from tests.web.test_guessing import some_address

pytestmark = pytest.mark.django_db


def test_the_id_is_another_one_after_signing_in_and_out(cast: Cast) -> None:
    client = Client(REMOTE_ADDR=some_address())
    client.get("/accounts/login/")
    session = client.session  # as a stranger may have planted it
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    client.cookies[site.SESSION_COOKIE_NAME] = str(before)
    client.post("/accounts/login/", {"login": cast.buyer.email, "password": DEMO_PASSWORD})
    after = client.session.session_key
    assert after not in (None, before)
    client.post("/accounts/logout/")
    client.cookies[site.SESSION_COOKIE_NAME] = str(after)
    assert client.get("/orders/").status_code == 302


def test_passwords_are_hashed_by_argon2_and_older_hashes_anew_at_the_next_sign_in(cast: Cast, settings: Any) -> None:
    settings.PASSWORD_HASHERS = written.PASSWORD_HASHERS
    User.objects.filter(pk=cast.buyer.pk).update(password=PBKDF2PasswordHasher().encode(DEMO_PASSWORD, "a-salt", 10))
    for _ in range(2):
        client = Client(REMOTE_ADDR=some_address())
        client.post("/accounts/login/", {"login": cast.buyer.email, "password": DEMO_PASSWORD})
        assert client.get("/orders/").status_code == 200
        cast.buyer.refresh_from_db()
        assert cast.buyer.password.startswith("argon2$argon2id$")
    assert not cast.buyer.check_password(DEMO_PASSWORD + "x")


def test_who_is_switched_off_is_out_at_the_next_look(cast: Cast) -> None:
    client = signed_in(cast.agent)
    assert client.get("/desk/").status_code == 200
    User.objects.filter(pk=cast.agent.pk).update(is_active=False)
    assert client.get("/desk/").headers["Location"].startswith("/accounts/login/")


def test_a_new_password_ends_the_sessions_of_the_old_one(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    assert client.get("/orders/").status_code == 200
    cast.buyer.set_password("quite-another-long-word-7")
    cast.buyer.save()
    assert client.get("/orders/").status_code == 302


@pytest.mark.parametrize(("who", "kind"), [("agent", "staff"), ("buyer", "dealer")])
def test_away_for_too_long_or_signed_in_too_long_ago_is_signed_out(cast: Cast, who: str, kind: str) -> None:
    idle, whole = (minutes * 60 for minutes in site.SESSION_MINUTES[kind])
    assert idle < whole
    for key, seconds in ((SEEN, idle), (BEGAN, whole)):
        client = signed_in(getattr(cast, who))
        assert client.get("/orders/").status_code == 200
        for shift, status in ((-90, 200), (90, 302)):
            session: Any = client.session
            session[SEEN] += 0 if key == BEGAN else -(seconds + shift)
            session[BEGAN] -= 0 if key == SEEN else seconds + shift
            session.save()
            assert client.get("/orders/").status_code == status, (kind, key, shift)
            if status == 200:
                session = client.session
                session[BEGAN] = session[SEEN]
                session.save()
        assert "_auth_user_id" not in client.session


def test_looks_within_a_minute_write_nothing(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    client.get("/orders/")
    noted = client.session[SEEN]
    client.get("/orders/")
    assert client.session[SEEN] == noted


def test_which_passwords_are_taken(cast: Cast) -> None:
    weak = ["short-1", "password1234", "123456789012", "qwertyuiop12", "bea harbor 1", cast.buyer.email]
    for word in weak:
        with pytest.raises(ValidationError):
            validate_password(word, cast.buyer)
    long = "a sentence that only its writer would think of, with more than sixty-four letters"
    for word in (long, "allsmalllettersonly"):
        validate_password(word, cast.buyer)
    client = Client(REMOTE_ADDR=some_address())
    client.post("/accounts/login/", {"login": cast.buyer.email, "password": DEMO_PASSWORD})
    for word, taken in ((weak[1], False), (long, True)):
        form = {"oldpassword": DEMO_PASSWORD, "password1": word, "password2": word}
        assert (client.post("/accounts/password/change/", form).status_code == 302) is taken
    cast.buyer.refresh_from_db()
    assert cast.buyer.check_password(long)

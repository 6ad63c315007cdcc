"""A second factor where it is forced: nothing but enrolment opens before, a code opens once, nothing goes round it."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from distportal.accounts.models import User
from distportal.accounts.seeds import DEMO_PASSWORD
from distportal.common.sealing import SealBroken
from distportal.web.sealed_factors import reseal_factors
from distportal.web.second_factor import BEFORE
from tests.architecture.routes import routes
from tests.clients import signed_in
from tests.conftest import Cast
from tests.web.test_guessing import some_address

pytestmark = pytest.mark.django_db
ENROLMENT = "/accounts/2fa/"


@pytest.fixture
def forced(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def secret(cast: Cast) -> str:
    """Of the code app of our agent."""
    made = generate_totp_secret()
    TOTP.activate(cast.agent, made)
    return made


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def at_the_door(person: User, password: str = DEMO_PASSWORD) -> Client:
    """Somebody who has given the right password, where the next question is the code."""
    client = Client(REMOTE_ADDR=some_address())
    answer = client.post("/accounts/login/", {"login": person.email, "password": password})
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/"), answer.headers
    return client


def gives(client: Client, code: str) -> bool:
    return client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302


@pytest.mark.usefixtures("forced")
def test_our_own_people_reach_only_enrolment_before(cast: Cast) -> None:
    root = User.objects.create_superuser(email="boss@example.com", password="a-long-demo-password-1", name="Boss")
    back_office = ("/admin/", "/admin/orders/dispute/", "/accounts/sessions/", "/accounts/password/change/")
    named = [address for name, address in routes().items() if name not in BEFORE]
    for person, addresses in ((cast.agent, [*named, *back_office]), (root, ["/", "/desk/", *back_office])):
        client = signed_in(person)
        assert [one for one in addresses if client.get(one).headers.get("Location") != ENROLMENT] == []
        assert client.post("/dealers/end/").headers.get("Location") == ENROLMENT
        page = client.get(ENROLMENT).content.decode()
        assert page.count("own people need a second factor") == 1
        for address in ("/accounts/2fa/totp/activate/", "/accounts/logout/", "/accounts/reauthenticate/"):
            assert client.get(address).headers.get("Location") != ENROLMENT, address
    client = signed_in(cast.agent)
    TOTP.activate(cast.agent, generate_totp_secret())
    assert client.get("/desk/").status_code == 200


@pytest.mark.usefixtures("forced")
def test_a_dealers_administrator_needs_one_and_a_buyer_does_not(cast: Cast) -> None:
    admin = signed_in(cast.colleague)
    assert admin.get("/company/keys/").headers["Location"] == ENROLMENT
    assert "Administrators of Harbor Hardware need a second factor." in admin.get(ENROLMENT).content.decode()
    assert signed_in(cast.buyer).get("/orders/").status_code == 200
    Authenticator.objects.create(user=cast.colleague, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert admin.get("/company/keys/").headers["Location"] == ENROLMENT
    Authenticator.objects.create(user=cast.colleague, type=Authenticator.Type.WEBAUTHN, data={})
    assert admin.get("/company/keys/").status_code == 200


def test_a_site_with_https_forces_it_by_itself_and_says_so_where_it_is_off(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert "distportal.W001" in [found.id for found in run_checks(include_deployment_checks=True)]
    settings.SECOND_FACTOR_REQUIRED = True
    assert "distportal.W001" not in [found.id for found in run_checks(include_deployment_checks=True)]


def test_a_code_opens_once(cast: Cast, secret: str) -> None:
    first, second = at_the_door(cast.agent), at_the_door(cast.agent)
    code = code_of(secret)
    assert first.get("/desk/").status_code == 302  # the password alone opens nothing
    assert gives(first, code)
    assert first.get("/desk/").status_code == 200
    assert not gives(second, code)
    assert second.get("/desk/").status_code == 302


def test_a_new_password_by_mail_does_not_go_round_the_second_factor(cast: Cast, secret: str) -> None:
    client = Client(REMOTE_ADDR=some_address())
    client.post("/accounts/password/reset/", {"email": cast.agent.email})
    [link] = re.findall(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    form = client.get(link, follow=True)
    new = "quite-another-long-word-7"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert client.get("/desk/").headers["Location"].startswith("/accounts/login/")
    door = at_the_door(cast.agent, new)
    assert door.get("/desk/").status_code == 302
    assert not gives(door, "000000")
    assert gives(door, code_of(secret))
    assert door.get("/desk/").status_code == 200


def test_asking_for_a_new_password_does_not_keep_anybody_from_a_second_factor(cast: Cast) -> None:
    Client(REMOTE_ADDR=some_address()).post("/accounts/password/reset/", {"email": cast.agent.email})
    assert [one.to for one in mail.outbox] == [[cast.agent.email]]
    client = signed_in(cast.agent)
    client.post("/accounts/reauthenticate/", {"password": DEMO_PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(client.session["mfa.totp.secret"])})
    assert done.status_code == 302
    assert Authenticator.objects.filter(user=cast.agent, type="totp").exists()


def test_neither_a_code_app_nor_recovery_codes_can_be_read_from_the_database(cast: Cast) -> None:
    client = signed_in(cast.agent)
    client.post("/accounts/reauthenticate/", {"password": DEMO_PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done.status_code == 302
    codes = RecoveryCodes.activate(cast.agent).get_unused_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, data::text FROM mfa_authenticator WHERE user_id = %s", [cast.agent.pk])
        rows = dict(cursor.fetchall())
    assert set(rows) == {"totp", "recovery_codes"}
    text = "".join(rows.values())
    assert text.count('"sealed:') == 2
    assert [word for word in (secret, *codes) if word in text] == []
    assert "mfa.totp.secret" not in client.session
    cache.clear()  # the code of enrolment may open the door, too
    assert gives(at_the_door(cast.agent), code_of(secret))
    assert gives(at_the_door(cast.agent), codes[0])
    assert not gives(at_the_door(cast.agent), codes[0])


def test_older_ones_are_sealed_in_batches_and_open_the_door_all_the_while(cast: Cast, settings: Any) -> None:
    secret = generate_totp_secret()
    people = (cast.agent, cast.finance, cast.finance2)
    for person in people:
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": secret, "more": 1})
    Authenticator.objects.create(user=cast.agent, type=Authenticator.Type.WEBAUTHN, data={"credential": "c"})
    assert gives(at_the_door(cast.agent), code_of(secret))
    last = Authenticator.objects.get(user=cast.finance2)
    Authenticator.objects.filter(pk=last.pk).update(data={"secret": "sealed:by nobody"})
    with pytest.raises(SealBroken):
        reseal_factors(batch=1)  # what ends midway has sealed what came before
    held = dict(Authenticator.objects.filter(type="totp").values_list("user_id", "data"))
    assert [held[one.pk]["secret"].startswith("sealed:") for one in people] == [True] * 3
    assert held[cast.finance2.pk]["secret"] == "sealed:by nobody"
    Authenticator.objects.filter(pk=last.pk).update(data={"secret": secret})
    assert reseal_factors(batch=2) == 4
    held = [row.data for row in Authenticator.objects.order_by("pk")]
    assert secret not in str(held)
    assert [one for one in held if "secret" not in one] == [{"credential": "c"}]
    assert [one.get("more") for one in held if "secret" in one] == [1, 1, None]
    cache.clear()
    assert all(gives(at_the_door(person), code_of(secret)) for person in people)


def test_an_old_key_can_be_retired_once_second_factors_were_sealed_anew(cast: Cast, secret: str, settings: Any) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key that is long enough for everybody"
    with pytest.raises(CommandError, match="second factors not all"):
        call_command("reseal_edi_secrets")
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("reseal_edi_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    assert gives(at_the_door(cast.agent), code_of(secret))

"""Which language a person reads, and what stays English for everybody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from distportal.accounts.choices import Role, Scope
from distportal.accounts.invitations import invite_person
from distportal.accounts.models import ApiKey, User
from distportal.notices.mailing import mail_notice
from distportal.notices.models import Mail, Notice
from distportal.web.account_mails import MAILS
from distportal.web.company.inviting import mail_invitation
from exceptions.models import Case
from orders.models import OrderFinding
from orders.portal.quick import TypedRow
from orders.process.drafts import open_draft
from orders.process.quick.judging import judge_rows
from orders.process.quick.rows import keep_rows
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


def language_of_page(client: Client, address: str = "/notifications/", **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    said: str = answer.headers["Content-Language"]
    assert f'<html lang="{said}"' in answer.content.decode()
    return said


def test_the_browsers_language_then_the_cookie_then_the_persons_own_choice(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    assert language_of_page(client) == "en"
    assert language_of_page(client, **SPANISH) == "es"
    assert language_of_page(client, **{"Accept-Language": "de"}) == "en"
    client.cookies["django_language"] = "es"
    assert language_of_page(client) == "es"
    User.objects.filter(pk=cast.buyer.pk).update(language="en")
    assert language_of_page(client, **SPANISH) == "en"


def test_the_switch_is_kept_for_the_person_and_the_browser_and_takes_no_other_language(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    answer = client.post("/language/", {"language": "es"}, headers={"Referer": "http://testserver/orders/"})
    assert (answer.status_code, answer["Location"]) == (302, "http://testserver/orders/")
    assert client.cookies["django_language"].value == "es"
    assert User.objects.get(pk=cast.buyer.pk).language == "es"
    elsewhere = client.post("/language/", {"language": "xx"}, headers={"Referer": "https://evil.example/"})
    assert elsewhere["Location"] == "/"
    assert User.objects.get(pk=cast.buyer.pk).language == "es"
    assert "Cerrar sesión" in signed_in(cast.buyer).get("/notifications/").content.decode()
    stranger = Client()
    stranger.post("/language/", {"language": "es"})
    assert "Iniciar sesión" in stranger.get("/accounts/login/").content.decode()
    assert User.objects.filter(language="es").count() == 1, "nobody else speaks it now"


def test_our_own_people_read_english(cast: Cast) -> None:
    client = signed_in(cast.agent)
    client.post("/language/", {"language": "es"})
    assert User.objects.get(pk=cast.agent.pk).language == ""
    assert client.get("/orders/", headers=SPANISH).headers["Content-Language"] == "en"


def test_who_signs_in_on_a_spanish_page_gets_mails_in_spanish(cast: Cast) -> None:
    from distportal.accounts.seeds import DEMO_PASSWORD

    sent = {"login": cast.buyer.email, "password": DEMO_PASSWORD}
    assert Client().post("/accounts/login/", sent, headers=SPANISH).status_code == 302
    assert User.objects.get(pk=cast.buyer.pk).language == "es"
    assert Client().post("/accounts/login/", sent).status_code == 302
    assert User.objects.get(pk=cast.buyer.pk).language == "es", "an English browser changes nothing"


def test_a_new_password_is_sent_in_both_formats_and_the_persons_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.buyer.pk).update(language="es")
    assert Client().post("/accounts/password/reset/", {"email": cast.buyer.email}).status_code == 302
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("Elegir una contraseña nueva", [cast.buyer.email])
    html = sent.alternatives[0][0]  # type: ignore[attr-defined]
    link = next(word for word in sent.body.split() if "/accounts/password/reset/key/" in word)
    assert link in html
    assert '<html lang="es"' in html
    assert Mail.objects.count() == 0, "the link stands in no table"


def test_every_mail_of_the_library_has_words_of_ours() -> None:
    from pathlib import Path

    import allauth

    folder = Path(allauth.__file__).parent / "templates"
    names = {
        path.name.removesuffix("_subject.txt")
        for app in ("account", "mfa")
        for path in (folder / app / "email").glob("*_subject.txt")
    }
    assert names == set(MAILS)


def test_notices_and_invitations_are_in_the_receivers_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.buyer.pk).update(language="es")
    facts = {"number": "SO-1", "po": "P-9"}
    for person in (cast.buyer, cast.colleague):
        notice = Notice.objects.create(
            user=person, account=cast.harbor, kind="order.accepted", facts=facts, path="/orders/1/",
            occurred_at=timezone.now(),
        )  # fmt: skip
        mail_notice(notice_id=notice.pk)
    subjects = dict(Mail.objects.values_list("user", "subject"))
    assert subjects[cast.buyer.pk] == "El pedido SO-1 (OC P-9) está aceptado y en camino"
    assert subjects[cast.colleague.pk] == "Order SO-1 (PO P-9) is accepted and on its way"
    User.objects.filter(pk=cast.colleague.pk).update(language="es")
    boss = User.objects.get(pk=cast.colleague.pk)
    row = invite_person(by=boss, account=cast.harbor, email="nuevo@harbor.example", role=Role.BUYER)
    assert mail_invitation(invitation_id=row.pk, nonce=row.nonce)
    assert mail.outbox[-1].subject == "Harbor Hardware le invita al portal de Northline"
    assert "Su rol: Comprador" in mail.outbox[-1].body


def test_moments_are_shown_in_the_persons_zone_with_the_whole_moment_behind(cast: Cast) -> None:
    User.objects.filter(pk=cast.buyer.pk).update(time_zone="Asia/Tokyo", language="es")
    at = dt.datetime(2026, 5, 3, 20, 30, tzinfo=dt.UTC)
    for key in "12":
        Notice.objects.create(
            user=cast.buyer, account=cast.harbor, kind="order.accepted", key=key, facts={}, path="/", occurred_at=at
        )
    page = signed_in(cast.buyer).get("/notifications/").content.decode()
    assert 'datetime="2026-05-04T05:30:00+09:00" title="2026-05-04 05:30:00 JST">4 May 2026, 05:30</time>' in page
    assert "Notificaciones: 2 sin leer" in page


def test_typed_numbers_mean_the_same_in_every_language(cast: Cast, synced: SandboxProcess) -> None:
    draft = open_draft(account=cast.harbor, user=cast.buyer)
    typed = {"1,234": 1234, "1.234": None, "12": 12, "1,5": None}
    keep_rows(draft=draft, rows=[TypedRow("FST-10001", text, "EA") for text in typed])
    for language in ("en", "es"):
        with translation.override(language):
            assert {line.row.quantity: line.quantity for line in judge_rows(draft=draft).lines} == typed


def test_what_is_stored_and_what_programs_read_is_english(cast: Cast, synced: SandboxProcess) -> None:
    from orders.process.intake import place_order

    with translation.override("es"):
        order = place_order(order=asked(("NOPE-1", "3", "EA", None), po="ES-1", channel="edi"), source_key="t:es").order
        assert translation.get_language() == "es"
    assert OrderFinding.objects.get(order=order).message == "Line 1: no item is known as NOPE-1"
    assert "no item is known as" in Case.objects.get(subject_id=str(order.pk)).sentence
    _, key = ApiKey.objects.create_key(name="t", account=cast.harbor, channel="api", scopes=list(Scope))
    client = Client(headers={"Authorization": f"Api-Key {key}"})
    for address in (f"/api/v1/orders/{order}", "/api/v1/items/FST-10001", "/api/v1/schema"):
        english, spanish = client.get(address), client.get(address, headers=SPANISH)
        assert (english.status_code, english.content) == (spanish.status_code, spanish.content), address
    refusal = client.get("/api/v1/items/NOPE", headers=SPANISH).json()
    assert refusal["detail"] == "No Item matches the given query."
    User.objects.filter(pk=cast.buyer.pk).update(language="es")
    reader = signed_in(cast.buyer)
    table = b"".join(reader.get("/orders.csv?view=all").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Needs an answer" in table

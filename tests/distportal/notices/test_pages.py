"""The bell, the grid, the way out of a mail, and the preview: for the person alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail as outbox_of_django
from django.test import Client

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership, User
from distportal.events.sweeper import work_until_idle
from distportal.notices.choices import Mode
from distportal.notices.kinds import Told, notice_kinds
from distportal.notices.models import Notice, NoticeChoice, NoticeSettings
from distportal.notices.samples import samples
from distportal.notices.telling import tell
from distportal.notices.unsubscribing import DIGEST, unsubscribe_path
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
SETTINGS = "/notifications/settings/"


def tell_of(cast: Cast, what: str, *people: User, kind: str = "test.news") -> None:
    told = Told(account=cast.harbor, facts={"what": what}, path="/orders/", people=people)
    tell(kind=kind, key=what, told=told)


def bell(client: Client) -> str:
    found = re.search(r'class="btn ghost icon bell".*?aria-label="([^"]*)"', client.get("/").content.decode())
    assert found
    return found[1]


def test_the_bell_counts_and_opening_reads(cast: Cast) -> None:
    buyer = signed_in(cast.buyer)
    assert bell(buyer) == "Notifications"
    for what in ("Rain", "Snow"):
        tell_of(cast, what, cast.buyer)
    assert bell(buyer) == "Notifications: 2 unread"
    page = buyer.get("/notifications/")
    assert [row.sentence for row in page.context["rows"]] == ["Snow happened", "Rain happened"]
    rain = Notice.objects.get(key="Rain")
    answer = buyer.post(f"/notifications/{rain.pk}/open/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/orders/")
    assert bell(buyer) == "Notifications: 1 unread"
    buyer.post("/notifications/read/")
    assert bell(buyer) == "Notifications"
    assert b"All read" in buyer.get("/notifications/").content
    assert b"Rain happened" in buyer.get("/notifications/?view=all").content


def test_a_stranger_neither_sees_nor_reads_what_another_was_told(cast: Cast) -> None:
    tell_of(cast, "Rain", cast.buyer)
    notice, stranger = Notice.objects.get(), signed_in(cast.stranger)
    assert b"Rain" not in stranger.get("/notifications/?view=all").content
    assert stranger.post(f"/notifications/{notice.pk}/open/").status_code == 404
    stranger.post("/notifications/read/", {"id": notice.pk})
    stranger.post("/notifications/read/")
    notice.refresh_from_db()
    assert notice.read_at is None
    assert Client().get("/notifications/").status_code == 302
    assert stranger.post("/notifications/read/", {"id": "x"}).status_code == 404


def test_who_left_the_account_finds_nothing_of_it_any_more(cast: Cast) -> None:
    tell_of(cast, "Rain", cast.buyer)
    Membership.objects.filter(user=cast.buyer).delete()
    buyer = signed_in(cast.buyer)
    assert b"Rain" not in buyer.get("/notifications/?view=all").content
    assert bell(buyer) == "Notifications"


def test_the_grid_shows_what_the_role_is_told_and_keeps_what_is_chosen(cast: Cast) -> None:
    Membership.objects.filter(user=cast.buyer).update(role=Role.ACCOUNTS)
    accounts = signed_in(cast.buyer)
    page = accounts.get(SETTINGS).content.decode()
    assert 'name="mail.invoice.issued"' in page
    assert 'name="mail.order.held"' not in page
    sent = {
        "mail.invoice.issued": "off", "mail.dispute.answered": "digest", "app.dispute.answered": "on",
        "quiet_from": "20:00", "quiet_until": "06:30", "digest_at": "08:15", "time_zone": "Europe/Madrid",
    }  # fmt: skip
    assert accounts.post(SETTINGS, sent).status_code == 302
    rows = {row.kind: (row.mail, row.in_app) for row in NoticeChoice.objects.filter(user=cast.buyer)}
    assert rows["invoice.issued"] == (Mode.OFF, False)
    assert rows["dispute.answered"] == (Mode.DIGEST, True)
    assert "invoice.overdue" not in rows, "mandatory: nothing of it changed"
    own = NoticeSettings.objects.get(user=cast.buyer)
    assert (str(own.quiet_from), str(own.digest_at), own.user.time_zone) == ("20:00:00", "08:15:00", "Europe/Madrid")
    assert 'value="off" checked' in accounts.get(SETTINGS).content.decode().split('name="mail.invoice.issued"', 3)[3]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"quiet_from": "20:00"}, "Quiet hours need both"),
        ({"time_zone": "Mars/Olympus"}, "is no time zone"),
        ({"mail.invoice.overdue": "off"}, "cannot be set so"),
        ({"mail.order.held": "weekly"}, "cannot be set so"),
        ({"digest_at": "late"}, "Nothing was saved; what you typed is kept."),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(cast: Cast, sent: dict[str, str], says: str) -> None:
    clock = {"quiet_from": "21:00", "quiet_until": "06:00"} if "quiet_from" not in sent else {}
    answer = signed_in(cast.colleague).post(SETTINGS, {"mail.order.accepted": "digest", **clock, **sent})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert not NoticeChoice.objects.exists()
    assert not NoticeSettings.objects.exists(), "neither the grid nor the clock"
    assert 'name="mail.order.accepted" value="digest" checked' in page, "the grid is as it was left"


def test_one_click_ends_one_kind_signed_out_and_looking_ends_nothing(cast: Cast) -> None:
    tell_of(cast, "Rain", cast.buyer)
    work_until_idle()
    sent: Any = outbox_of_django.outbox[0]  # type: ignore[attr-defined]
    path = sent.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    anybody = Client(enforce_csrf_checks=True)
    assert "End these mails?" in anybody.get(path).content.decode()
    assert not NoticeChoice.objects.exists()
    done = anybody.post(path, {"List-Unsubscribe": "One-Click"})
    assert (done.status_code, "The test.news" in done.content.decode()) == (200, True)
    assert [(row.user, row.kind, row.mail) for row in NoticeChoice.objects.all()] == [
        (cast.buyer, "test.news", Mode.OFF)
    ]
    tell_of(cast, "Snow", cast.buyer)
    work_until_idle()
    assert len(outbox_of_django.outbox) == 1  # type: ignore[attr-defined]
    assert Notice.objects.filter(key="Snow", in_app=True).exists(), "in the portal it is still seen"


def test_the_digests_own_link_ends_what_comes_with_it_and_nothing_mandatory(cast: Cast) -> None:
    Client().post(unsubscribe_path(cast.buyer.pk, DIGEST))
    off = set(NoticeChoice.objects.filter(user=cast.buyer, mail=Mode.OFF).values_list("kind", flat=True))
    assert off == {kind.key for kind in notice_kinds() if kind.mail == Mode.DIGEST and not kind.mandatory}
    Client().post(unsubscribe_path(cast.buyer.pk, "test.law"))
    assert not NoticeChoice.objects.filter(kind="test.law").exists()


def test_a_link_that_we_did_not_make_changes_nothing(cast: Cast) -> None:
    good = unsubscribe_path(cast.buyer.pk, "test.news")
    for path in (good[:-3] + "/", unsubscribe_path(cast.buyer.pk, "no.kind"), "/notifications/unsubscribe/x/"):
        assert Client().post(path).status_code == 404
    assert not NoticeChoice.objects.exists()


def test_the_preview_shows_every_mail_in_both_formats_to_staff_alone(cast: Cast) -> None:
    agent = signed_in(cast.agent)
    index = agent.get("/notifications/mails/").content.decode()
    assert len(samples()) > 15
    for one in samples():
        assert f"mail={one.key}" in index
        html = agent.get(f"/notifications/mails/{one.key}.html")
        text = agent.get(f"/notifications/mails/{one.key}.txt").content.decode()
        assert "style-src 'unsafe-inline'" in html.headers["Content-Security-Policy"]
        assert "script-src 'none'" in html.headers["Content-Security-Policy"]
        assert html.headers["X-Frame-Options"] == "SAMEORIGIN"
        for said in (html.content.decode(), text):
            assert "{" not in re.sub(r"(?s)<style>.*?</style>", "", said), f"{one.key}: a fact is missing"
            assert len(said) > 100
    assert agent.get("/notifications/mails/none.html").status_code == 404
    for path in ("/notifications/mails/", "/notifications/mails/order.held.html"):
        assert signed_in(cast.buyer).get(path).status_code == 403

"""A new site gets its accounts, places and people by a command, and each of them signs in by a mail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from distportal.accounts.models import Account, Invitation, Membership, ShipTo, User
from distportal.events.sweeper import work_until_idle
from tests.clients import signed_in
from tests.web.test_guessing import some_address

pytestmark = pytest.mark.django_db
ACCOUNTS = "code,name,kind,tier\nNEWCO,New Company,dealer,A\nRETAIL,Retail Chain,retailer,\n"
PLACES = "account;code;name;street;city;region;postcode\nNEWCO;NEWCO-01;New Company Yard;1 Dock Road;Reno;NV;00501\n"
PEOPLE = "email,name,teams\nOlga@House.example,Olga North,operator agent\n"
NEW = "quite-another-long-word-7"


def enter(tmp_path: Path, kind: str, text: str) -> None:
    file = tmp_path / f"{kind}.csv"
    file.write_text(text)
    call_command("enter", kind, str(file), verbosity=0)


def test_an_empty_site_has_its_people_at_work_afterwards(tmp_path: Path) -> None:
    for _ in range(2):  # the second time finds all there
        for kind, text in (("accounts", ACCOUNTS), ("places", PLACES), ("people", PEOPLE)):
            enter(tmp_path, kind, text)
    company, place, olga = Account.objects.get(code="NEWCO"), ShipTo.objects.get(), User.objects.get()
    assert (company.kind, company.tier, Account.objects.get(code="RETAIL").kind) == ("dealer", "A", "retailer")
    assert (place.account, place.postcode, place.country) == (company, "00501", "US")
    assert (olga.email, olga.is_staff, olga.has_usable_password()) == ("olga@house.example", True, False)
    client = Client(REMOTE_ADDR=some_address())
    client.post("/accounts/password/reset/", {"email": olga.email})
    [link] = re.findall(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    client.post("/accounts/login/", {"login": olga.email, "password": NEW})
    assert client.get("/desk/").status_code == client.get("/personal-data/").status_code == 200
    call_command("enter", "administrator", "NEWCO", "first@newco.example", by=olga.email, verbosity=0)
    work_until_idle()
    [way] = re.findall(r"https?://[^/]+(/\S*join\S+)", str(mail.outbox[-1].body))[:1]
    assert Invitation.objects.get().invited_by == olga
    Client().post(way, {"name": "Fay First", "password": NEW, "password2": NEW})
    member = Membership.objects.get()
    assert (member.account, member.role, member.user.email) == (company, "admin", "first@newco.example")
    assert signed_in(member.user).get("/company/people/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("accounts", "code\nA\n", "lacks these columns: name"),
        ("accounts", "code,name,credit_limit\nA,A,9\n", "not known: credit_limit"),
        ("accounts", "code,name\nA,Good\nB,\n", "Row 3: name is empty"),
        ("accounts", "code,name,kind\nA,Good,dealer\nB,Bad,friend\n", "Row 3: kind: "),
        ("places", PLACES, "Row 2: there is no account of that code"),
        ("people", "email,name,teams\na@b.example,A,boss\n", "no teams: boss"),
        ("people", "email,name,teams\nnobody,A,agent\n", "Row 2: email: "),
    ],
)
def test_one_wrong_row_enters_nothing(tmp_path: Path, kind: str, text: str, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        enter(tmp_path, kind, text)
    assert not Account.objects.exists()
    assert not User.objects.exists()


def test_who_is_none_of_ours_invites_nobody(tmp_path: Path) -> None:
    enter(tmp_path, "accounts", ACCOUNTS)
    for account, by in (("NOBODY", "x@y.example"), ("NEWCO", "x@y.example")):
        with pytest.raises(CommandError, match=r"no account|none of our people"):
            call_command("enter", "administrator", account, "a@b.example", by=by)
    assert not Invitation.objects.exists()

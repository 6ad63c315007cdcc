"""What a dealer writes reaches our own people, as each of them chose, and never as more than one digest a day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group

from distportal.accounts.models import User
from distportal.common.errors import Invalid
from distportal.events.sweeper import work_until_idle
from distportal.notices.choices import Plan
from distportal.notices.inbox import notices_of, shown
from distportal.notices.mailing import mail_gathered
from distportal.notices.models import Mail, Notice
from distportal.notices.preferences import grid, set_grid
from distportal.threads.subjects import Subject
from orders.models import Order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.threads.saying import say

pytestmark = pytest.mark.django_db
KIND = "thread.dealer_wrote"
AGENTS = frozenset({"agent"})


@pytest.fixture
def second(cast: Cast) -> User:
    """Another agent."""
    user = User.objects.create_user(email="second@northline.example", password=None, name="Ben Ito", is_staff=True)
    user.groups.add(Group.objects.get(name="agent"))
    return user


def told(*people: User) -> list[list[str]]:
    work_until_idle()
    return [[one.sentence for one in shown(list(notices_of(who))) if one.kind.key == KIND] for who in people]


def test_all_agents_hear_of_it_until_one_of_them_answers(
    cast: Cast, order: Order, subject: Subject, second: User
) -> None:
    say(subject, cast.buyer, "Can it go out a day later?")
    first = f"{cast.harbor.name}, Order {order}: {cast.buyer.name} wrote to us"
    assert told(cast.agent, second, cast.finance, cast.buyer, cast.stranger) == [[first], [first], [], [], []]
    assert first in signed_in(second).get("/notifications/").content.decode()
    say(subject, second, "It can.")
    say(subject, cast.buyer, "Thank you.")
    assert [len(one) for one in told(cast.agent, second)] == [1, 2]
    assert not Mail.objects.filter(kind=KIND).exists(), "it waits for the digest"


def test_one_digest_a_day_however_much_they_write(cast: Cast, subject: Subject, second: User) -> None:
    for number in range(25):
        say(subject, cast.buyer, f"Question {number}")
    told(second)
    assert Notice.objects.filter(user=second, kind=KIND, plan=Plan.DIGEST, mail=None).count() == 25
    slot = dt.date(2031, 5, 6).isoformat()
    mail = mail_gathered(user_id=second.pk, plan=Plan.DIGEST, slot=slot)
    assert mail is not None
    assert (mail.to_email, "wrote to us" in mail.text) == (second.email, True)
    assert mail_gathered(user_id=second.pk, plan=Plan.DIGEST, slot=slot) is None
    assert Mail.objects.filter(user=second).count() == 1


def test_each_chooses_and_only_of_what_is_theirs(cast: Cast, subject: Subject, second: User) -> None:
    assert KIND in [row.kind.key for row in grid(user=second, roles=AGENTS)]
    assert KIND not in [row.kind.key for row in grid(user=cast.buyer, roles=frozenset({"buyer", "admin"}))]
    with pytest.raises(Invalid):
        set_grid(user=second, roles=AGENTS, wanted={KIND: ("hourly", True)})
    page = signed_in(second).get("/notifications/settings/").content.decode()
    assert f'name="mail.{KIND}"' in page
    answer = signed_in(second).post("/notifications/settings/", {f"mail.{KIND}": "off", "language": "en"})
    assert answer.status_code == 302
    set_grid(user=cast.agent, roles=AGENTS, wanted={KIND: ("instant", True)})
    say(subject, cast.buyer, "Can it go out a day later?")
    assert [len(one) for one in told(cast.agent, second)] == [1, 0]
    assert list(Mail.objects.filter(kind=KIND).values_list("to_email", flat=True)) == [cast.agent.email]


def test_what_we_write_and_what_is_internal_is_no_news_to_us(cast: Cast, subject: Subject, second: User) -> None:
    say(subject, cast.agent, "We wait for the truck")
    say(subject, cast.agent, "Mind this one", internal=True)
    assert told(cast.agent, second) == [[], []]


def test_who_left_us_gets_no_digest(cast: Cast, subject: Subject, second: User) -> None:
    say(subject, cast.buyer, "Hello?")
    told(second)
    User.objects.filter(pk=second.pk).update(is_active=False)
    assert mail_gathered(user_id=second.pk, plan=Plan.DIGEST, slot="2031-05-06") is None
    assert not Mail.objects.filter(user=second).exists()

"""A message is written once, read by whom it is for, and makes it somebody's turn."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.accounts.wall import behind_wall
from distportal.common.errors import NotAllowed, NotFound
from distportal.events.lineage import story
from distportal.events.models import OutboxEvent
from distportal.events.sweeper import work_until_idle
from distportal.notices.inbox import notices_of, shown
from distportal.notices.models import Mail
from distportal.threads.errors import AnotherMessage, NothingWritten
from distportal.threads.models import Message, MessageFile, Thread
from distportal.threads.posting import settle_thread
from distportal.threads.reading import threads_of, waiting_threads
from distportal.threads.subjects import Subject, subject_named
from distportal.uploads.models import StoredFile
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.process.cases import open_case
from exceptions.process.handling import claim_case, put_aside
from orders.models import Order
from tests.at_once import at_once
from tests.conftest import Cast
from tests.threads.saying import said_with_a_file, say

pytestmark = pytest.mark.django_db


def told(cast: Cast) -> dict[str, list[str]]:
    work_until_idle()
    return {
        name: [one.sentence for one in shown(list(notices_of(user))) if one.kind.key.startswith("thread.")]
        for name, user in (("buyer", cast.buyer), ("colleague", cast.colleague), ("stranger", cast.stranger))
    }


def test_what_we_write_to_the_dealer_reaches_who_ordered_by_mail(cast: Cast, order: Order, subject: Subject) -> None:
    say(subject, cast.agent, "The blue ones are out. Grey?", asks=True)
    assert told(cast) == {
        "buyer": [f"Order {order}: {cast.agent.name} asks you something and waits for your answer"],
        "colleague": [],
        "stranger": [],
    }
    mail = Mail.objects.get(kind="thread.asked")
    assert (mail.to_email, "The blue ones are out. Grey?" in mail.text) == (cast.buyer.email, True)
    assert f"/orders/{order.number}/#thread" in mail.text


def test_what_is_internal_reaches_no_dealer_by_any_way(cast: Cast, order: Order, subject: Subject) -> None:
    note = said_with_a_file(subject, cast.agent, internal=True)
    assert told(cast) == {"buyer": [], "colleague": [], "stranger": []}
    assert not Mail.objects.filter(kind__startswith="thread.").exists()
    assert list(OutboxEvent.objects.filter(aggregate_type="thread").values_list("type", flat=True)) == [
        "thread.note_written"
    ]
    assert not threads_of(cast.buyer).exists()
    assert list(Message.objects.visible_to(cast.agent)) == [note]
    assert not Message.objects.visible_to(cast.buyer).exists()
    with behind_wall([cast.harbor.pk]):  # the database itself hides it, whatever the portal asks
        assert (Message.objects.count(), MessageFile.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
        assert Thread.objects.count() == 1
    steps = [step.title for step in story(order.correlation_id, internal=False)]
    assert "Note for colleagues" not in steps
    assert "Note for colleagues" in [step.title for step in story(order.correlation_id, internal=True)]


def test_a_dealer_cannot_write_what_is_internal(cast: Cast, subject: Subject) -> None:
    row = say(subject, cast.buyer, "Hello", internal=True, asks=True)
    assert (row.side, row.internal, row.asks) == ("dealer", False, False)
    forged = Message(
        thread=row.thread, token=uuid.uuid4(), side="staff", internal=True, text="x", author_name="x",
        correlation_id=uuid.uuid4(),
    )  # fmt: skip
    with (
        behind_wall([cast.harbor.pk]),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        forged.save()


def test_turns_go_from_side_to_side(cast: Cast, subject: Subject) -> None:
    turns = []
    internal, asks = {"internal": True}, {"asks": True}
    for user, more in (
        (cast.buyer, {}), (cast.agent, internal), (cast.agent, asks), (cast.agent, internal), (cast.buyer, {}),
        (cast.agent, {}),
    ):  # fmt: skip
        say(subject, user, "…", **more)
        turns.append(Thread.objects.get().waits_for)
    assert turns == ["staff", "staff", "dealer", "dealer", "staff", ""]
    say(subject, cast.buyer, "Thank you")
    assert [row.label for row in waiting_threads(cast.agent)] == [subject.label]
    assert not waiting_threads(cast.buyer).exists()
    with pytest.raises(NotAllowed):
        settle_thread(thread_id=Thread.objects.get().pk, user=cast.buyer)
    settle_thread(thread_id=Thread.objects.get().pk, user=cast.agent)
    assert not waiting_threads(cast.agent).exists()


def test_one_form_is_one_message(cast: Cast, order: Order, subject: Subject) -> None:
    token = uuid.uuid4()
    first = say(subject, cast.buyer, "Where is it?", token=token)
    assert say(subject, cast.buyer, "Where is it?", token=token) == first
    for other in (cast.colleague, cast.agent):
        with pytest.raises(AnotherMessage):
            say(subject, other, "Where is it?", token=token)
    assert Message.objects.count() == 1
    assert OutboxEvent.objects.filter(type="thread.message_posted").count() == 1


def test_nothing_and_too_much_are_refused(cast: Cast, subject: Subject) -> None:
    for text in ("", "  \n", "x" * 4001):
        with pytest.raises(NothingWritten, match="nothing was sent"):
            say(subject, cast.buyer, text)
    assert Message.objects.count() == 0
    assert said_with_a_file(subject, cast.buyer).files.count() == 1


def test_who_only_looks_and_a_stranger_write_nothing(cast: Cast, subject: Subject) -> None:
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    for user in (cast.buyer, cast.stranger):
        with pytest.raises(NotAllowed):
            say(subject, user, "Hello")
    assert not Thread.objects.exists()


def test_nobody_takes_a_file_of_somebody_else(cast: Cast, subject: Subject) -> None:
    theirs = said_with_a_file(subject, cast.colleague).files.get().file
    with pytest.raises(NothingWritten):
        say(subject, cast.buyer, "", files=[theirs.pk])


def test_what_was_written_stays_as_it_was(cast: Cast, subject: Subject) -> None:
    row = said_with_a_file(subject, cast.agent)
    for act in (
        lambda: Message.objects.filter(pk=row.pk).update(text="Never said"),
        lambda: row.files.all().delete(),
        lambda: say(subject, cast.agent, "x").delete(),
    ):
        with pytest.raises(ProgrammingError, match="pgtrigger: Cannot"), transaction.atomic():
            act()


def test_a_case_is_talked_about_on_its_record_and_else_in_a_thread_of_its_own(cast: Cast, order: Order) -> None:
    case = open_case(
        kind="order.held", code="x", subject_type="order", subject_id=str(order.pk), sentence="s", account=cast.harbor
    )
    assert subject_named("case", str(case.pk)) is not None
    assert getattr(subject_named("case", str(case.pk)), "key", "") == f"order.{order.pk}"
    alone = open_case(
        kind="edi.x", code="x", subject_type="edi", subject_id="1", sentence="s", account=cast.harbor
    )  # fmt: skip
    subject = subject_named("case", str(alone.pk))
    with pytest.raises(NotFound):
        say(subject, cast.buyer, "I guessed the address")
    say(subject, cast.agent, "Which item is 4711?", asks=True)
    words = f"Question {alone}: {cast.agent.name} asks you something and waits for your answer"
    assert told(cast) == {"buyer": [words], "colleague": [words], "stranger": []}
    say(subject, cast.buyer, "It is FST-10001")
    say(subject, cast.agent, "Thank you")
    heard = told(cast)
    assert (len(heard["buyer"]), len(heard["colleague"])) == (2, 1)
    nobodys = open_case(kind="dead.job", code="x", subject_type="job", subject_id="1", sentence="s")
    assert subject_named("case", str(nobodys.pk)) is None


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_form_are_one_message(cast: Cast, subject: Subject) -> None:
    token = uuid.uuid4()
    seen = at_once(*[lambda: say(subject, cast.buyer, "Twice", token=token).pk] * 2)
    assert (len(set(seen)), Message.objects.count(), Thread.objects.count()) == (1, 1, 1)


def test_a_dealers_answer_ends_the_waiting_of_the_records_cases(cast: Cast, order: Order, subject: Subject) -> None:
    until = timezone.now() + dt.timedelta(days=2)
    cases = [
        open_case(
            kind="order.held", code=code, subject_type="order", subject_id=subject_id, sentence="s", account=cast.harbor
        )
        for code, subject_id in (
            ("mine", str(order.pk)),
            ("theirs", str(order.pk)),
            ("other", "1"),
            ("new", str(order.pk)),
        )
    ]
    mine, theirs, other, new = cases
    claim_case(case_id=mine.pk, user=cast.agent, version=mine.version)
    for case in (mine, theirs, other):
        version = Case.objects.get(pk=case.pk).version
        put_aside(case_id=case.pk, version=version, status=CaseStatus.WAITING_DEALER, until=until)
    say(subject, cast.agent, "Grey?", asks=True)
    work_until_idle()
    assert Case.objects.get(pk=mine.pk).status == "waiting_dealer", "we wrote, they did not"
    say(subject, cast.buyer, "Grey")
    work_until_idle()
    for case in cases:
        case.refresh_from_db()
    assert [case.status for case in cases] == ["claimed", "new", "waiting_dealer", "new"]
    assert (mine.owner, mine.remind_at, mine.paused_at) == (cast.agent, None, None)
    assert mine.entries.last().action == "answered"  # type: ignore[union-attr]
    assert not new.entries.filter(action="answered").exists()

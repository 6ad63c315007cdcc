"""Threads on the pages of records: one card for staff and dealers, who reads it in words, nothing typed is lost."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership, User
from distportal.threads.models import Message, Thread, ThreadReader
from distportal.threads.subjects import Subject
from distportal.uploads.models import StoredFile
from exceptions.process.cases import open_case
from orders.models import Order
from tests.clients import signed_in
from tests.company.test_visits import visiting
from tests.conftest import Cast
from tests.threads.saying import a_pdf, a_picture, said_with_a_file, say

pytestmark = pytest.mark.django_db


def sent(client: Any, subject: Subject, text: str, **more: Any) -> Any:
    form = {"token": str(uuid.uuid4()), "text": text, **more}
    return client.post(f"/messages/on/{subject.key}/", form)


def test_staff_say_who_reads_it_and_the_page_shows_the_difference(cast: Cast, order: Order, subject: Subject) -> None:
    agent, buyer = signed_in(cast.agent), signed_in(cast.buyer)
    address = f"/orders/{order.number}/"
    box = agent.get(address).content.decode()
    assert "<b>Harbor Hardware</b> will see this and get a mail" in box
    assert "<b>Internal</b>: only our people ever see this" in box
    unsaid = sent(agent, subject, "Half a thought")
    assert (unsaid.status_code, Message.objects.count()) == (422, 0)
    assert "Say who shall read it" in unsaid.content.decode()
    assert "Half a thought</textarea>" in unsaid.content.decode()
    assert sent(agent, subject, "Credit is thin", to="internal").status_code == 302
    assert sent(agent, subject, "Shall we send the grey ones?", to="dealer", asks="1").status_code == 302
    ours, theirs = agent.get(address).content.decode(), buyer.get(address).content.decode()
    assert 'class="internal' in ours
    assert "to Harbor Hardware" in ours
    assert "Credit is thin" in ours
    assert "Credit is thin" not in theirs
    assert 'class="internal' not in theirs
    assert "Shall we send the grey ones?" in theirs
    assert "everybody of Harbor Hardware in this portal can read this" in theirs
    assert "needs your answer" in theirs


def test_a_dealer_answers_from_the_home_page_on(cast: Cast, order: Order, subject: Subject) -> None:
    say(subject, cast.agent, "Grey?", asks=True)
    buyer, agent = signed_in(cast.buyer), signed_in(cast.agent)
    home = buyer.get("/").content.decode()
    assert f"Order {order}: we asked you something." in home
    assert f'href="/orders/{order.number}/#thread"' in home
    answer = sent(buyer, subject, "Grey is fine", next="/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/#thread")
    assert "we asked you something" not in buyer.get("/").content.decode()
    waiting = agent.get("/messages/").content.decode()
    assert "needs our answer" in waiting
    assert "Harbor Hardware" in waiting
    thread = Thread.objects.get()
    assert buyer.post(f"/messages/{thread.pk}/settled/").status_code == 403
    agent.post(f"/messages/{thread.pk}/settled/")
    assert "Nobody waits" in agent.get("/messages/?view=ours").content.decode()


def test_what_is_new_is_marked_once_and_for_each_person(cast: Cast, order: Order, subject: Subject) -> None:
    say(subject, cast.agent, "One")
    buyer, colleague = signed_in(cast.buyer), signed_in(cast.colleague)
    assert 'class="unread"' in buyer.get("/messages/?view=all").content.decode()
    assert 'class="staff new"' in buyer.get(f"/orders/{order.number}/").content.decode()
    assert 'class="staff new"' not in buyer.get(f"/orders/{order.number}/").content.decode()
    assert 'class="unread"' not in buyer.get("/messages/?view=all").content.decode()
    assert 'class="unread"' in colleague.get("/messages/?view=all").content.decode()


def test_who_looks_in_a_dealers_place_sees_what_they_see_and_reads_nothing_for_them(
    cast: Cast, order: Order, subject: Subject
) -> None:
    say(subject, cast.finance, "Secret", internal=True)
    say(subject, cast.finance, "Open")
    page = visiting(cast).get(f"/orders/{order.number}/").content.decode()
    assert "Open" in page
    assert "Secret" not in page
    assert "<textarea" not in page.partition('id="thread"')[2].partition("</section>")[0]
    assert not ThreadReader.objects.exists()


def test_a_refused_form_keeps_words_and_good_files(cast: Cast, subject: Subject) -> None:
    buyer, token = signed_in(cast.buyer), str(uuid.uuid4())
    broken = a_picture("page.html")
    broken.file.write(b"<script>")  # type: ignore[union-attr]
    broken.seek(0)
    first = sent(buyer, subject, "Two boxes crushed", token=token, files=[a_picture(), broken, a_pdf("slip.exe")])
    page = first.content.decode()
    assert (first.status_code, Message.objects.count()) == (422, 0)
    assert "page.html: it is no PNG, JPEG or WEBP picture and no PDF, or it is broken." in page
    assert "Two boxes crushed</textarea>" in page
    assert "<b>box.png</b>" in page
    assert "<b>slip.pdf</b>" in page
    drop = StoredFile.objects.get(name="slip.pdf")
    second = sent(buyer, subject, "Two boxes crushed", token=token, drop=str(drop.pk))
    assert second.status_code == 302
    row = Message.objects.get()
    assert [held.file.name for held in row.files.all()] == ["box.png"]
    again = sent(buyer, subject, "Two boxes crushed", token=token)
    assert (again.status_code, Message.objects.count()) == (302, 1)


def test_files_are_read_by_who_reads_the_message(cast: Cast, subject: Subject) -> None:
    shown = said_with_a_file(subject, cast.agent).files.get().file
    hidden = said_with_a_file(subject, cast.agent, internal=True).files.get().file
    seen = [
        signed_in(user).get(f"/messages/files/{file.pk}/").status_code
        for user in (cast.buyer, cast.agent, cast.stranger)
        for file in (shown, hidden)
    ]
    assert seen == [200, 404, 200, 200, 404, 404]
    answer = signed_in(cast.buyer).get(f"/messages/files/{shown.pk}/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_stranger_and_a_reader_write_nothing(cast: Cast, subject: Subject) -> None:
    thread = say(subject, cast.agent, "Hello").thread
    stranger = signed_in(cast.stranger)
    assert sent(stranger, subject, "Hi").status_code == 404
    assert stranger.get(f"/messages/{thread.pk}/").status_code == 404
    for odd in ("order.1", "order.", "nothing.1", f"order.{uuid.uuid4()}"):
        assert signed_in(cast.buyer).post(f"/messages/on/{odd}/", {"text": "x"}).status_code == 404
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    viewer = signed_in(cast.buyer)
    assert sent(viewer, subject, "Hi").status_code == 403
    page = viewer.get(f"/messages/{thread.pk}/").content.decode()
    assert "Your role reads messages" in page
    assert "<textarea" not in page
    assert Message.objects.count() == 1


def test_a_case_without_a_record_is_asked_and_answered_in_messages(cast: Cast) -> None:
    case = open_case(
        kind="edi.x", code="x", subject_type="edi", subject_id="1", sentence="A code is unknown", account=cast.harbor
    )
    agent, buyer = signed_in(cast.agent), signed_in(cast.buyer)
    desk = f"/desk/{case.number}/"
    assert "<b>Harbor Hardware</b> will see this" in agent.get(desk).content.decode()
    form = {"token": str(uuid.uuid4()), "text": "What is 4711?", "to": "dealer", "asks": "1", "next": desk}
    assert agent.post(f"/messages/on/case.{case.pk}/", form).headers["Location"] == f"{desk}#thread"
    assert "What is 4711?" in agent.get(desk).content.decode()
    thread = Thread.objects.get()
    assert f'href="/messages/{thread.pk}/"' in buyer.get("/").content.decode()
    page = buyer.get(f"/messages/{thread.pk}/").content.decode()
    assert "What is 4711?" in page
    assert "A code is unknown" not in page
    answer = {"token": str(uuid.uuid4()), "text": "FST-10001"}
    assert buyer.post(f"/messages/on/case.{case.pk}/", answer).status_code == 302
    assert "FST-10001" in agent.get(desk).content.decode()
    nobodys = open_case(kind="dead.job", code="x", subject_type="job", subject_id="1", sentence="s")
    assert 'id="thread"' not in agent.get(f"/desk/{nobodys.number}/").content.decode()


def test_a_huge_thread_is_read_page_by_page_with_as_few_queries(cast: Cast, order: Order, subject: Subject) -> None:
    thread = say(subject, cast.agent, "First").thread
    buyer = signed_in(cast.buyer)

    def counted(address: str) -> tuple[int, str]:
        buyer.get(address)
        with CaptureQueriesContext(connection) as ran:
            page = buyer.get(address).content.decode()
        return len(ran), page

    few, _ = counted(f"/orders/{order.number}/")
    Message.objects.bulk_create(
        Message(
            thread=thread, token=uuid.uuid4(), side="staff", internal=n % 2 == 1, text=f"Number {n}", author=cast.agent,
            author_name="A", correlation_id=uuid.uuid4(),
        )
        for n in range(5000)
    )  # fmt: skip
    many, page = counted(f"/orders/{order.number}/")
    assert many == few
    assert page.count('id="message-') == 20
    older = page.partition("?before=")[2].partition('"')[0]
    page = buyer.get(f"/messages/{thread.pk}/?before={older}").content.decode()
    assert page.count('id="message-') == 20
    assert "Number 4958" in page
    assert "Number 4957" not in page
    assert buyer.get(f"/messages/{thread.pk}/?before=x").status_code == 200


def test_who_may_not_write_is_asked_for_no_answer(cast: Cast, order: Order, subject: Subject) -> None:
    assert sent(signed_in(cast.agent), subject, "Which dock?", to="dealer", asks="1").status_code == 302
    asked = signed_in(cast.buyer).get("/").content.decode()
    assert "It waits for your answer since" in asked
    assert f'Answer<span class="sr"> {subject.label}</span>' in asked
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    told = signed_in(cast.buyer).get("/").content.decode()
    assert "for a colleague who may answer" in told
    assert f'Read<span class="sr"> {subject.label}</span>' in told
    assert "It waits for your answer" not in told
    User.objects.filter(pk=cast.buyer.pk).update(language="es")
    for page in ("/", "/messages/?view=all"):
        assert f"Pedido {order}" in signed_in(cast.buyer).get(page).content.decode(), page

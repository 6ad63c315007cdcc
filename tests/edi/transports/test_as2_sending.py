"""Messages of ours at a partner that opens them with openssl: committed first, settled by the receipt alone."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from edi.models import As2Message, Document, MailboxLink, OutboundFile
from edi.process.as2_receipts import watch_receipts
from edi.process.delivery import deliver_files, send_again
from edi.process.inbound import read_file
from edi.process.mailboxes import store_file
from exceptions.models import Case
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole
from tests.edi.transports.as2.partner import Answer, As2Partner

pytestmark = pytest.mark.django_db
FILE = whole(group(po()))


@pytest.fixture
def file(crestline: Post, as2: As2Partner) -> OutboundFile:
    """A 997 that waits for the partner."""
    row = store_file(mailbox=crestline.partner.mailbox, name="in.edi", content=FILE)
    read_file(file_id=row.pk)
    return OutboundFile.objects.get()


def deliver() -> int:
    MailboxLink.objects.update(retry_at=None)
    return deliver_files(partner_code="CRESTLINE")


def states(file: OutboundFile) -> tuple[str, list[str]]:
    file.refresh_from_db()
    return file.delivery, list(As2Message.objects.order_by("created_at").values_list("state", flat=True))


def test_the_partner_gets_the_very_bytes_and_its_receipt_delivers_them(as2: As2Partner, file: OutboundFile) -> None:
    assert deliver() == 1
    [(headers, body)] = as2.got
    assert as2.opened(body)[1] == bytes(file.content)
    assert (headers["as2-from"], headers["as2-to"], headers["as2-version"]) == ('"Northline AS2"', "CRESTLINE", "1.2")
    assert "sha-256" in headers["disposition-notification-options"]
    assert states(file) == ("delivered", ["delivered"])
    message = As2Message.objects.get()
    assert (message.attempts, message.disposition, message.receipt_at is not None) == (1, "processed", True)
    document = Document.objects.get(direction="out")
    assert document.sent_at is not None
    assert not Case.objects.exists()


def test_a_slow_partner_gets_its_files_in_several_goes_each_within_a_workers_time(
    crestline: Post, as2: As2Partner, file: OutboundFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worked off in one go, they would end the worker again and again until the job is given up."""
    for number in (2, 3):
        content = whole(group(po(po_number=f"S{number}")), number=f"{number:09}")
        row = store_file(mailbox=crestline.partner.mailbox, name=f"{number}.edi", content=content)
        read_file(file_id=row.pk)
    waiting = OutboundFile.objects.filter(sent_at=None)
    before = waiting.count()
    monkeypatch.setattr("edi.process.delivery.MOST_SECONDS", -1.0)
    assert (before > 1, deliver(), waiting.count()) == (True, 1, before - 1)
    job = Job.objects.get(kind="edi.deliver", state="ready")
    assert (job.key, job.lost) == ("CRESTLINE", 0)
    work_until_idle()
    assert (waiting.count(), len(as2.got)) == (0, OutboundFile.objects.count())


@pytest.mark.parametrize("lost", [(0, {}, b""), (500, {}, b""), (200, {}, b""), (200, {}, b"not a receipt")])
def test_a_lost_answer_sends_the_same_message_again(as2: As2Partner, file: OutboundFile, lost: Answer) -> None:
    as2.answer = lambda *_: lost
    with pytest.raises(RetryLater):
        deliver()
    assert states(file) == ("waiting", ["sending"])
    as2.answer = as2.honest_receipt
    assert deliver() == 1
    (first, first_body), (second, second_body) = as2.got
    assert (first["message-id"], first_body) == (second["message-id"], second_body)
    assert states(file) == ("delivered", ["delivered"])
    assert As2Message.objects.get().attempts == 2


def test_a_refused_address_is_told_at_once(as2: As2Partner, file: OutboundFile) -> None:
    as2.answer = lambda *_: (404, {}, b"")
    with pytest.raises(RetryLater, match="HTTP 404"):
        deliver()
    assert Case.objects.get().kind == "edi.delivery_trouble"
    as2.answer = as2.honest_receipt
    deliver()
    assert Case.objects.get().status == "resolved"


def test_a_redirect_is_not_followed(as2: As2Partner, file: OutboundFile) -> None:
    as2.answer = lambda *_: (302, {"Location": as2.url + "/elsewhere"}, b"")
    with pytest.raises(RetryLater, match="HTTP 302"):
        deliver()
    assert len(as2.got) == 1


@pytest.mark.parametrize(
    ("mic", "disposition", "words"),
    [
        ("", "processed/error: decryption-failed", "decryption-failed"),
        ("", "failed/failure: unsupported format", "unsupported format"),
        ("AAAA", "processed", "names another digest"),
        ("", "processed", "names no digest"),
    ],
)
def test_a_receipt_that_refuses_is_failed_with_one_case_and_the_next_try_is_a_new_message(
    as2: As2Partner, file: OutboundFile, mic: str, disposition: str, words: str
) -> None:
    as2.answer = lambda headers, _: as2.receipt(headers, mic, disposition)
    assert deliver() == 1
    assert states(file) == ("failed", ["failed"])
    case = Case.objects.get()
    assert (case.kind, words in case.sentence) == ("edi.as2_not_delivered", True)
    assert file.sent_at is not None, "sent and refused are two facts"
    as2.answer = as2.honest_receipt
    send_again(file=file)
    work_until_idle()
    assert states(file) == ("delivered", ["failed", "delivered"])
    assert as2.got[0][0]["message-id"] != as2.got[1][0]["message-id"]
    case.refresh_from_db()
    assert case.status == "resolved"


def test_a_receipt_for_another_message_or_by_somebody_else_proves_nothing(as2: As2Partner, file: OutboundFile) -> None:
    as2.answer = lambda headers, body: as2.honest_receipt({**headers, "message-id": "<other@x>"}, body)
    with pytest.raises(RetryLater, match="answers <other@x>"):
        deliver()
    from tests.edi.transports.as2.partner import stranger

    as2.answer = as2.honest_receipt
    as2.peer._write("peer", as2.pair)
    genuine = as2.peer.sign

    def forged(data: bytes, *words: str) -> bytes:
        as2.peer._write("peer", stranger())
        out = genuine(data, *words)
        as2.peer._write("peer", as2.pair)
        return out

    as2.peer.sign = forged  # type: ignore[method-assign]
    with pytest.raises(RetryLater, match="not valid"):
        deliver()
    assert states(file) == ("waiting", ["sending"])


def test_an_unsigned_success_is_not_enough_where_a_signature_was_agreed(as2: As2Partner, file: OutboundFile) -> None:
    def bare(headers: dict[str, str], body: bytes) -> Answer:
        facts = f"Original-Message-ID: {headers['message-id']}\r\nDisposition: a/b; processed\r\n"
        parts = f"--r\r\nContent-Type: message/disposition-notification\r\n\r\n{facts}\r\n--r--\r\n"
        return 200, {"Content-Type": "multipart/report; boundary=r"}, parts.encode()

    as2.answer = bare
    as2.agree(sign="", cipher="", mdn_signed=True)
    with pytest.raises(RetryLater, match="not signed as agreed"):
        deliver()
    as2.agree(sign="", cipher="", mdn_signed=False)
    assert deliver() == 1
    assert states(file) == ("delivered", ["delivered"])


def test_a_later_receipt_arrives_at_our_address(as2: As2Partner, file: OutboundFile) -> None:
    as2.answer = lambda *_: (200, {}, b"")
    as2.agree(mdn="async")
    assert deliver() == 1
    assert states(file) == ("sent", ["sent"])
    [(headers, body)] = as2.got
    assert headers["receipt-delivery-option"].endswith("/as2")
    _, head, receipt = as2.honest_receipt(headers, body)
    for _ in range(2):
        answer = as2.post(head, receipt, message_id="<r@crestline>")
        assert answer.status_code == 200
    assert states(file) == ("delivered", ["delivered"])
    assert As2Message.objects.count() == 1, "a receipt is not a message"
    unknown = as2.honest_receipt({"message-id": "<never@sent>"}, body)
    assert as2.post(unknown[1], unknown[2]).status_code == 404


def test_a_receipt_that_does_not_come_sends_the_same_message_again_and_is_a_case_in_the_end(
    as2: As2Partner, file: OutboundFile
) -> None:
    as2.answer = lambda *_: (200, {}, b"")
    as2.agree(mdn="async", most_sends=3)
    deliver()
    for again in (1, 1, 0, 0):
        assert watch_receipts() == 0, "not before its time"
        As2Message.objects.exclude(due_at=None).update(due_at=database_now() - dt.timedelta(seconds=1))
        assert watch_receipts() == again
        work_until_idle()
    assert len({headers["message-id"] for headers, _ in as2.got}) == 1
    assert len(as2.got) == 3
    assert states(file) == ("sent", ["sent"])
    case = Case.objects.get()
    assert (case.kind, case.occurrences) == ("edi.as2_receipt_missing", 1)
    _, head, receipt = as2.honest_receipt(*as2.got[0])
    as2.post(head, receipt, message_id="<r@crestline>")
    case.refresh_from_db()
    assert (case.status, states(file)) == ("resolved", ("delivered", ["delivered"]))


def test_a_late_receipt_stops_the_next_try(as2: As2Partner, file: OutboundFile) -> None:
    as2.answer = lambda *_: (200, {}, b"")
    as2.agree(mdn="async")
    deliver()
    As2Message.objects.update(due_at=database_now() - dt.timedelta(seconds=1))
    assert watch_receipts() == 1
    _, head, receipt = as2.honest_receipt(*as2.got[0])
    as2.post(head, receipt, message_id="<r@crestline>")
    work_until_idle()
    assert (len(as2.got), states(file)) == (1, ("delivered", ["delivered"]))


def test_without_receipts_an_answer_is_enough(as2: As2Partner, file: OutboundFile) -> None:
    as2.answer = lambda *_: (200, {}, b"")
    as2.agree(mdn="none")
    assert deliver() == 1
    assert states(file) == ("delivered", ["delivered"])
    assert "disposition-notification-to" not in as2.got[0][0]


def test_without_a_certificate_nothing_leaves_in_the_clear(as2: As2Partner, file: OutboundFile) -> None:
    from edi.models import Certificate

    Certificate.objects.filter(holder="theirs").delete()
    with pytest.raises(RetryLater, match="no certificate of the partner"):
        deliver()
    assert as2.got == []
    assert "no certificate of the partner" in Case.objects.get().sentence


def test_the_message_is_committed_before_the_call(as2: As2Partner, file: OutboundFile) -> None:
    seen: list[tuple[str, int]] = []

    def look(headers: dict[str, str], body: bytes) -> Answer:
        seen.append((headers["message-id"], len(body)))
        return 0, {}, b""

    as2.answer = look
    with pytest.raises(RetryLater):
        deliver()
    message = As2Message.objects.get()
    assert seen == [(message.message_id, len(bytes(message.body)))]
    assert (message.state, message.attempts) == ("sending", 1)


def test_a_courier_that_dies_after_the_receipt_does_not_send_twice(
    as2: As2Partner, file: OutboundFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edi.process import delivery

    def dies(**_: object) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(delivery, "mark_sent", dies)
    with pytest.raises(SystemExit):
        deliver()
    monkeypatch.undo()
    file.refresh_from_db()
    assert (file.sent_at, file.delivery) == (None, "delivered")
    assert deliver() == 1
    file.refresh_from_db()
    assert (len(as2.got), file.times_sent, file.sent_at is not None) == (1, 1, True)

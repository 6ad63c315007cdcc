"""Messages at our AS2 address, made by openssl: stored before they are answered, once, refused in the right words."""

from __future__ import annotations

import base64
import hashlib
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from edi.models import As2Message, Certificate, Document, InboundFile
from edi.transports.as2.encrypt import enveloped, opened
from edi.transports.as2.mdn import read_receipt
from edi.transports.as2.message import Recipe, compose
from edi.transports.as2.mime import Entity, parts_of, read_entity
from exceptions.models import Case
from tests.at_once import at_once
from tests.edi.process.texts import group, po, whole
from tests.edi.transports.as2.partner import THEIRS, As2Partner, stranger

pytestmark = pytest.mark.django_db
FILE = whole(group(po()))


def verdict(as2: As2Partner, answer: Any) -> Any:
    """The receipt in an answer, its signature verified by openssl."""
    outer = Entity(tuple(answer.headers.items()), answer.content, b"")
    if outer.content_type == "multipart/signed":
        data, signature = parts_of(outer)
        assert as2.peer.verify(read_entity(signature).content, data) == data
    return read_receipt(dict(answer.headers), answer.content, [as2.our_pair.certificate])


def test_a_message_is_stored_answered_and_becomes_a_document(as2: As2Partner) -> None:
    headers, body = as2.wrapped(FILE)
    answer = as2.post(headers, body)
    assert answer.status_code == 200
    receipt = verdict(as2, answer)
    signed = parts_of(read_entity(b"".join(opened(base64.b64decode(body), [as2.our_pair]))))[0]
    mic = base64.b64encode(hashlib.sha256(signed).digest()).decode()
    assert (receipt.accepted, receipt.signed, receipt.message_id) == (True, True, "<1@crestline>")
    assert (receipt.mic, receipt.mic_algorithm) == (mic, "sha256")
    assert (answer.headers["AS2-From"], answer.headers["AS2-To"]) == ('"Northline AS2"', "CRESTLINE")
    file = InboundFile.objects.get()
    message = As2Message.objects.get()
    assert (bytes(file.content), file.name) == (FILE, "po.edi")
    assert (message.state, message.inbound_file, message.security) == ("received", file, "encrypted, signed")
    work_until_idle()
    assert Document.objects.filter(direction="in", set_id="850").count() == 1
    assert not Case.objects.filter(kind__startswith="edi.as2").exists()


def test_a_repeat_gets_the_stored_receipt_and_nothing_is_done_twice(as2: As2Partner) -> None:
    headers, body = as2.wrapped(FILE)
    first = as2.post(headers, body)
    work_until_idle()
    jobs = Job.objects.count()
    again = as2.post(headers, body)
    other_envelope = as2.post(*as2.wrapped(FILE))
    assert again.content == first.content == other_envelope.content
    assert again.headers["Message-ID"] == first.headers["Message-ID"]
    came = As2Message.objects.filter(direction="in")
    assert (InboundFile.objects.count(), came.count(), Job.objects.count()) == (1, 1, jobs)
    assert not Case.objects.filter(kind__startswith="edi.as2").exists()


def test_a_used_message_id_with_other_content_is_a_case_and_not_accepted(as2: As2Partner) -> None:
    as2.post(*as2.wrapped(FILE))
    answer = as2.post(*as2.wrapped(FILE.replace(b"PO-9", b"PO-8")))
    receipt = verdict(as2, answer)
    assert (receipt.accepted, "used before" in receipt.text) == (False, True)
    assert InboundFile.objects.count() == 1
    assert Case.objects.get().kind == "edi.as2_id_reused"
    assert verdict(as2, as2.post(*as2.wrapped(FILE))).accepted, "the first still stands"


@pytest.mark.parametrize(
    ("make", "modifier"),
    [
        (lambda a: as_composed(a, signer=stranger()), "authentication-failed"),
        (lambda a: as_composed(a, receiver=stranger().certificate), "decryption-failed"),
        (lambda a: as_composed(a, recipe=Recipe(sign="")), "insufficient-message-security"),
        (lambda a: as_composed(a, recipe=Recipe(cipher="")), "insufficient-message-security"),
        (lambda a: ({"Content-Type": "application/edi-x12"}, FILE), "insufficient-message-security"),
        (lambda a: ({"Content-Type": "multipart/signed"}, b"junk"), "unexpected-processing-error"),
        (lambda a: tampered(a), "integrity-check-failed"),
    ],
)
def test_what_is_refused_is_told_in_its_word_kept_and_one_case(as2: As2Partner, make: Any, modifier: str) -> None:
    headers, body = make(as2)
    answer = as2.post(headers, body)
    receipt = verdict(as2, answer)
    assert (answer.status_code, receipt.disposition) == (200, f"processed/error: {modifier}")
    assert (receipt.accepted, receipt.mic) == (False, "")
    message = As2Message.objects.get()
    assert (message.state, bytes(message.body)) == ("failed", body)
    case = Case.objects.get()
    assert (case.kind, case.subject_id) == ("edi.as2_refused", str(message.pk))
    assert not InboundFile.objects.exists()
    as2.post(headers, body)
    case.refresh_from_db()
    assert (case.occurrences, Case.objects.count(), As2Message.objects.count()) == (2, 1, 1)
    as2.post(*as2.wrapped(FILE))
    case.refresh_from_db()
    assert (case.status, InboundFile.objects.count()) == ("resolved", 1), "corrected, it is taken under the same id"


def as_composed(a: As2Partner, *, recipe: Recipe | None = None, **keys: Any) -> tuple[dict[str, str], bytes]:
    use = {"signer": a.pair, "receiver": a.our_pair.certificate, **keys}
    sent = compose(FILE, filename="po.edi", recipe=recipe or Recipe(), **use)
    return dict(sent.headers), sent.body


def tampered(a: As2Partner) -> tuple[dict[str, str], bytes]:
    inner = compose(FILE, filename="x", recipe=Recipe(cipher=""), signer=a.pair)
    head = "".join(f"{name}: {value}\r\n" for name, value in inner.headers.items()).encode()
    raw = head + b"\r\n" + inner.body.replace(b"PO-9", b"PO-7")
    return {"Content-Type": "application/pkcs7-mime; smime-type=enveloped-data"}, enveloped(
        raw, a.our_pair.certificate, "aes256_cbc"
    )


def test_nothing_is_answered_that_was_not_committed(as2: As2Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    from edi.process import as2_receiving

    def dies(**_: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(as2_receiving, "store_body", dies)
    headers, body = as2.wrapped(FILE)
    with pytest.raises(RuntimeError):
        as2.post(headers, body)
    assert not As2Message.objects.exists()
    monkeypatch.undo()
    assert verdict(as2, as2.post(headers, body)).accepted
    assert InboundFile.objects.count() == 1


def test_a_database_that_goes_is_no_fault_of_the_message(as2: As2Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A receipt that refuses would be final for some senders; after a 503 they all send again."""
    from edi.process import as2_receiving

    def gone(*_: object) -> None:
        raise OperationalError("the server went away")

    headers, body = as2.wrapped(FILE)
    with monkeypatch.context() as away:
        away.setattr(as2_receiving, "keyring_for", gone)
        with pytest.raises(OperationalError):
            as2.post(headers, body)
    assert not As2Message.objects.exists()
    assert not Case.objects.exists()
    assert verdict(as2, as2.post(headers, body)).accepted


def test_strangers_are_refused_kept_out_and_one_case_together(as2: As2Partner) -> None:
    headers, body = as2.wrapped(FILE)
    for n in range(3):
        answer = as2.post(headers, body, AS2_From=f"STRANGER{n}")
        assert verdict(as2, answer).disposition == "processed/error: authentication-failed"
    assert not As2Message.objects.exists()
    assert (Case.objects.get().kind, Case.objects.get().occurrences) == ("edi.as2_unknown", 3)


@pytest.mark.parametrize("missing", ["AS2_From", "AS2_To", "Message_ID"])
def test_what_is_no_as2_message_is_400(as2: As2Partner, missing: str) -> None:
    answer = as2.post({"Content-Type": "application/edi-x12"}, FILE, **{missing: ""})
    assert (answer.status_code, As2Message.objects.count()) == (400, 0)


def test_only_posts_within_the_limit_are_read(as2: As2Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/as2").status_code == 405
    monkeypatch.setattr("edi.api.as2.MOST_BYTES", 100)
    assert as2.post(*as2.wrapped(FILE), As2_From="NOBODY").status_code == 413
    assert (As2Message.objects.count(), Case.objects.get().kind) == (0, "edi.as2_unknown")


def test_a_message_beyond_the_limit_is_known_by_its_headers_and_judged_when_it_comes_smaller(
    as2: As2Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers, body = as2.wrapped(FILE)
    with monkeypatch.context() as limited:
        limited.setattr("edi.api.as2.MOST_BYTES", 100)
        assert [as2.post(headers, body).status_code for _ in range(2)] == [413, 413]
    row, case = As2Message.objects.get(), Case.objects.get()
    assert (row.state, row.disposition, bytes(row.body), row.headers["as2-from"]) == ("failed", "413", b"", THEIRS)
    assert f"{len(body):,} bytes where at most 100 bytes are taken" in row.problem
    assert (case.kind, case.occurrences, case.data["message"]) == ("edi.too_big", 2, str(row.pk))
    assert row.message_id in case.sentence
    assert not InboundFile.objects.exists()
    assert as2.post(headers, body).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.problem, InboundFile.objects.count()) == ("received", "", 1)
    monkeypatch.setattr("edi.api.as2.MOST_BYTES", 100)
    assert as2.post(headers, body).status_code == 413
    row.refresh_from_db()
    assert row.state == "received", "what was received stays so"


def test_no_receipt_is_sent_where_none_is_wanted(as2: As2Partner) -> None:
    answer = as2.post(*as2.wrapped(FILE), Disposition_Notification_To="")
    assert (answer.status_code, answer.content, InboundFile.objects.count()) == (200, b"", 1)


def test_an_unsigned_receipt_where_no_signature_is_asked_for(as2: As2Partner) -> None:
    answer = as2.post(*as2.wrapped(FILE), Disposition_Notification_Options="")
    receipt = verdict(as2, answer)
    assert (receipt.accepted, receipt.signed, bool(receipt.mic)) == (True, False, True)


def test_an_asynchronous_receipt_travels_as_a_job_and_again_on_a_repeat(as2: As2Partner) -> None:
    as2.answer = lambda *_: (200, {}, b"")
    headers, body = as2.wrapped(FILE)
    answer = as2.post(headers, body, Receipt_Delivery_Option=as2.url)
    assert (answer.status_code, answer.content, as2.got) == (200, b"", [])
    assert As2Message.objects.get().receipt_at is None
    work_until_idle()
    as2.post(headers, body, Receipt_Delivery_Option=as2.url)
    work_until_idle()
    message = As2Message.objects.get(direction="in")
    (first_head, first), (_, second) = [(h, b) for h, b in as2.got if "disposition-notification-to" not in h]
    assert first == second == bytes(message.receipt_body or b"")
    assert read_receipt(first_head, first, [as2.our_pair.certificate]).accepted
    assert message.receipt_at is not None


def test_an_asynchronous_receipt_waits_while_the_partner_is_down(as2: As2Partner) -> None:
    as2.answer = lambda *_: (503, {}, b"")
    as2.post(*as2.wrapped(FILE), Receipt_Delivery_Option=as2.url)
    work_until_idle()
    [job] = Job.objects.filter(kind="edi.send_receipt")
    assert (job.state, "HTTP 503" in job.last_error) == ("ready", True)


def test_a_receipt_is_sent_to_nobody_but_the_partner(as2: As2Partner) -> None:
    answer = as2.post(*as2.wrapped(FILE), Receipt_Delivery_Option="http://169.254.169.254/latest")
    assert verdict(as2, answer).disposition == "processed/error: unexpected-processing-error"
    work_until_idle()
    assert not Job.objects.filter(kind="edi.send_receipt").exists()
    assert "169.254.169.254" in Case.objects.get().sentence


@pytest.mark.django_db(transaction=True)
def test_the_same_message_ten_times_at_once_is_one_file_and_one_receipt(as2: As2Partner) -> None:
    headers, body = as2.wrapped(FILE)
    answers = at_once(*[partial(as2.post, headers, body)] * 10)
    assert {a.status_code for a in answers} == {200}
    assert len({a.content for a in answers}) == 1
    assert (InboundFile.objects.count(), As2Message.objects.count()) == (1, 1)
    assert Job.objects.filter(kind="edi.read_file").count() == 1


def test_certificates_roll_over_with_an_overlap(as2: As2Partner) -> None:
    from edi.process.keys import store_certificate
    from tests.edi.transports.as2.keys import make_pair

    new = make_pair("crestline-new")
    assert not verdict(as2, as2.post(*as_composed(as2, signer=new), message_id="<n0@c>")).accepted
    store_certificate(certificate=new.certificate, partner=as2.mailbox.partner)
    assert verdict(as2, as2.post(*as_composed(as2, signer=new), message_id="<n1@c>")).accepted
    assert verdict(as2, as2.post(*as_composed(as2), message_id="<o1@c>")).accepted, "the old one is still good"
    from distportal.events.clock import database_now

    Certificate.objects.filter(holder="theirs").exclude(subject="CN=crestline-new").update(until_at=database_now())
    assert not verdict(as2, as2.post(*as_composed(as2), message_id="<o2@c>")).accepted, "its time is over"

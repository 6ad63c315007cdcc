"""EDI bytes go when they are old and nobody works on what is in them; what proves that they were there stays."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from distportal.accounts.choices import Scope
from distportal.accounts.models import ApiKey
from distportal.events.clock import database_now
from distportal.events.lineage import story
from distportal.events.models import Job
from distportal.events.retention import remove_old, retentions
from distportal.observability.correlation import correlated
from edi.choices import As2State, Direction
from edi.errors import BytesLost, NothingToDo
from edi.models import As2Message, Document, InboundFile, OutboundFile
from edi.process.delivery import resend_file
from edi.process.inbound import read_refused_again, resend_answers
from edi.process.spool_sweeping import count_stray, remove_stray
from edi.transports.spool import path_of
from exceptions.models import Case
from exceptions.process.opening import open_case
from orders.choices import DisputeReason
from orders.models import Dispute, Order
from orders.process.disputes import Claim, open_dispute
from tests.api.conftest import Caller
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.orders.money import an_invoice
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
OLD, YOUNG = 2600, 2500
KINDS = ("edi_inbound", "edi_outbound", "edi_as2")


def erased() -> dict[str, int]:
    """What one run of each takes."""
    known = {kept.name: kept for kept in retentions()}
    return {name: remove_old(known[name])[0] for name in KINDS}


def aged(days: float) -> None:
    """All files and messages are so old, their exchange is over."""
    at = database_now() - dt.timedelta(days=days)
    InboundFile.objects.update(received_at=at)
    OutboundFile.objects.update(created_at=at, sent_at=at, delivery="delivered")
    As2Message.objects.update(created_at=at)


def message(file: InboundFile) -> As2Message:
    """The AS2 message that the file came in."""
    body = b"-----signed-----"
    return As2Message.objects.create(
        mailbox=file.mailbox, direction=Direction.IN, as2_from="A", as2_to="B", message_id=f"<{uuid.uuid4()}@a>",
        state=As2State.RECEIVED, body=body, sha256=hashlib.sha256(body).hexdigest(), inbound_file=file,
        receipt_body=b"mdn", correlation_id=uuid.uuid4(),
    )  # fmt: skip


@pytest.fixture
def exchanged(crestline: Post, catalogue: SandboxProcess) -> InboundFile:
    """One order that came by file, with what was answered, and the message it came in."""
    file = crestline.take(crestline.order(("FST-10001", "100", "0.40"), po="CR-OLD"))
    message(file)
    assert Order.objects.get().status == "confirmed"
    assert OutboundFile.objects.count() >= 2
    return file


def test_old_bytes_go_and_hash_size_receipt_and_story_stay(exchanged: InboundFile, cast: Cast, capsys: Any) -> None:
    sent = OutboundFile.objects.count()
    aged(OLD)
    call_command("clean_up", "--dry-run")
    counts = {line.split()[0]: line.split()[3] for line in capsys.readouterr().out.splitlines()}
    assert [counts[name] for name in ("edi_inbound", "edi_outbound", "edi_as2")] == ["1", str(sent), "0"]
    assert InboundFile.objects.get().erased_at is None
    assert erased() == {"edi_inbound": 1, "edi_outbound": sent, "edi_as2": 1}
    assert set(erased().values()) == {0}
    row, mail = InboundFile.objects.get(), As2Message.objects.get()
    assert (bytes(row.content), row.sha256, row.size) == (b"", exchanged.sha256, exchanged.size)
    assert row.erased_at is not None
    assert (bytes(mail.body), bytes(mail.receipt_body or b""), len(mail.sha256)) == (b"", b"mdn", 64)
    assert {bytes(one.content) for one in OutboundFile.objects.all()} == {b""}
    assert Document.objects.exclude(segments=[]).count() == Document.objects.count()
    [step] = [one for one in story(row.correlation_id, internal=True) if one.kind == "edi_file"]
    assert f"SHA-256 {row.sha256[:12]}…, bytes erased on {row.erased_at:%Y-%m-%d}" in step.detail
    agent = signed_in(cast.agent)
    gone = f"were erased on {row.erased_at:%Y-%m-%d}"
    assert gone in main_of(agent.get(f"/edi/files/{row.pk}/").content.decode())
    for address in (f"/edi/files/{row.pk}/bytes/", f"/edi/sent/{OutboundFile.objects.all()[0].pk}/bytes/"):
        answer = agent.get(address)
        assert (answer.status_code, gone in answer.content.decode()) == (410, True), address
    told = {"name": "x", "channel": "crm", "scopes": [Scope.EDI_READ]}
    key = ApiKey.objects.create_key(account=row.mailbox.partner.account, **told)[1]
    refused = Caller(key).get(f"edi/outbound/{OutboundFile.objects.all()[0].pk}/content")
    assert (refused.status_code, refused.json()["code"]) == (410, "bytes_lost")


def test_young_bytes_and_those_under_way_stay(exchanged: InboundFile) -> None:
    aged(YOUNG)
    assert set(erased().values()) == {0}
    aged(OLD)
    InboundFile.objects.update(state="reading")
    OutboundFile.objects.update(delivery="sent")
    assert set(erased().values()) == {0}


def test_bytes_stay_while_a_case_or_a_dispute_is_open(exchanged: InboundFile, cast: Cast) -> None:
    order = Order.objects.get()
    aged(OLD)
    with correlated(order.correlation_id):
        case = open_case(
            kind="edi.mailbox_trouble", code="c", subject_type="order", subject_id=str(order.pk), sentence="It is late."
        )
    assert set(erased().values()) == {0}
    Case.objects.filter(pk=case.pk).update(status="resolved", resolution="corrected")
    invoice = an_invoice(cast.harbor, "INV-1", "100.00")
    type(invoice).objects.filter(pk=invoice.pk).update(correlation_id=order.correlation_id)
    claim = Claim(invoice_line_id=invoice.lines.get().pk, quantity=Decimal(1), amount=Decimal(5))
    dispute = open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=invoice.pk, reason=DisputeReason.PRICE, claims=[claim],
        note="", user=cast.buyer,
    )  # fmt: skip
    Case.objects.exclude(status="resolved").update(status="resolved", resolution="corrected")
    assert set(erased().values()) == {0}
    Dispute.objects.filter(pk=dispute.pk).update(status="withdrawn")
    assert erased()["edi_inbound"] == 1


def test_erased_bytes_are_neither_sent_nor_read_again(exchanged: InboundFile) -> None:
    aged(OLD)
    erased()
    jobs = Job.objects.count()
    with pytest.raises(BytesLost, match="were erased on"):
        resend_file(file_id=OutboundFile.objects.all()[0].pk)
    assert resend_answers(file_id=exchanged.pk) == 0
    InboundFile.objects.update(state="refused")
    with pytest.raises(NothingToDo, match="erased"):
        read_refused_again(file_id=exchanged.pk)
    assert OutboundFile.objects.filter(sent_at=None).count() == 0
    assert Job.objects.count() == jobs


def test_the_database_lets_bytes_go_in_no_other_way(exchanged: InboundFile) -> None:
    now = database_now()
    young: list[dict[str, Any]] = [{"content": b"", "erased_at": now}]
    always: list[dict[str, Any]] = [
        {"content": b"other", "erased_at": now}, {"content": b""}, {"erased_at": now},
        {"content": b"", "erased_at": now, "sha256": "x"}, {"content": b"", "erased_at": now, "size": 1},
    ]  # fmt: skip
    for change in young + always:
        not_let(change)
    aged(OLD)
    for change in always:
        not_let(change)
    assert erased()["edi_inbound"] == 1
    not_let({"erased_at": None})
    not_let({"content": exchanged.content})


def not_let(change: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        InboundFile.objects.update(**change)


def test_a_spooled_file_goes_after_its_row_and_never_while_it_may_be_needed(crestline: Post, settings: Any) -> None:
    files = {name: spooled(crestline, name, settings.EDI_SPOOL) for name in ("kept", "gone", "orphan", "fresh")}
    files["cut off"] = settings.EDI_SPOOL / "unfinished" / uuid.uuid4().hex
    files["cut off"].parent.mkdir()
    files["cut off"].write_bytes(b"half")
    InboundFile.objects.filter(name__in=("orphan", "fresh")).delete()
    day = time.time() - 2 * 86_400
    for name in ("kept", "gone", "orphan", "cut off"):
        os.utime(files[name], (day, day))
    InboundFile.objects.filter(name="gone").update(received_at=database_now() - dt.timedelta(days=OLD))
    assert erased()["edi_inbound"] == 1
    assert count_stray() == 3
    assert remove_stray(None) == (3, True)
    assert {name for name, path in files.items() if path.exists()} == {"kept", "fresh"}
    assert remove_stray(None) == (0, True)
    assert [path.name for path in (settings.EDI_SPOOL / "unfinished").iterdir()] == []


def spooled(post: Post, name: str, spool: Path) -> Path:
    """A file of one hash in the spool with its row."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    path = path_of(digest, spool=spool)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(name.encode())
    InboundFile.objects.create(
        mailbox=post.partner.mailbox, name=name, sha256=digest, size=len(name), spooled=True, state="read",
        correlation_id=uuid.uuid4(),
    )  # fmt: skip
    return path

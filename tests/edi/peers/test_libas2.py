"""An AS2 library of other authors on both ends: what it sends we read, what we send it reads, receipts both ways."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest

from distportal.events.errors import RetryLater
from distportal.events.sweeper import work_until_idle
from edi.choices import TransportKind
from edi.models import As2Message, Certificate, Document, InboundFile, MailboxLink, OutboundFile
from edi.process.delivery import deliver_files
from edi.process.inbound import read_file
from edi.process.keys import store_certificate
from edi.process.mailboxes import store_file
from edi.transports.as2.certificates import key_pem
from edi.transports.as2.mdn import Verdict, write_receipt
from edi.transports.as2.message import Composed, Recipe, compose
from exceptions.models import Case
from tests.edi.conftest import Post
from tests.edi.peers.libas2 import Libas2, pem
from tests.edi.process.texts import group, po, whole
from tests.edi.transports.as2.keys import make_pair

PAYLOAD = b"ISA*00*          *00*          *ZZ*A~GS*PO~IEA*1*000000001~"
OURS, PEER, STRANGER = make_pair("portal"), make_pair("partner"), make_pair("stranger")
SIGN = {"sha1": "sha-1", "sha256": "sha-256", "sha384": "sha-384", "sha512": "sha-512"}
CIPHER = {"": False, "aes128_cbc": "aes128-CBC", "aes192_cbc": "aes192-CBC", "aes256_cbc": "aes256-CBC"}


@pytest.fixture(scope="module")
def peer() -> Iterator[Libas2]:
    running = Libas2(own=PEER, theirs=OURS, own_id="CRESTLINE", their_id="Northline AS2")
    yield running
    running.end()


class Exchange:
    """Crestline's mailbox on AS2 with the peer behind it, and our address on a real server."""

    def __init__(self, post: Post, peer: Libas2, site: str) -> None:
        self.post, self.peer, self.address = post, peer, f"{site}/as2"
        peer.ask("configure", decrypt=True, receipt="")
        peer.ask("got")
        store_certificate(certificate=OURS.certificate, pair=OURS, partner=None)
        store_certificate(certificate=PEER.certificate, partner=post.partner)
        self.agree()

    def agree(self, **more: Any) -> None:
        mailbox = self.post.partner.mailbox
        mailbox.transport = TransportKind.AS2
        mailbox.settings = {"our_id": "Northline AS2", "their_id": "CRESTLINE", "url": self.peer.url, **more}
        mailbox.save()

    def send(self, payload: bytes, **how: Any) -> Any:
        wanted = {"sign": "sha-256", "encrypt": "aes256-CBC", "mdn": {"signing": "sha-256"}, **how}
        return self.peer.send(self.address, payload, **wanted)

    def got(self, kind: str) -> Any:
        """The next thing of that kind at the peer; a receipt that it owes leaves a moment after its answer."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            for one in self.peer.ask("got"):
                if kind in one:
                    return one[kind]
        raise AssertionError(f"no {kind} came")


@pytest.fixture
def exchange(transactional_db: None, crestline: Post, peer: Libas2, live_server: Any, settings: Any) -> Exchange:
    settings.PUBLIC_URL = live_server.url
    return Exchange(crestline, peer, live_server.url)


def order(number: int) -> bytes:
    return whole(group(po(po_number=f"L{number}")), number=f"{number:09}")


@pytest.mark.parametrize(
    ("sign", "cipher"),
    [
        ("sha1", "aes128_cbc"),
        ("sha256", ""),
        ("sha256", "aes256_cbc"),
        ("sha384", "aes192_cbc"),
        ("sha512", "aes256_cbc"),
    ],
)
def test_what_it_sends_is_stored_and_it_verifies_our_receipt(exchange: Exchange, sign: str, cipher: str) -> None:
    exchange.agree(require_encrypted=False)
    told = exchange.send(order(1), sign=SIGN[sign], encrypt=CIPHER[cipher], mdn={"signing": SIGN[sign]})
    assert told["status"] == 200
    assert told["receipt"] == {
        "signed": True, "processed": True, "why": "", "mic": told["sent"]["mic"], "message": told["sent"]["messageId"],
    }  # fmt: skip
    file, message = InboundFile.objects.get(), As2Message.objects.get()
    assert (bytes(file.content), file.name, message.state) == (order(1), "po.edi", "received")
    assert message.security == ("encrypted, signed" if cipher else "signed")
    work_until_idle()
    assert Document.objects.get(direction="in", set_id="850").state != "invalid"
    assert not Case.objects.filter(kind__startswith="edi.as2").exists()


def test_an_unsigned_message_gets_an_unsigned_receipt_where_both_are_agreed(exchange: Exchange) -> None:
    exchange.agree(require_signed=False, require_encrypted=False)
    told = exchange.send(order(1), sign=False, encrypt=False, mdn=None)
    assert (told["status"], told["receipt"], bytes(InboundFile.objects.get().content)) == (200, None, order(1))


def test_the_same_message_again_gets_the_stored_receipt_and_is_one_file(exchange: Exchange) -> None:
    told = [exchange.send(order(1), messageId="<1@peer>") for _ in range(2)]
    assert told[0]["raw"] == told[1]["raw"] != ""
    assert (InboundFile.objects.count(), As2Message.objects.count()) == (1, 1)
    other = exchange.send(order(2), messageId="<1@peer>")["receipt"]
    assert (other["why"], InboundFile.objects.count()) == ("error: unexpected-processing-error", 1)
    assert Case.objects.get().kind == "edi.as2_id_reused"


def test_it_gets_an_asynchronous_receipt_and_verifies_it(exchange: Exchange) -> None:
    told = exchange.send(order(1), mdn={"async": True, "signing": "sha-256"})
    assert (told["status"], told["receipt"], exchange.peer.ask("got")) == (200, None, [])
    work_until_idle()
    assert exchange.got("receipt") == {
        "signed": True, "processed": True, "why": "", "mic": told["sent"]["mic"], "message": told["sent"]["messageId"],
    }  # fmt: skip
    assert As2Message.objects.get(direction="in").receipt_at is not None


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"cert": pem(STRANGER), "key": key_pem(STRANGER)}, "authentication-failed"),
        ({"sign": False}, "insufficient-message-security"),
        ({"encrypt": False}, "insufficient-message-security"),
        ({"encrypt": "aes256-GCM"}, "insufficient-message-security"),
    ],
)
def test_it_understands_why_we_refuse(exchange: Exchange, how: dict[str, Any], why: str) -> None:
    told = exchange.send(order(1), **how)
    receipt = told["receipt"]
    assert (told["status"], receipt["signed"], receipt["why"], receipt["mic"]) == (200, True, f"error: {why}", "")
    assert not InboundFile.objects.exists()
    assert Case.objects.get().kind == "edi.as2_refused"


def test_what_it_encrypts_for_another_certificate_is_told_as_such(exchange: Exchange) -> None:
    Certificate.objects.filter(holder="ours").delete()
    other = make_pair("portal-new")
    store_certificate(certificate=other.certificate, pair=other, partner=None)
    exchange.send(order(1))
    assert As2Message.objects.get().disposition == "decryption-failed"
    assert not InboundFile.objects.exists()


def waiting_file(exchange: Exchange) -> OutboundFile:
    """A 997 that waits for the peer."""
    row = store_file(mailbox=exchange.post.partner.mailbox, name="in.edi", content=order(1))
    read_file(file_id=row.pk)
    return OutboundFile.objects.get()


@pytest.mark.parametrize("receipt", ["sha-1", "sha-256", "sha-384", "sha-512"])
def test_it_takes_what_we_send_and_its_signed_receipt_delivers_it(exchange: Exchange, receipt: str) -> None:
    file = waiting_file(exchange)
    exchange.peer.ask("configure", receipt=receipt)
    deliver_files(partner_code="CRESTLINE")
    message, arrived = As2Message.objects.get(), exchange.got("message")
    assert base64.b64decode(arrived["content"]).rstrip(b"\r\n") == bytes(file.content)
    assert (arrived["processed"], arrived["mic"]) == (True, message.mic)
    file.refresh_from_db()
    assert (file.delivery, message.state, message.attempts) == ("delivered", "delivered", 1)
    assert not Case.objects.filter(kind__startswith="edi.").exists()


def test_its_unsigned_receipt_counts_where_that_is_agreed_and_never_else(exchange: Exchange) -> None:
    file = waiting_file(exchange)
    with pytest.raises(RetryLater, match="not signed as agreed"):
        deliver_files(partner_code="CRESTLINE")
    file.refresh_from_db()
    assert file.delivery == "waiting"
    exchange.agree(mdn_signed=False)
    MailboxLink.objects.update(retry_at=None)
    deliver_files(partner_code="CRESTLINE")
    file.refresh_from_db()
    assert file.delivery == "delivered"


def test_its_asynchronous_receipt_at_our_address_delivers_the_file(exchange: Exchange) -> None:
    exchange.agree(mdn="async")
    file = waiting_file(exchange)
    exchange.peer.ask("configure", receipt="sha-256")
    deliver_files(partner_code="CRESTLINE")
    assert exchange.got("posted") == 200
    file.refresh_from_db()
    message = As2Message.objects.get()
    assert (file.delivery, message.state, message.disposition) == ("delivered", "delivered", "processed")


def understood(peer: Libas2, sent: Composed, *, decrypt: bool) -> Any:
    headers = {"AS2-From": "Northline AS2", "AS2-To": "CRESTLINE", "Message-ID": "<1@portal>", **sent.headers}
    raw = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n" + sent.body
    return peer.ask("understand", message=base64.b64encode(raw).decode(), decrypt=decrypt)


@pytest.mark.parametrize("cipher", CIPHER)
@pytest.mark.parametrize("sign", SIGN)
def test_it_reads_what_we_compose_and_finds_the_same_mic(peer: Libas2, sign: str, cipher: str) -> None:
    sent = compose(
        PAYLOAD, filename="po.edi", recipe=Recipe(cipher=cipher, sign=sign), signer=OURS, receiver=PEER.certificate
    )
    found = understood(peer, sent, decrypt=bool(cipher))
    assert (found["processed"], found["mic"]) == (True, sent.mic)
    assert base64.b64decode(found["content"]).rstrip(b"\r\n") == PAYLOAD, "its parser ends the last line"


def test_it_refuses_what_somebody_else_signed(peer: Libas2) -> None:
    sent = compose(PAYLOAD, filename="po.edi", recipe=Recipe(cipher=""), signer=STRANGER)
    assert understood(peer, sent, decrypt=False)["processed"] is False


def test_it_reads_the_receipts_that_we_sign(peer: Libas2) -> None:
    verdict = Verdict(message_id="<1@crestline>", as2_from="CRESTLINE", as2_to="NORTHLINE", mic="AAAA",
                      mic_algorithm="sha256")  # fmt: skip
    made = write_receipt(verdict, own_message_id="<r@portal>", signer=OURS, digest="sha256")
    raw = "".join(f"{name}: {value}\r\n" for name, value in made.headers).encode() + b"\r\n" + made.body
    found = peer.ask("receipt", message=base64.b64encode(raw).decode())
    assert found == {"signed": True, "processed": True, "why": "", "mic": "AAAA", "message": "<1@crestline>"}


def test_it_knows_no_compression(peer: Libas2) -> None:
    """Why compressed messages are proven with openssl alone: it can neither make them nor read ours."""
    assert "NOT YET IMPLEMENTED" in peer.ask("compress")["error"]
    sent = compose(PAYLOAD, filename="po.edi", recipe=Recipe(cipher="", compress="before"), signer=OURS)
    assert base64.b64decode(understood(peer, sent, decrypt=False)["content"]).find(PAYLOAD) < 0

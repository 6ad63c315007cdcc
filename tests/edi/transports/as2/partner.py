"""Crestline on AS2: it posts to our address, and a small HTTP server of its own takes what we send.

It decrypts, verifies and signs with openssl, so both ways are proven against somebody else's cryptography.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.test import Client

from edi.choices import TransportKind
from edi.models import Mailbox
from edi.process.keys import store_certificate
from edi.transports.as2.certificates import KeyPair
from edi.transports.as2.mime import parts_of, read_entity
from tests.answering import QuietHandler
from tests.edi.transports.as2.keys import make_pair
from tests.edi.transports.as2.openssl_peer import Peer

OURS, THEIRS = "Northline AS2", "CRESTLINE"
Answer = tuple[int, dict[str, str], bytes]


class As2Partner:
    """`answer` decides what the partner's server does with each message; `got` are the messages it saw."""

    def __init__(self, mailbox: Mailbox, folder: Path) -> None:
        self.mailbox, self.peer = mailbox, Peer(folder)
        self.pair, self.our_pair = self.peer.pair, self.peer.ours
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[dict[str, str], bytes], Answer] = self.honest_receipt
        outer = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers["content-length"]))
                outer.got.append((headers, body))
                status, extra, answer = outer.answer(headers, body)
                if status == 0:
                    self.connection.close()
                    return
                self.say(status, extra, answer)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.agree()
        store_certificate(certificate=self.our_pair.certificate, pair=self.our_pair, partner=None)
        store_certificate(certificate=self.pair.certificate, partner=mailbox.partner)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/as2"

    def agree(self, **more: Any) -> None:
        self.mailbox.transport = TransportKind.AS2
        self.mailbox.settings = {"our_id": OURS, "their_id": THEIRS, "url": self.url, "timeout": 5, **more}
        self.mailbox.save()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wrapped(self, payload: bytes, *, signer: KeyPair | None = None) -> tuple[dict[str, str], bytes]:
        """The payload, signed and encrypted by openssl."""
        inner = (
            b"Content-Type: application/edi-x12\r\nContent-Disposition: attachment; filename=po.edi\r\n\r\n" + payload
        )
        if signer:
            self.peer._write("peer", signer)
        signed = self.peer.sign(inner, "-binary", "-crlfeol")
        whole = read_entity(self.peer.encrypt(signed, "-aes256", "-outform", "SMIME"))
        return dict(whole.headers), whole.body

    def post(self, headers: dict[str, str], body: bytes, message_id: str = "<1@crestline>", **more: str) -> Any:
        """What our address answers; keyword names become headers with dashes."""
        wanted = {
            "AS2-From": THEIRS,
            "AS2-To": f'"{OURS}"',
            "Message-ID": message_id,
            "Disposition-Notification-To": "as2@crestline",
            "Disposition-Notification-Options": "signed-receipt-protocol=optional, pkcs7-signature; "
            "signed-receipt-micalg=optional, sha-256",
            **{name: value for name, value in headers.items() if name.lower() not in ("content-type", "mime-version")},
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        kind = next(value for name, value in headers.items() if name.lower() == "content-type")
        return Client().post("/as2", data=body, content_type=kind, headers={k: v for k, v in wanted.items() if v})

    def opened(self, body: bytes) -> tuple[bytes, bytes]:
        """(signed part, payload) of what we sent, by openssl."""
        data, signature = parts_of(read_entity(self.peer.decrypt(body)))
        assert self.peer.verify(read_entity(signature).content, data) == data
        return data, read_entity(data).body

    def receipt(self, headers: dict[str, str], mic: str, disposition: str = "processed") -> Answer:
        """A receipt signed by openssl."""
        facts = (
            f"Original-Message-ID: {headers['message-id']}\r\n"
            f"Disposition: automatic-action/MDN-sent-automatically; {disposition}\r\n"
            + (f"Received-Content-MIC: {mic}, sha-256\r\n" if mic else "")
        )
        report = (
            'Content-Type: multipart/report; report-type=disposition-notification; boundary="rr"\r\n\r\n'
            "--rr\r\nContent-Type: text/plain\r\n\r\nthank you\r\n"
            f"--rr\r\nContent-Type: message/disposition-notification\r\n\r\n{facts}\r\n--rr--\r\n"
        ).encode()
        whole = read_entity(self.peer.sign(report, "-binary", "-crlfeol"))
        head = {name: value for name, value in whole.headers if name.lower() != "mime-version"}
        return 200, {**head, "AS2-From": THEIRS, "AS2-To": f'"{OURS}"', "Message-ID": "<r@crestline>"}, whole.body

    def honest_receipt(self, headers: dict[str, str], body: bytes) -> Answer:
        data, _ = self.opened(body)
        return self.receipt(headers, base64.b64encode(hashlib.sha256(data).digest()).decode())


def stranger() -> KeyPair:
    """Somebody whom nobody knows."""
    return make_pair("stranger")

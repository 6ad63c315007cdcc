"""Partners who send us orders by SFTP and by AS2, and again what nobody acknowledged."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx

from edi.transports.as2.mdn import Receipt, quoted, read_receipt
from edi.transports.as2.message import Recipe, compose
from tests.faults.peers.peers import Peers
from tests.faults.peers.setting_up import OUR_AS2, THEIR_AS2
from tests.faults.senders import EdiClient, Ledger
from tests.faults.site import Site

AWAY = (429, 500, 502, 503, 504)


class SftpClient(EdiClient):
    """Drops files into the inbox of its own server; taken from there is acknowledged."""

    channel, partner_code, ship_to = "sftp", "BRIGHTWAY", "DC01"


class As2Client(EdiClient):
    """Posts messages until a signed receipt says that each was processed; some it sends once more, and gets that very
    receipt.
    """

    channel, partner_code, ship_to = "as2", "IRONWORK", "IRONWORK-01"

    def __init__(self, site: Site, ledger: Ledger, peers: Peers, **more: Any) -> None:
        super().__init__(site, ledger, inbox=peers.as2.folder / "nothing", **more)
        self._peers = peers
        self._http = httpx.Client(base_url=peers.way_in.url, timeout=10)

    def bring(self, pos: list[str], content: bytes) -> None:
        made = compose(
            content, filename=f"{pos[0]}.edi", recipe=Recipe(), signer=self._peers.their_pair,
            receiver=self._peers.our_pair.certificate,
        )  # fmt: skip
        message_id = f"<{pos[0]}@ironwork>"
        headers = {**head(message_id), **made.headers}
        had: list[bytes] = []

        def act() -> bool:
            answer = self._http.post("/as2", content=made.body, headers=headers)
            if answer.status_code == 500:
                self.ledger.refused.append(f"{pos[0]}: 500")
            if answer.status_code in AWAY:
                return False
            receipt = self._receipt(answer)
            if (receipt.accepted, receipt.message_id, receipt.mic) != (True, message_id, made.mic):
                raise RuntimeError(f"{message_id}: {receipt.disposition} {receipt.text}")
            had.append(answer.content)
            return True

        if self.insist(act):
            for each in pos:
                self.ledger.acknowledged[each] = self.channel, hashlib.sha256(content).hexdigest()
            if self.random.random() < 0.1 and self.insist(act) and had[0] != had[1]:
                raise RuntimeError(f"{message_id}: the same message again got another receipt")

    def note_taken(self) -> None:
        """Nothing: receipts have acknowledged all there is."""

    def _receipt(self, answer: httpx.Response) -> Receipt:
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.status_code} {answer.text[:200]}")
        return read_receipt(dict(answer.headers), answer.content, [self._peers.our_pair.certificate])


def head(message_id: str) -> dict[str, str]:
    """What says who writes to whom and which receipt is wanted."""
    return {
        "AS2-Version": "1.2",
        "AS2-From": THEIR_AS2,
        "AS2-To": quoted(OUR_AS2),
        "Message-ID": message_id,
        "Disposition-Notification-To": "as2@ironwork",
        "Disposition-Notification-Options": "signed-receipt-protocol=optional, pkcs7-signature; "
        "signed-receipt-micalg=optional, sha-256",
    }

"""A partner's AS2 address: it opens what comes, notes its Message-ID and content, and answers with a signed receipt.

Cryptography of other authors proves our messages in tests/edi/peers; here it is about what comes how often.

python -m tests.faults.peers.as2 FOLDER PORT
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Mapping
from pathlib import Path

from edi.transports.as2.certificates import load_certificate, load_key_pair
from edi.transports.as2.mdn import Verdict, unquoted, write_receipt
from edi.transports.as2.message import Keyring, open_message
from tests.faults.peers.listening import Answer, HttpPeer
from tests.faults.peers.record import Record, facts_of

RECORD, OWN, PORTAL = "messages.jsonl", "own.pem", "portal.pem"


def as2(folder: Path, port: int) -> HttpPeer:
    """The address, listening, with the certificates that lie in its folder."""
    pair = load_key_pair((folder / OWN).read_bytes(), "")
    portal = load_certificate((folder / PORTAL).read_bytes())
    keys = Keyring(ours=[pair], theirs=[portal], require_signed=True, require_encrypted=True)
    record = Record(folder / RECORD)

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        found = open_message(headers, body, keys)
        message_id = headers["message-id"]
        record.add(message_id=message_id, name=found.filename, **facts_of(bytes(found.payload)))
        verdict = Verdict(
            message_id=message_id, as2_from=unquoted(headers["as2-from"]), as2_to=unquoted(headers["as2-to"]),
            mic=found.mic("sha256"), mic_algorithm="sha256",
        )  # fmt: skip
        receipt = write_receipt(verdict, own_message_id=f"<{uuid.uuid4()}@peer>", signer=pair, digest="sha256")
        return 200, dict(receipt.headers), bytes(receipt.body)

    return HttpPeer(folder, port, take)


if __name__ == "__main__":
    as2(Path(sys.argv[1]), int(sys.argv[2])).serve_forever()

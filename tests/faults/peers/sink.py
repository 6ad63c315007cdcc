"""A webhook's receiver: it notes each message as it came and believes nothing; who reads the record judges it.

python -m tests.faults.peers.sink FOLDER PORT
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.faults.peers.listening import Answer, HttpPeer
from tests.faults.peers.record import Record

RECORD = "messages.jsonl"


def sink(folder: Path, port: int) -> HttpPeer:
    """The receiver, listening."""
    record = Record(folder / RECORD)

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        told = {name: value for name, value in headers.items() if name.startswith("webhook-")}
        record.add(headers=told, body=body.decode())
        return 204, {}, b""

    return HttpPeer(folder, port, take)


if __name__ == "__main__":
    sink(Path(sys.argv[1]), int(sys.argv[2])).serve_forever()

"""A partner's SFTP server, and the partner behind it who notes each file in its outbox and takes it away.

python -m tests.faults.peers.sftp FOLDER PORT
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import asyncssh

from tests.edi.transports.sftp_server import Server
from tests.faults.peers.record import Record, facts_of

RECORD, FILES, KEY = "files.jsonl", "files", "host_key"
LOOK_SECONDS = 0.3


def collect(outbox: Path, taken: Path, record: Record) -> int:
    """How many files were taken, in the order in which they were written; noted first, then moved away."""
    files = [file for file in outbox.iterdir() if not file.name.startswith(".")]
    for file in sorted(files, key=lambda one: (one.stat().st_mtime_ns, one.name)):
        record.add(message_id="", name=file.name, **facts_of(file.read_bytes()))
        os.replace(file, taken / file.name)
    return len(files)


def main(folder: Path, port: int) -> None:
    """Serve and collect until the end."""
    root, record = folder / FILES, Record(folder / RECORD)
    Server(root, key=asyncssh.read_private_key(folder / KEY), port=port)
    (root / "taken").mkdir(exist_ok=True)
    while True:
        collect(root / "outbox", root / "taken", record)
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

"""A process of its own that opens one AS2 message with a limit on its memory; see test_big_bodies.

python -m tests.edi.transports.flat <body> <content type> <our pem> <their pem> <spool> <megabytes>
"""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

from edi.transports.arriving import Reading, Scratch, arriving
from edi.transports.as2.certificates import load_certificate, load_key_pair
from edi.transports.as2.message import Keyring, open_message
from edi.transports.spool import keep


def main(body: str, kind: str, ours: str, theirs: str, spool: str, megabytes: str) -> None:
    """Prints digest and MIC. Dies of MemoryError where more than that is allocated beyond what the process has now."""
    keys = Keyring(
        ours=[load_key_pair(Path(ours).read_bytes(), "")], theirs=[load_certificate(Path(theirs).read_bytes())]
    )
    status = Path("/proc/self/status").read_text()
    held = int(re.search(r"VmData:\s+(\d+)", status).group(1)) * 1024  # type: ignore[union-attr]
    most = held + int(megabytes) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    folder = Path(spool)
    with (
        Path(body).open("rb") as file,
        arriving(file.read, length=None, most=10**9, folder=folder) as came,
        Scratch(folder) as scratch,
    ):
        found = open_message({"Content-Type": kind}, came.content, keys, scratch=scratch)
        kept = keep(Reading(found.payload), spool=folder)
        print(kept.sha256, kept.size, found.mic("sha256"), *found.layers)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])

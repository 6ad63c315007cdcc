"""What a peer had, a line of JSON each, on disk before it is answered: a killed peer forgets nothing that it took."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path
from typing import Any


class Record:
    """Lines are added by one process and read by another; the half of a line that a kill left is none."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()

    def add(self, **facts: Any) -> None:
        """One thing that came."""
        with self._lock, open(self._path, "ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                file.write(b"" if file.read(1) == b"\n" else b"\n")
            file.write(json.dumps(facts).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def rows(self) -> list[dict[str, Any]]:
        """All that came, in order."""
        if not self._path.exists():
            return []
        found = []
        for line in self._path.read_bytes().splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found


def facts_of(content: bytes) -> dict[str, str]:
    """Hash of an interchange, and its control number where ISA has it (X12.5: ISA is of fixed length)."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "number": content[90:99].decode("latin-1")}

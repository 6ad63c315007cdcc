"""Dispute damaged goods of an invoice: send a photo, name it in the claim, read what came of it. Only Python's own
library.

python dispute_by_api.py https://portal.example.com "<prefix>.<secret>" <invoice> <position> <photo.jpg>
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any


def call(site: str, key: str, path: str, body: bytes, media_type: str) -> Any:
    """The answer to a POST under an Idempotency-Key of its own; after a lost answer send it again under the same."""
    heads = {"Authorization": f"Api-Key {key}", "Content-Type": media_type, "Idempotency-Key": str(uuid.uuid4())}
    request = urllib.request.Request(f"{site.rstrip('/')}/api/v1/{path}", body, heads)  # noqa: S310 - https
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - https
            return json.load(answer)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        raise SystemExit(f"{error.code} {problem['code']}: {problem['detail']}") from error


def form_of(photo: Path) -> tuple[bytes, str]:
    """The photo in the field `file` of a form, and the form's media type."""
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{photo.name}"\r\n\r\n'
    return head.encode() + photo.read_bytes() + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def main(site: str, key: str, invoice: str, position: str, photo: str) -> None:
    """Tell on the terminal what became of it."""
    sent = call(site, key, "files", *form_of(Path(photo)))
    print(f"{sent['name']} {sent['media_type']}")  # noqa: T201
    claim = {
        "invoice": invoice,
        "reason": "damaged",
        "note": "The box was crushed",
        "lines": [{"position": int(position), "photos": [sent["id"]]}],
    }
    opened = call(site, key, "disputes", json.dumps(claim).encode(), "application/json")
    there = [text for one in opened["evidence"] if one["item"] == "photo" for text in one["there"]]
    print(f"{opened['number']} {opened['status']} {opened['amount_claimed']} {', '.join(there)}")  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) != 6:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])

"""Place an order, send it again as after a lost answer, take one line off, cancel the rest. Only Python's own library.

python order_by_api.py https://portal.example.com "<prefix>.<secret>" PO-1001 <ship-to> <sku> <quantity>
"""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from email.message import Message
from typing import Any

TRIES = 4


class Refused(SystemExit):
    """What the portal says of a call that it did not do; `why` is stable."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem['code']}: {problem['detail']}")
        self.why = problem["code"]


class Api:
    """Calls with a key; a write is tried again under the same Idempotency-Key, so it is done once."""

    def __init__(self, site: str, key: str) -> None:
        self.base, self.key = f"{site.rstrip('/')}/api/v1/", key

    def call(
        self, method: str, path: str, body: Any = None, *, once: str = "", etag: str = ""
    ) -> tuple[int, Any, Message]:
        """Status, answer and headers (found in any case). Refusals are raised with what the portal says."""
        headers = {"Authorization": f"Api-Key {self.key}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": once} if once else {}
        headers |= {"If-Match": etag} if etag else {}
        data = None if body is None else json.dumps(body).encode()
        for left in reversed(range(TRIES)):
            request = urllib.request.Request(self.base + path, data, headers, method=method)  # noqa: S310 - https
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - https
                    return answer.status, json.load(answer), answer.headers
            except urllib.error.HTTPError as error:
                problem = json.load(error)
                again = error.code in (429, 503) or problem.get("code") == "idempotency_key_in_use"
                if not again or not left:
                    raise Refused(error.code, problem) from error
                time.sleep(float(error.headers.get("Retry-After", 1)))
            except OSError:  # nobody knows whether it arrived: the same key makes sending it again safe
                if not left:
                    raise
                time.sleep(1)
        raise AssertionError("the last try returns or raises")


def ask_for(api: Api, order: str, act: str, body: Any) -> tuple[int, Any]:
    """Status and answer of a change that fits the newest version; where the order moved on meanwhile, once more."""
    for left in reversed(range(TRIES)):
        _, _, headers = api.call("GET", order)
        try:
            status, change, _ = api.call("POST", f"{order}/{act}", body, once=str(uuid.uuid4()), etag=headers["ETag"])
            return status, change
        except Refused as refused:
            if refused.why != "changed" or not left:
                raise
    raise AssertionError("the last try returns or raises")


def main(site: str, key: str, po_number: str, ship_to: str, sku: str, quantity: str) -> None:
    """Tell on the terminal what became of it."""
    api, once = Api(site, key), str(uuid.uuid4())
    order = {"po_number": po_number, "ship_to": ship_to, "lines": [{"sku": sku, "quantity": quantity}] * 2}
    status, placed, _ = api.call("POST", "orders", order, once=once)
    print(f"{status} {placed['number']} {placed['status']} {placed['total']}")  # noqa: T201
    status, repeated, headers = api.call("POST", "orders", order, once=once)
    print(f"{status} {repeated['number']} replayed {headers['Idempotent-Replayed']}")  # noqa: T201
    path, less = f"orders/{placed['number']}", {"lines": [{"line_no": "2", "quantity": "0"}]}
    status, change = ask_for(api, path, "changes", less)
    print(f"{status} change {change['status']}")  # noqa: T201
    status, change = ask_for(api, path, "cancellation", {"note": "example"})
    print(f"{status} cancellation {change['status']}")  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) != 7:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])

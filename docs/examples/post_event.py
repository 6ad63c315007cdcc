"""Post an event to the portal as a carrier or a payment provider does: signed, under an id of its own, so that sending
it again does nothing twice. Only Python's own library. The addresses and secrets below are the demo's.

python post_event.py http://localhost:8000 delivered UPSN <tracking number>
python post_event.py http://localhost:8000 paid <account> <invoice> <amount>
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from typing import Any

CARRIER, PAYMENTS = "demo-carrier", "demo-payments"
CARRIER_SECRET = os.environ.get("CARRIER_SECRET", "whsec_ZGVtbyBjYXJyaWVyIG9mIHRoaXMgbWFjaGluZSBvbmx5")
PAYMENTS_SECRET = os.environ.get("PAYMENTS_SECRET", "demo payments of this machine only")


def standard(secret: str, message_id: str, body: bytes) -> dict[str, str]:
    """The heads of Standard Webhooks: HMAC-SHA256 over id, time and body, in base64."""
    stamp = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    made = "v1," + base64.b64encode(mac).decode()
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": made}


def plain(secret: str, body: bytes) -> dict[str, str]:
    """HMAC-SHA256 over the body in a header of the sender's choice, in hex; the event's id stands in the body."""
    return {"X-Signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def post(site: str, sender: str, body: bytes, signed: dict[str, str]) -> str:
    """What the portal answered."""
    address = f"{site.rstrip('/')}/api/v1/hooks/{sender}"
    heads = {"Content-Type": "application/json", **signed}
    request = urllib.request.Request(address, body, heads)  # noqa: S310 - an address that you typed
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return f"{answer.status} {json.load(answer)['state']}"
    except urllib.error.HTTPError as error:
        return f"{error.code} {json.load(error)['detail']}"


def delivered(carrier: str, tracking_number: str) -> tuple[str, dict[str, Any]]:
    """A parcel that somebody signed for; said twice, it is one event."""
    data = {
        "carrier": carrier,
        "tracking_number": tracking_number,
        "status": "delivered",
        "occurred_at": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
        "place": "Dayton, OH",
        "signed_by": "M. Ortiz",
    }
    return f"demo-{tracking_number}-delivered", {"type": "tracking.updated", "data": data}


def paid(account: str, invoice: str, amount: str) -> dict[str, Any]:
    """A payment of one invoice; `id` is the provider's own."""
    data = {
        "account": account,
        "reference": f"demo-{invoice}",
        "amount": amount,
        "currency": "USD",
        "paid_at": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
        "method": "ach",
        "invoices": [{"number": invoice, "amount": amount}],
    }
    return {"id": f"demo-{invoice}", "type": "payment.succeeded", "data": data}


def main(site: str, what: str, *told: str) -> None:
    """Posts it twice, as after an answer that was lost."""
    if what == "delivered":
        message_id, event = delivered(*told)
        body = json.dumps(event).encode()
        answers = [post(site, CARRIER, body, standard(CARRIER_SECRET, message_id, body)) for _ in range(2)]
    else:
        body = json.dumps(paid(*told)).encode()
        answers = [post(site, PAYMENTS, body, plain(PAYMENTS_SECRET, body)) for _ in range(2)]
    print("\n".join(answers))  # noqa: T201


if __name__ == "__main__":
    if sys.argv[2:3] not in (["delivered"], ["paid"]) or len(sys.argv) != (5 if sys.argv[2] == "delivered" else 6):
        raise SystemExit(__doc__)
    main(*sys.argv[1:])

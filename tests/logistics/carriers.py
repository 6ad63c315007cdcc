"""A carrier over HTTP: what it posts, what it can be asked, and pictures in every state."""

from __future__ import annotations

import base64
import io
import json
import time
import uuid
from typing import Any

from django.test import Client
from PIL import Image

from distportal.events.sweeper import work_until_idle
from distportal.systems.logistics import save_logistics_connection
from distportal.systems.tms.signing import signature
from inventory.process.cursors import store_cursor
from orders.process.carrier_feed import poll_carrier
from tests.logistics.worlds import feed_end
from tests.sandbox import SandboxProcess

SECRET = "hook-secret-of-the-tests"


class Carrier:
    """Roadrunner, who speaks for UPSN and RRFT."""

    name = "roady"

    def __init__(self, sandbox: SandboxProcess, **changes: Any) -> None:
        self.sandbox = sandbox
        save_logistics_connection(
            name=self.name, title="Roadrunner", kind="tms_rest", settings={"url": f"{sandbox.url}/tms", **changes},
            secrets={"token": "env:TEST_WMS_TOKEN", "webhook_secret": "env:TEST_TMS_HOOK"},
            serves={"UPSN": "UPS", "RRFT": "Roadrunner"}, rate_per_minute=100_000,
        )  # fmt: skip
        store_cursor(f"tms:{self.name}", feed_end(sandbox, "tms"), changes=0, complete=True)

    def event(
        self, code: str = "AF", kind: str = "moved", *, at: str = "2026-11-25T18:00:00-06:00", **more: Any
    ) -> Any:
        """An event of the shipment 1Z80001, as JSON."""
        words = {"AF": "Picked up", "X1": "Arrived at the delivery place", "D1": "Delivered", "AJ": "Held up"}
        status = {"code": code, "meaning": words.get(code, code), "kind": kind, "at": at, "place": "Reno, NV"}
        told = {"event_id": uuid.uuid4().hex, "carrier": "UPSN", "tracking_number": "1Z80001", "status": status}
        return told | more

    def post(self, event: Any, *, body: bytes | None = None, secret: str = SECRET, at: int = 0, **headers: str) -> Any:
        """The answer to a post; all of it can be falsified."""
        body = json.dumps(event).encode() if body is None else body
        message_id, moment = str(event.get("event_id")), str(at or int(time.time()))
        told = {
            "webhook-id": message_id,
            "webhook-timestamp": moment,
            "webhook-signature": signature(secret, message_id, moment, body),
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        return Client().post(f"/api/v1/carriers/{self.name}/events", body, "application/json", headers=told)

    def posted(self, event: Any) -> None:
        """Posted, and used when this returns."""
        assert self.post(event).status_code == 202
        work_until_idle()

    def tell(self, event: Any) -> Any:
        """At the end of its feed."""
        return self.sandbox.post("/tms/staff/events", event)

    def ask(self) -> None:
        """The portal asks, and uses what it got."""
        poll_carrier(connection=self.name)
        work_until_idle()


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    """A picture with a stroke in it."""
    made = Image.new(mode, size, "white")
    made.paste("black", (5, 5, 20, 10))
    out = io.BytesIO()
    made.save(out, format=kind, **options)
    return out.getvalue()


def proof(content: bytes, at: str = "2026-11-26T10:00:00-06:00", **more: str) -> dict[str, str]:
    """A proof with a picture, as JSON."""
    return {"signed_by": "M. Alvarez", "at": at, "place": "Dock 3", "image": base64.b64encode(content).decode()} | more

"""Where carriers post what happened: signed, stored before it is answered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from distportal.events.choices import Level
from distportal.events.clock import database_now
from distportal.events.pressure import RETRY_SECONDS, takes_orders
from distportal.systems.errors import Misconfigured
from distportal.systems.logistics import tms
from distportal.systems.tms.signing import refusal_of
from distportal.web.api.problems import refused_post, reused_id
from distportal.web.bounded_body import bounded_body
from orders.process.carrier_messages import receive_message

MOST_BYTES = 8 * 1024 * 1024
"""A picture of 5 MiB in base64, and what stands around it."""


@csrf_exempt
@require_POST
def carrier_events(request: HttpRequest, name: str) -> HttpResponse:
    """202 once the message is stored, told again too; 409 for another one under a known id, which keeps the first.

    400, 401, 404 and 413 keep nothing and say why; on 503 the sender sends again.
    """
    if not takes_orders():
        away = refused_post(503, "Nothing can be stored safely for the moment. Send it again later.")
        away["Retry-After"] = str(RETRY_SECONDS[Level.PROTECT])
        return away
    try:
        secret = tms(name).webhook_secret()
    except Misconfigured as error:
        missing = error.code == "tms.connection_off"
        return (
            refused_post(404, "No carrier posts here.") if missing else refused_post(503, "This address is not set up.")
        )
    told = {part: request.headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature")}
    if not all(told.values()) or len(told["id"]) > 120 or not told["id"].isprintable():
        return refused_post(
            400, "webhook-id (at most 120 characters), webhook-timestamp and webhook-signature are needed."
        )
    body = bounded_body(request, MOST_BYTES)
    if body is None:
        return refused_post(413, f"Send Content-Length and at most {MOST_BYTES} bytes.")
    why = refusal_of(
        secret=secret, message_id=told["id"], timestamp=told["timestamp"], given=told["signature"], body=body,
        now=database_now().timestamp(),
    )  # fmt: skip
    if why or not secret:
        return refused_post(401, f"{why or 'No secret is agreed'}.")
    got = receive_message(connection=name, event_id=told["id"], body=body, channel="webhook")
    if got.outcome == "conflict":
        return reused_id()
    return JsonResponse({"event_id": told["id"], "state": got.outcome}, status=202)

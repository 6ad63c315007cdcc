"""Where other systems post events: believed only when signed, kept before it is answered, used afterwards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from distportal.events.choices import Level
from distportal.events.clock import database_now
from distportal.events.pressure import RETRY_SECONDS, takes_orders
from distportal.web.api.problems import refused_post, reused_id
from distportal.web.bounded_body import bounded_body
from distportal.webhooks.models import Sender
from distportal.webhooks.receiving import count_refusal, keep_event
from distportal.webhooks.verifying import event_key, refusal_of

MOST_BYTES = 1024 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest, name: str) -> HttpResponse:
    """202 once the event is kept, told again too; 409 for another one under a known id, which keeps the first.

    401, 404 and 413 keep nothing and say why; on 503 the sender sends again.
    """
    if not takes_orders():
        away = refused_post(503, "Nothing can be stored safely for the moment. Send it again later.")
        away["Retry-After"] = str(RETRY_SECONDS[Level.PROTECT])
        return away
    sender = Sender.objects.filter(name=name, active=True).first()
    if sender is None:
        return refused_post(404, "Nobody posts here.")
    body = bounded_body(request, MOST_BYTES)
    if body is None:
        return refused_post(413, f"Send Content-Length and at most {MOST_BYTES} bytes.")
    if why := refusal_of(sender, request.headers, body, database_now()):
        count_refusal(sender=sender)
        return refused_post(401, f"The post is not believed: {why}.")
    key = event_key(sender, request.headers, body)
    state = keep_event(
        sender=sender, event_id=key, body=body, content_type=request.headers.get("Content-Type", "")
    )  # fmt: skip
    if state == "conflict":
        return reused_id()
    return JsonResponse({"event_id": key, "state": state}, status=202)

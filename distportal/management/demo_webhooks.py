"""What an administrator of the demo's dealer does on the page of its webhook: sends one message again."""

from __future__ import annotations

from django.db.models import Count, Q

from distportal.webhooks.choices import DeliveryState
from distportal.webhooks.models import Delivery, Endpoint
from distportal.webhooks.replaying import replay_delivery
from distportal.webhooks.seeds import TAKES

ARRIVED = Count("tries", filter=Q(tries__status__range=(200, 299)))


def play_webhooks() -> None:
    """The first message that arrived is sent again, once, however often this is called."""
    endpoint = Endpoint.objects.filter(name=TAKES, account__code="HARBOR").select_related("account").first()
    if endpoint is None:
        return
    rows = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.DELIVERED).annotate(arrived=ARRIVED)
    first = rows.order_by("pk").first()
    if first is not None and not rows.filter(arrived__gt=1).exists():
        replay_delivery(by=None, account=endpoint.account, endpoint_id=endpoint.pk, delivery_id=first.pk)

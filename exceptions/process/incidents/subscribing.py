"""Who of our people hears of incidents, warnings and escalations."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from distportal.accounts.models import User
from exceptions.choices import Layer
from exceptions.models import Queue, Subscription


def topics() -> list[tuple[str, str]]:
    """What one may subscribe to, with the words for it."""
    found = [(f"incident:{layer.value}", f"Incidents: {layer.label}") for layer in Layer]
    for queue in Queue.objects.order_by("name"):
        found.append((f"warned:{queue.code}", f"{queue}: four fifths of a case's time are over"))
        found.append((f"escalated:{queue.code}", f"{queue}: nobody took a case in time"))
    return found


@transaction.atomic
def subscribe_to(*, user: User, wanted: Collection[str]) -> int:
    """How many topics the person hears of now: those of `wanted` that there are, and no other."""
    chosen = {topic for topic, _ in topics()} & set(wanted)
    mine = Subscription.objects.filter(user=user)
    mine.exclude(topic__in=chosen).delete()
    rows = [Subscription(user=user, topic=topic) for topic in sorted(chosen)]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True)
    return len(chosen)


def listeners(topic: str, *, else_group: str = "") -> Sequence[User]:
    """The active people who subscribed; where nobody did, all of the staff group, for an alarm is never nobody's."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("email")
    found = list(staff.filter(pk__in=Subscription.objects.filter(topic=topic).values("user")))
    return found or (list(staff.filter(groups__name=else_group)) if else_group else [])

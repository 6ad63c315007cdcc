"""Who of our people hears of incidents, warnings and escalations."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from distportal.accounts.models import User
from exceptions.choices import Layer
from exceptions.errors import CaseChanged
from exceptions.models import Incident, Queue, Subscription

_ONE = "incident#"


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
    mine = Subscription.objects.filter(user=user).exclude(topic__startswith=_ONE)
    mine.exclude(topic__in=chosen).delete()
    rows = [Subscription(user=user, topic=topic) for topic in sorted(chosen)]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True)
    return len(chosen)


@transaction.atomic
def follow_incident(*, user: User, incident: Incident, follow: bool) -> bool:
    """Whether the person hears of that one incident from now on, whatever topics they chose. Raises CaseChanged for one
    that is over: nothing more comes of it.
    """
    if follow and incident.ended_at is not None:
        raise CaseChanged(f"{incident} is over; nothing more will be told of it")
    topic = topic_of(incident.pk)
    if follow:
        Subscription.objects.get_or_create(user=user, topic=topic)
    else:
        Subscription.objects.filter(user=user, topic=topic).delete()
    return follow


def follows(user: User, incident: Incident) -> bool:
    """Whether the person asked to hear of that one incident."""
    return Subscription.objects.filter(user=user, topic=topic_of(incident.pk)).exists()


def topic_of(incident_id: int) -> str:
    """The topic of one incident."""
    return f"{_ONE}{incident_id}"


def listeners_of(incident_id: int, layer: str) -> Sequence[User]:
    """Who hears of an incident: the layer's listeners, else all operators, and those who follow this one."""
    found = {user.pk: user for user in listeners(f"incident:{layer}", else_group="operator")}
    return list((found | {user.pk: user for user in listeners(topic_of(incident_id))}).values())


def listeners(topic: str, *, else_group: str = "") -> Sequence[User]:
    """The active people who subscribed; where nobody did, all of the staff group, for an alarm is never nobody's."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("email")
    found = list(staff.filter(pk__in=Subscription.objects.filter(topic=topic).values("user")))
    return found or (list(staff.filter(groups__name=else_group)) if else_group else [])

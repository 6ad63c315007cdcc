"""Who of our people hears of incidents, warnings, escalations, and of new cases in a view."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import parse_qsl

from django.db import transaction
from django.db.models import Q

from distportal.accounts.models import User
from exceptions.choices import Layer
from exceptions.errors import CaseChanged
from exceptions.models import Case, CaseView, Incident, Queue, Subscription
from exceptions.queries.listing import Asked, cases_asked

_ONE, _VIEW = "incident#", "view:"


def topics(user: User) -> list[tuple[str, str]]:
    """What the person may subscribe to, with the words for it: layers, queues, and the saved views that they see."""
    found = [(f"incident:{layer.value}", f"Incidents: {layer.label}") for layer in Layer]
    for queue in Queue.objects.order_by("name"):
        found.append((f"warned:{queue.code}", f"{queue}: four fifths of a case's time are over"))
        found.append((f"escalated:{queue.code}", f"{queue}: nobody took a case in time"))
    for view in CaseView.objects.filter(Q(user=user) | Q(shared=True)).order_by("name", "pk"):
        found.append((f"{_VIEW}{view.pk}", f"A case comes into the view “{view.name}”"))
    return found


@transaction.atomic
def subscribe_to(*, user: User, wanted: Collection[str]) -> int:
    """How many topics the person hears of now: those of `wanted` that there are, and no other."""
    chosen = {topic for topic, _ in topics(user)} & set(wanted)
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


def forget_view(view_id: int) -> None:
    """Nobody hears of a view that is gone."""
    Subscription.objects.filter(topic=f"{_VIEW}{view_id}").delete()


def watchers_of(case: Case) -> list[User]:
    """The active people who hear of new cases in a view that this case is in, each with that view's own eyes."""
    rows = Subscription.objects.filter(topic__startswith=_VIEW, user__is_staff=True, user__is_active=True)
    wanted = [(row.user, row.topic.removeprefix(_VIEW)) for row in rows.select_related("user").order_by("user__email")]
    views = {str(view.pk): view for view in CaseView.objects.filter(pk__in={view_id for _, view_id in wanted})}
    found = {user.pk: user for user, view_id in wanted if view_id in views and _shows(views[view_id], case, user)}
    return list(found.values())


def _shows(view: CaseView, case: Case, user: User) -> bool:
    if not view.shared and view.user_id != user.pk:
        return False
    return cases_asked(Asked.of(dict(parse_qsl(view.query))), user).filter(pk=case.pk).exists()


def listeners_of(incident_id: int, layer: str) -> Sequence[User]:
    """Who hears of an incident: the layer's listeners, else all operators, and those who follow this one."""
    found = {user.pk: user for user in listeners(f"incident:{layer}", else_group="operator")}
    return list((found | {user.pk: user for user in listeners(topic_of(incident_id))}).values())


def listeners(topic: str, *, else_group: str = "") -> Sequence[User]:
    """The active people who subscribed; where nobody did, all of the staff group, for an alarm is never nobody's."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("email")
    found = list(staff.filter(pk__in=Subscription.objects.filter(topic=topic).values("user")))
    return found or (list(staff.filter(groups__name=else_group)) if else_group else [])

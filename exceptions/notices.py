"""What our people are told of the desk: incidents, cases that are late or that nobody took, new cases of a view."""

from __future__ import annotations

from django.urls import reverse

from distportal.events.base import Delivered
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, Told, add_notice_kind
from exceptions.models import Case
from exceptions.process.incidents.subscribing import listeners, listeners_of, watchers_of

GROUP = "Exception desk"
STAFF = frozenset({"agent", "finance", "operator"})
NOBODY: frozenset[str] = frozenset()
_LABELS = {"severity": "Severity", "figures": "What waits"}
_SAMPLE = {"number": "I-7", "title": "The ERP default does not answer", "told": "12 wait for it", "figures": "12 wait"}
_CASE = {"case": "E-1042", "sentence": "Line 3: unit CTN is not one FST-10001 is sold in", "queue": "Orders"}


def _of_incident(event: Delivered) -> Told:
    told = event.payload
    facts = {
        "number": f"I-{told['incident']}",
        **{name: told[name] for name in ("title", "told", "figures", "severity")},
    }
    path = reverse("desk:incident", args=[told["incident"]])
    people = listeners_of(told["incident"], told["layer"])
    return Told(account=None, facts=facts, path=path, people=people)


def _of_case(event: Delivered, topic: str) -> Told | None:
    """None for a case that is over, or part of an incident that goes on: that one is told of."""
    rows = Case.objects.select_related("queue", "owner", "incident")
    case = rows.filter(pk=event.aggregate_id).first()
    if case is None or not case.is_open or (case.incident and case.incident.ended_at is None):
        return None
    group = case.queue.group if topic == "escalated" else ""
    people = [*listeners(f"{topic}:{event.payload['queue']}", else_group=group), *([case.owner] if case.owner else [])]
    if not people:
        return None
    facts = {"case": str(case), "sentence": case.sentence, "queue": case.queue.name}
    return Told(account=None, facts=facts, path=reverse("desk:case", args=[case.number]), people=people)


def _of_new_case(event: Delivered) -> Told | None:
    """None for a case that is over already, or that is in no view that somebody wants to hear of."""
    case = Case.objects.select_related("queue").filter(pk=event.aggregate_id).first()
    people = watchers_of(case) if case is not None and case.is_open else []
    if case is None or not people:
        return None
    facts = {"case": str(case), "sentence": case.sentence, "queue": case.queue.name}
    return Told(account=None, facts=facts, path=reverse("desk:case", args=[case.number]), people=people)


for _fact, _title, _sentence, _weight in (
    ("began", "An incident begins", "{number} {title}; {figures}", 9),
    ("worse", "An incident becomes worse", "{number} {title}: {told}", 9),
    ("ended", "An incident is over", "{number} {title} is over: {told}", 4),
):
    add_notice_kind(
        NoticeKind(
            key=f"incident.{_fact}", group=GROUP, title=_title, sentence=_sentence, action="Open the incident",
            roles=NOBODY, groups=STAFF, sample=_SAMPLE, labels=_LABELS, mail=Mode.INSTANT,
            weight=_weight, events=(f"incident.{_fact}",), read=_of_incident,
        )
    )  # fmt: skip
add_notice_kind(
    NoticeKind(
        key="case.warned", group=GROUP, title="A case's time runs out", action="Open the case",
        roles=NOBODY, groups=STAFF,
        sentence="{case}: four fifths of its time are over. {sentence}", labels={"queue": "Queue"}, sample=_CASE,
        weight=5, events=("case.warned",), read=lambda event: _of_case(event, "warned"),
    )
)  # fmt: skip
add_notice_kind(
    NoticeKind(
        key="case.escalated", group=GROUP, title="Nobody took a case in time", action="Open the case",
        roles=NOBODY, groups=STAFF,
        sentence="{case}: nobody took it in time. {sentence}", labels={"queue": "Queue"}, sample=_CASE,
        mail=Mode.INSTANT, weight=7, events=("case.escalated",), read=lambda event: _of_case(event, "escalated"),
    )
)  # fmt: skip
add_notice_kind(
    NoticeKind(
        key="case.came", group=GROUP, title="A case comes into a view of yours", action="Open the case",
        roles=NOBODY, groups=STAFF, sentence="{case}: {sentence}", labels={"queue": "Queue"}, sample=_CASE,
        weight=5, events=("case.opened", "case.reopened"), read=_of_new_case,
    )
)  # fmt: skip

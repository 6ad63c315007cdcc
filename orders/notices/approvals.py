"""Orders that need a colleague's yes: who may give it is asked, who ordered is answered."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from distportal.accounts.choices import Role
from distportal.accounts.models import User
from distportal.accounts.speaking import zone_of
from distportal.events.base import Delivered
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, Told, add_notice_kind
from orders.choices import ApprovalState
from orders.models import ApprovalRequest
from orders.notices.reading import ORDERING
from orders.process.approvals.approvers import approvers_now, waits_for
from orders.process.approvals.rows import agreed_by

GROUP = _("Approvals")
LABELS = {
    "po": _("PO number"), "why": _("Why"), "total": _("Total before tax and freight"), "by": _("By"),
    "text": _("Comment"),
}  # fmt: skip
SAMPLE = {
    "number": "AP-100031", "po": "PO-7781", "total": "$6,284.50", "requested_name": "J. Ruiz", "by": "M. Ortiz",
    "why": "The order comes to $6,284.50; above $5,000.00 it needs approval", "text": "Fine, but take the 24 pack",
}  # fmt: skip
OPEN = _("Open the request")


def _told(event: Delivered, people: list[User]) -> Told:
    row = ApprovalRequest.objects.select_related("account__calendar").get(pk=UUID(event.payload["approval"]))
    facts = {
        name: str(event.payload[name]) for name in ("number", "po", "total", "requested_name", "why", "text", "by")
    }
    return Told(account=row.account, facts=facts, path=reverse("orders:approval", args=[row.pk]), people=people)


def _to_approvers(event: Delivered) -> Told:
    row = ApprovalRequest.objects.select_related("account__calendar").get(pk=UUID(event.payload["approval"]))
    people = approvers_now(row.account)
    able = waits_for(row.reasons, set(), people, buyer=row.requested_by_id)
    return _told(event, [people.users[pk] for pk in able])


def _reminded(event: Delivered) -> Told | None:
    """Nothing for a request that was answered meanwhile, and nobody who said yes already."""
    row = ApprovalRequest.objects.select_related("account__calendar").get(pk=UUID(event.payload["approval"]))
    if row.state != ApprovalState.ASKED:
        return None
    people = approvers_now(row.account)
    able = waits_for(row.reasons, agreed_by(row), people, buyer=row.requested_by_id)
    if not able:
        return None
    told = _told(event, [people.users[pk] for pk in able])
    zone = zone_of(row.account)
    ends = row.expires_at.astimezone(ZoneInfo(zone))
    return replace(told, facts={**told.facts, "ends": f"{ends.day} {ends:%b %Y, %H:%M}"})


def _to_buyer(event: Delivered) -> Told | None:
    asked_by = event.payload["requested_by"]
    buyer = User.objects.filter(pk=UUID(asked_by)).first() if asked_by else None
    return _told(event, [buyer]) if buyer else None


for _kind in (
    NoticeKind(
        key="approval.asked", group=GROUP, title=_("Your approval is asked for"),
        sentence=_("{requested_name} asks for your approval: {number}, {total}"), action=_("Read and decide"),
        labels={name: label for name, label in LABELS.items() if name not in ("by", "text")},
        roles=frozenset({Role.ADMIN, Role.APPROVER}), mail=Mode.INSTANT, mandatory=True, weight=10, sample=SAMPLE,
        events=("approval.asked",), read=_to_approvers,
    ),
    NoticeKind(
        key="approval.reminded", group=GROUP, title=_("An order still waits for your approval"),
        sentence=_("{number} of {requested_name}, {total}, waits for your approval and ends {ends}"),
        action=_("Read and decide"),
        labels={
            **{name: label for name, label in LABELS.items() if name not in ("by", "text")}, "ends": _("Ends"),
        },
        roles=frozenset({Role.ADMIN, Role.APPROVER}), mail=Mode.INSTANT, weight=10,
        sample={**SAMPLE, "ends": "1 Dec 2026, 09:30"}, events=("approval.reminded",), read=_reminded,
    ),
    NoticeKind(
        key="approval.given", group=GROUP, title=_("Your order was approved"),
        sentence=_("{by} approved {number} (PO {po}); it is ordered"), action=OPEN, labels=LABELS, roles=ORDERING,
        mail=Mode.INSTANT, weight=6, sample=SAMPLE, events=("approval.given",), read=_to_buyer,
    ),
    NoticeKind(
        key="approval.sent_back", group=GROUP, title=_("Your order was sent back"),
        sentence=_("{by} sent {number} (PO {po}) back; nothing is ordered"), action=OPEN, labels=LABELS,
        roles=ORDERING, mail=Mode.INSTANT, mandatory=True, weight=9, sample=SAMPLE, events=("approval.sent_back",),
        read=_to_buyer,
    ),
    NoticeKind(
        key="approval.expired", group=GROUP, title=_("Nobody approved in time"),
        sentence=_("Nobody answered {number} (PO {po}) in time; nothing is ordered"), action=OPEN,
        labels={name: label for name, label in LABELS.items() if name not in ("by", "text")}, roles=ORDERING,
        mail=Mode.INSTANT, mandatory=True, weight=9, sample=SAMPLE, events=("approval.expired",), read=_to_buyer,
    ),
):  # fmt: skip
    add_notice_kind(_kind)

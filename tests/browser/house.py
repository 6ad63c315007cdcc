"""What the house looks after: webhooks and senders, requests on personal data, planned rules, and the back office."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from distportal.accounts.models import User
from distportal.calendars.models import Calendar, WorkingHours
from distportal.governance.planning import plan_change
from distportal.personal.choices import RequestKind
from distportal.personal.requests import ask
from distportal.webhooks.endpoints import make_endpoint, send_ping
from distportal.webhooks.models import Endpoint, Sender
from distportal.webhooks.senders import Signing, make_sender
from orders.models import ApprovalLimit, RulePolicy
from tests.browser.company import Company
from tests.conftest import Cast
from tests.orders.money import an_invoice, line, pay


@dataclass(frozen=True)
class House:
    """Each of them as its row."""

    endpoint: Endpoint
    sender: Sender
    policy: RulePolicy
    limit: ApprovalLimit
    calendar: Calendar


def fill_house(cast: Cast) -> House:
    """One of each, and a payment that is short."""
    operator = User.objects.get(email="operator@northline.example")
    endpoint, _ = make_endpoint(
        by=None, account=cast.harbor, name="Till", url="https://hooks.example.com/in", event_types=["order.accepted"]
    )
    send_ping(by=None, account=cast.harbor, endpoint_id=endpoint.pk)
    sender, _ = make_sender(by=operator, name="pay", title="Pay Co", kind="payment", signing=Signing())
    ask(by=operator, email=cast.buyer.email, kind=RequestKind.ERASURE, reason="wrote from that address")
    policy = RulePolicy.objects.create(
        account=cast.harbor, code="price_differs", action="hold", data={"tolerance_percent": "2"}
    )
    plan_change(
        by=operator, kind="policies", subject=str(policy.pk), reason="contract 7",
        values={"action": "accept", "data": {"tolerance_percent": "5"}},
        effective_on=timezone.localdate() + dt.timedelta(days=1), ends_on=None,
    )  # fmt: skip
    an_invoice(cast.harbor, "SHORT-1", "100")
    pay(cast.harbor, line("SHORT-1", "90"))
    limit = ApprovalLimit.objects.create(limit=Decimal("250.00"))
    calendar = Calendar.objects.create(code="house", name="House", time_zone="America/New_York")
    WorkingHours.objects.create(calendar=calendar, weekday=1, opens=dt.time(9), closes=dt.time(17))
    return House(endpoint, sender, policy, limit, calendar)


def house_pages(company: Company, house: House) -> dict[str, str]:
    """One address of every page that operators alone see."""
    policy = reverse("rules:rule", args=["policies", house.policy.pk])
    return {
        "connections": "/connections/",
        "tower": "/tower/",
        "figures": "/kpis/",
        "figure": "/kpis/exception_resolution/",
        "figure-rows": "/kpis/exception_resolution/rows/",
        "rules": "/rules/",
        "rule": policy,
        "personal-data": "/personal-data/",
        "webhooks": "/webhooks/",
        "webhook": f"/webhooks/{house.endpoint.pk}/",
        "senders": "/webhooks/senders/",
        "house-keys": "/house-keys/",
        "sender": f"/webhooks/senders/{house.sender.pk}/",
        "routing": "/desk/rules/",
        "checks": "/desk/checks/",
        "queues": "/desk/queues/",
        "runbooks": "/desk/runbooks/",
        "runbook": "/desk/runbooks/order.held/",
        "find": f"/chain/?q={company.billed.po_number}",
        "mails": "/notifications/mails/",
    }


def back_office_pages(company: Company, house: House) -> dict[str, str]:
    """The back office's front page, a list with rows and one without, rows to read and to change, and its own pages."""
    dispute = reverse("admin:orders_dispute_change", args=[company.dispute.pk])
    return {
        "front": reverse("admin:index"),
        "disputes": reverse("admin:orders_dispute_changelist"),
        "none": reverse("admin:orders_return_changelist"),
        "dispute": dispute,
        "history": reverse("admin:orders_dispute_history", args=[company.dispute.pk]),
        "report": reverse("admin:orders_dispute_report"),
        "letter": reverse("admin:orders_lettertemplate_write", args=["credit"]),
        "limit": reverse("admin:orders_approvallimit_change", args=[house.limit.pk]),
        "calendar": reverse("admin:calendars_calendar_change", args=[house.calendar.pk]),
    }

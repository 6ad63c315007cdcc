"""What a company's administrators are told of their webhooks."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from distportal.accounts.choices import Role
from distportal.accounts.models import Account
from distportal.events.base import Delivered
from distportal.notices.choices import Mode
from distportal.notices.kinds import NoticeKind, Told, add_notice_kind


def _of_endpoint(event: Delivered) -> Told | None:
    """None for an endpoint of the house: a case tells our own people."""
    told = event.payload
    account = Account.objects.select_related("calendar").filter(code=told["account"]).first()
    if account is None:
        return None
    path = reverse("company:webhook", args=[told["endpoint"]])
    return Told(account=account, facts={"name": told["name"], "host": told["host"]}, path=path)


add_notice_kind(
    NoticeKind(
        key="webhook.disabled", group=_("Your systems"), title=_("A webhook was switched off"),
        sentence=_("The webhook {name} to {host} was switched off because it does not take messages"),
        action=_("Open the webhook"), roles=frozenset({Role.ADMIN}), mail=Mode.INSTANT, weight=7,
        sample={"name": "Our ERP", "host": "hooks.example.com"}, events=("webhook.disabled",), read=_of_endpoint,
    )
)  # fmt: skip

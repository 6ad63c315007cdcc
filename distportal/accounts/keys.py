"""API keys of a dealer or of the house: made and shown once, replaced with an overlap, revoked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from distportal.accounts.choices import Scope, StaffGroup
from distportal.accounts.companies import locked_company
from distportal.accounts.models import Account, ApiKey, User
from distportal.accounts.networks import clean_networks
from distportal.accounts.permissions import Act
from distportal.common.errors import Conflict, Invalid, NotAllowed, NotFound

DEALER_SCOPES = (
    Scope.ORDERS_READ, Scope.ORDERS_WRITE, Scope.CATALOGUE_READ, Scope.INVOICES_READ, Scope.DISPUTES_WRITE,
    Scope.RETURNS_WRITE, Scope.EDI_READ, Scope.EDI_WRITE, Scope.WEBHOOKS_ADMIN,
)  # fmt: skip
"""Notes are ours: no key of a dealer reads them."""
HOUSE_CHANNELS = {"crm": "CRM", "market": "Marketplace", "api": "Another system"}
"""By what orders of a key of the house are said to come."""
MOST_DAYS = 365
OVERLAP = dt.timedelta(days=7)
MOST_LIVE = 20


@transaction.atomic
def make_key(
    *,
    by: User,
    account: Account | None,
    name: str,
    scopes: Sequence[str],
    days: int,
    networks: str = "",
    channel: str = "api",
) -> tuple[ApiKey, str]:
    """The key and its secret, which nobody can read again. Without an account it is of the house: it acts for every
    account, and `channel` says what it is.

    Raises NotAllowed; Invalid without a name, for scopes that dealers cannot give, a life of not 1 to 365 days and
    ranges that are none;
    Conflict for a name that a live key has (so that the same form sent twice makes one key) and beyond 20 live keys.
    """
    company, name = _owner(account, by=by), name.strip()[:50]
    if not name:
        raise Invalid(_("Give the key a name that says who uses it. No key was made."))
    if not scopes or set(scopes) - set(DEALER_SCOPES if company else Scope):
        raise Invalid(_("Choose what the key may be used for. No key was made."))
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_("A key lives 1 to 365 days. No key was made."))
    ranges = clean_networks(networks)
    live = live_keys(company)
    if live.filter(name=name).exists():
        raise Conflict(_("There is a live key called %(name)s. No key was made.") % {"name": name})
    if live.count() >= MOST_LIVE:
        raise Conflict(_("There are 20 live keys: revoke one first. No key was made."))
    return _created(
        name=name, account=company, channel=channel, scopes=sorted(scopes), made_by_id=by.pk, networks=ranges,
        expiry_date=timezone.now() + dt.timedelta(days=days),
    )  # fmt: skip


@transaction.atomic
def replace_key(*, by: User, account: Account | None, prefix: str) -> tuple[ApiKey, str]:
    """A new key with the same name and scopes and as long a life; the old one ends in seven days, or sooner where that
    was so before. Raises NotAllowed, NotFound for a key that is not live, Conflict for one that was replaced already.
    """
    company = _owner(account, by=by)
    old = _live_key(company, prefix)
    if old.successors.exists():
        raise Conflict(_("This key was replaced already. No key was made."))
    now = timezone.now()
    life = old.expiry_date - old.created if old.expiry_date else dt.timedelta(days=MOST_DAYS)
    made = _created(
        name=old.name, account=company, channel=old.channel, scopes=old.scopes, made_by_id=by.pk, replaces=old,
        family=old.identity, networks=old.networks, policy_id=old.policy_id,
        expiry_date=now + life,
    )  # fmt: skip
    old.expiry_date = min(old.expiry_date or now + OVERLAP, now + OVERLAP)
    old.save()
    return made


@transaction.atomic
def revoke_key(*, by: User, account: Account | None, prefix: str) -> ApiKey:
    """The key opens nothing any more. Raises NotAllowed, or NotFound for a key that is not live."""
    key = _live_key(_owner(account, by=by), prefix)
    key.revoked = True
    key.save()
    return key


def _owner(account: Account | None, *, by: User) -> Account | None:
    """The company, locked; None for the house, whose keys operators look after. Keys of one owner are made, replaced
    and revoked one after the other.
    """
    if account is not None:
        return locked_company(account.pk, by=by, act=Act.MANAGE_KEYS)
    if not by.is_staff or not (by.is_superuser or by.groups.filter(name=StaffGroup.OPERATOR).exists()):
        raise NotAllowed("Only operators look after keys of the house. Nothing was changed.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('house_keys'))")
    return None


def _created(**fields: Any) -> tuple[ApiKey, str]:
    manager: Any = ApiKey.objects  # the library names its base
    key, secret = manager.create_key(**fields)
    return key, str(secret)


def live_keys(account: Account | None) -> QuerySet[ApiKey]:
    """The keys of the account, or of the house, that open something now."""
    manager: Any = ApiKey.objects
    rows: QuerySet[ApiKey] = manager.filter(account=account, revoked=False)
    return rows.filter(Q(expiry_date=None) | Q(expiry_date__gt=timezone.now()))


def _live_key(account: Account | None, prefix: str) -> ApiKey:
    key = live_keys(account).filter(prefix=prefix).first()
    if key is None:
        raise NotFound(_("This key is not live any more. Nothing was changed."))
    return key

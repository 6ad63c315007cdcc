"""What is done with accounts and keys."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from distportal.accounts.choices import AccountStatus
from distportal.accounts.models import Account, ApiKey

_USE_NOTED_EVERY = dt.timedelta(minutes=1)


def use_api_key(*, secret: str) -> ApiKey | None:
    """The live key behind a secret, its use noted at most once a minute; None for an unknown, revoked or expired."""
    try:
        key: ApiKey = ApiKey.objects.get_from_key(secret)  # type: ignore[assignment]  # the library names its base
    except ApiKey.DoesNotExist:
        return None
    if key.revoked or key.has_expired or not key.is_valid(secret):
        return None
    note_use(key)
    return key


def ended_key(*, secret: str) -> ApiKey | None:
    """The key behind a secret that was revoked or has expired; None where the secret is none of ours, or lives."""
    key = ApiKey.objects.filter(prefix=secret.partition(".")[0]).first()
    return key if key is not None and (key.revoked or key.has_expired) and key.is_valid(secret) else None


def note_use(key: ApiKey) -> None:
    """The key was used just now; written at most once a minute."""
    if key.last_used_at is None or timezone.now() - key.last_used_at > _USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=Now())


@transaction.atomic
def record_credit(
    *,
    account_code: str,
    erp_code: str,
    blocked: bool,
    credit_limit: Decimal,
    credit_balance: Decimal,
    as_of: dt.datetime,
    erp_version: str,
    price_group: str | None = None,
    least_shelf_life: int | None = None,
    erp: str = "default",
) -> bool:
    """Whether the ERP's figures were news and were taken; an older as-of never overwrites a newer one, an unknown
    account and one that is with another ERP than `erp` are skipped. `price_group` and `least_shelf_life` None leave
    what is there. The same word told again writes nothing: a feed tells it for minutes.
    """
    account = Account.objects.select_for_update(no_key=True).filter(code=account_code, erp=erp).first()
    if account is None or (account.credit_as_of and account.credit_as_of > as_of):
        return False
    before = _told(account)
    account.erp_code, account.erp_version, account.credit_as_of = erp_code, erp_version, as_of
    account.credit_limit, account.credit_balance = credit_limit, credit_balance
    if account.status != AccountStatus.CLOSED:
        account.status = AccountStatus.HOLD if blocked else AccountStatus.ACTIVE
    if price_group is not None:
        account.price_group = price_group
    if least_shelf_life is not None:
        account.least_shelf_life = least_shelf_life
    if _told(account) == before:
        return False
    account.save()
    return True


def _told(account: Account) -> tuple[object, ...]:
    """What the ERP tells of it."""
    return (
        account.erp_code, account.erp_version, account.credit_as_of, account.credit_limit, account.credit_balance,
        account.status, account.price_group, account.least_shelf_life,
    )  # fmt: skip

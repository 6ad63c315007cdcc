"""The one tenancy gate: which rows a person may know of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

from distportal.accounts.choices import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from distportal.accounts.models import User

M = TypeVar("M", bound=models.Model)


class AccountScopedQuerySet(models.QuerySet[M]):
    """Rows that belong to an account; the model names the way there as `account_path`."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All rows for staff, for dealers' people those of the company they act for now (without a request: of all
        companies they may act for), none for anybody else.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.standing is not None:
            return self.of_accounts([user.standing.account.pk])
        if user.is_staff:
            return self.all()
        own = user.memberships.filter(active=True)
        children = own.filter(role=Role.ADMIN, account__children__isnull=False).values("account__children")
        return self.of_accounts(own.values("account_id")) | self.of_accounts(children)

    def of_accounts(self, account_ids: Any) -> Self:
        """Rows of the given accounts (ids or a subquery of ids)."""
        path: str = self.model.account_path  # type: ignore[attr-defined]
        return self.filter(**{f"{path}__in": account_ids})

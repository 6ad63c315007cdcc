"""The rows of the accounts that a key covers: of its own account, or of all for a key of the house."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from distportal.accounts.scoping import AccountScopedQuerySet
from distportal.common.errors import NotFound
from distportal.web.api.auth import Client


def rows_of(request: Request, rows: AccountScopedQuerySet[Any]) -> QuerySet[Any]:
    """Those of the rows that the caller may know of; none without a key."""
    if not isinstance(request.user, Client):
        return rows.none()
    own = request.user.key.account_id
    return rows.of_accounts([own]) if own else rows


def found_or_404(rows: QuerySet[Any], **wanted: Any) -> Any:
    """The one row. Raises NotFound, for a foreign one as for none."""
    row = rows.filter(**wanted).first()
    if row is None:
        raise NotFound("There is nothing of that number here.")
    return row


def number_behind(text: str, prefix: str) -> int:
    """`D-311` or `311` as 311. Raises NotFound for anything else."""
    digits = text.upper().removeprefix(prefix)
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        raise NotFound("There is nothing of that number here.")
    return int(digits)


class ScopedView(GenericAPIView[Any]):
    """A view of rows that belong to accounts: `rows` are all of them, each subclass says how they are read."""

    rows: AccountScopedQuerySet[Any]

    def get_queryset(self) -> QuerySet[Any]:
        """The caller's rows, whatever is asked for."""
        return rows_of(self.request, self.rows.all())

    def page_of(self, resource: Any) -> Response:
        """One page of what the filters leave, as the resource shows it."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(resource(page, many=True).data)

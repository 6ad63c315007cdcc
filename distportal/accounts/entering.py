"""What a new site begins with: its accounts, their places and our own people, from tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction

from distportal.accounts.choices import StaffGroup
from distportal.accounts.models import Account, ShipTo, User
from distportal.common.errors import Invalid
from distportal.common.tables import rows_of

Row = Mapping[str, str]


@transaction.atomic
def enter_table(kind: str, content: bytes) -> list[str]:
    """What the rows of the table made, in words; what is there already stays as it is.

    Raises Invalid with the row and the reason, and BadTable where it is no table; nothing is entered then.
    """
    heads, *rows = rows_of(content) or [[]]
    needed, known, enter = KINDS[kind]
    names = [head.lower() for head in heads]
    if missing := [name for name in needed if name not in names]:
        raise Invalid(f"The first row lacks these columns: {', '.join(missing)}. Nothing was entered.")
    if strange := sorted({*names} - {*needed, *known}):
        raise Invalid(f"These columns are not known: {', '.join(strange)}. Nothing was entered.")
    made = []
    for number, cells in enumerate(rows, start=2):
        try:
            row = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
            if empty := [name for name in needed if name not in row]:
                raise Invalid(f"{empty[0]} is empty.")
            told = enter(row)
        except (Account.DoesNotExist, ValidationError, Invalid) as error:
            raise Invalid(f"Row {number}: {_reason(error)} Nothing was entered.") from error
        made += [told] if told else []
    return made


def _reason(error: Exception) -> str:
    if isinstance(error, Account.DoesNotExist):
        return "there is no account of that code."
    if isinstance(error, ValidationError):
        return "; ".join(f"{name}: {' '.join(told)}" for name, told in error.message_dict.items())
    return str(error)


def _saved(row: models.Model) -> models.Model:
    row.full_clean()
    row.save()
    return row


def _account(row: Row) -> str:
    if Account.objects.filter(code=row["code"]).exists():
        return ""
    return f"account {_saved(Account(**{'kind': 'dealer', **row}))}"


def _place(row: Row) -> str:
    account = Account.objects.get(code=row["account"])
    if ShipTo.objects.filter(account=account, code=row["code"]).exists():
        return ""
    values = {name: value for name, value in row.items() if name != "account"}
    return f"place {row['code']} of {account.code}: {_saved(ShipTo(account=account, **values))}"


def _person(row: Row) -> str:
    email, teams = row["email"].lower(), row["teams"].replace(";", " ").split()
    if strange := {*teams} - {*StaffGroup.values}:
        raise Invalid(f"these are no teams: {', '.join(sorted(strange))}; known are {', '.join(StaffGroup.values)}.")
    if User.objects.filter(email=email).exists():
        return ""
    user = User(email=email, name=row["name"], is_staff=True)
    user.set_unusable_password()
    _saved(user)
    user.groups.set([Group.objects.get_or_create(name=team)[0] for team in teams])
    return f"{user} <{email}>, {', '.join(teams)}"


Kind = tuple[tuple[str, ...], tuple[str, ...], Callable[[Row], str]]
KINDS: Mapping[str, Kind] = {
    "accounts": (("code", "name"), ("kind", "tier", "currency", "company"), _account),
    "places": (
        ("account", "code", "name", "street", "city", "region", "postcode"), ("country", "buyer_code", "erp_code"),
        _place,
    ),
    "people": (("email", "name", "teams"), (), _person),
}  # fmt: skip
"""By kind of table: columns it must have, columns it may have, and what enters a row."""

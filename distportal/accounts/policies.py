"""The second wall, in words of SQL: one row-level policy a table that belongs to accounts, made from the models.

A model says its way to the account by `account_path`; a part of such a row, as a line of an order, goes by its owner.
Rows of no account, as documents of items, are for all dealers but for those that `hidden_from_dealers` says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pghistory.core
import pghistory.models
from django.apps import apps
from django.db import connection, models

from distportal.accounts.session import ACCOUNTS

POLICY = "dealer"
# As COALESCE, because queries name the account, too (the first wall): asked for twice, it made the database expect that
# an account with 10,000 orders has twenty, read them all to find the newest fifty, and make a table of them to look
# lines up in. Of what it cannot see through it expects half. Rows are found by what the query names; this only judges.
# What the setting says is made into ids inside the SELECT, once a statement; outside of it that was done for each row
# that is judged. The second `uuid[]` only says how ANY is read: of one array, not of rows.
_MINE = f"ANY ((SELECT string_to_array(current_setting('{ACCOUNTS}', true), ',')::uuid[])::uuid[])"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the dealer role may see and write of one table."""

    table: str
    seen: str
    written: str

    @property
    def digest(self) -> str:
        """Changes when the policy does; kept as the policy's comment."""
        return hashlib.sha256(f"{self.seen}|{self.written}".encode()).hexdigest()[:16]


def dealer_policies() -> list[Policy]:
    """A policy for every walled model, for every other that hides rows, and for each history of one, by table name."""
    found = []
    for model, path in walled_models().items():
        seen = _reaches(model, model._meta.db_table, path) + _not_ours_alone(model)
        found.append(Policy(model._meta.db_table, seen, seen))
        inner = _reaches(model, model._meta.db_table, path)
        found += [_of_history(event, model, inner) for event in pghistory.core.event_models(tracks_model=model)]
    for model in house_models():
        seen = _open(model, model._meta.db_table, str(cast(Any, model).hidden_from_dealers).split("__"))
        found.append(Policy(model._meta.db_table, seen, "false"))
        found += [_of_history(event, model, seen) for event in pghistory.core.event_models(tracks_model=model)]
    return sorted(found, key=lambda policy: policy.table)


def walled_models() -> dict[type[models.Model], list[str]]:
    """The models whose rows belong to an account, each with the names of the fields that lead there."""
    every = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    found = {model: str(cast(Any, model).account_path).split("__") for model in every if hasattr(model, "account_path")}
    grew = True
    while grew:
        parts = {model: way for model in every if model not in found and (way := _by_owner(model, found))}
        found |= parts
        grew = bool(parts)
    return found


def house_models() -> list[type[models.Model]]:
    """The models of rows that belong to no account and of which our own people alone read some; dealers write none."""
    walled = walled_models()
    return [model for model in apps.get_models() if hasattr(model, "hidden_from_dealers") and model not in walled]


def _by_owner(model: type[models.Model], known: dict[type[models.Model], list[str]]) -> list[str] | None:
    """The way over the first required foreign key to a row that belongs to an account."""
    if issubclass(model, pghistory.models.Event):
        return None
    for field in model._meta.fields:
        if isinstance(field, models.ForeignKey) and not field.null and field.related_model in known:
            further = known[field.related_model]
            return [field.attname] if further == ["id"] else [field.attname, *further]
    return None


def _not_ours_alone(model: type[models.Model]) -> str:
    """Rows that only our own people read, as an internal message, where the model names the column that says so."""
    name = getattr(model, "hidden_from_dealers", "")
    return f" AND NOT {_quoted(model._meta.db_table)}.{_quoted(str(_column(model, name)))}" if name else ""


def _open(model: type[models.Model], table: str, path: list[str]) -> str:
    """`NOT internal` for the last step of the path, EXISTS over the parent for each step before it."""
    column = f"{_quoted(table)}.{_quoted(_column(model, path[0]))}"
    return f"NOT {column}" if len(path) == 1 else _of_parent(model, path, column, _open)


def _column(model: type[models.Model], name: str) -> str:
    return str(cast("models.Field[Any, Any]", model._meta.get_field(name)).column)


def _reaches(model: type[models.Model], table: str, path: list[str]) -> str:
    """`account_id = ...` for the last step of the path, EXISTS over the parent for each step before it."""
    field = cast("models.Field[Any, Any]", model._meta.get_field(path[0].removesuffix("_id")))
    column = f"{_quoted(table)}.{_quoted(str(field.column))}"
    if len(path) == 1:
        # Rows of nobody in particular, as list prices, are for all; where they are not, the column says NOT NULL.
        common = getattr(model, "common_without_account", False)
        return f"({column} IS NULL OR {column} = {_MINE})" if common else f"COALESCE({column} = {_MINE}, false)"
    return _of_parent(model, path, column, _reaches)


def _of_parent(
    model: type[models.Model], path: list[str], column: str, asked: Callable[[type[models.Model], str, list[str]], str]
) -> str:
    """EXISTS over the row that the column points at, of which the rest of the path is asked."""
    parent = cast(type[models.Model], model._meta.get_field(path[0].removesuffix("_id")).related_model)
    table = parent._meta.db_table
    key = f"{_quoted(table)}.{_quoted(str(cast(Any, parent._meta.pk).column))}"
    inner = asked(parent, table, path[1:])
    return f"EXISTS (SELECT 1 FROM {_quoted(table)} WHERE {key} = {column} AND {inner})"  # noqa: S608 - names of models


def _of_history(event: type[models.Model], model: type[models.Model], inner: str) -> Policy:
    """A row's history is seen by who sees the row; the trigger that writes it is asked nothing."""
    table, parent = event._meta.db_table, model._meta.db_table
    key = f"{_quoted(parent)}.{_quoted(str(cast(Any, model._meta.pk).column))}"
    column = f"{_quoted(table)}.{_quoted('pgh_obj_id')}"
    return Policy(table, f"EXISTS (SELECT 1 FROM {_quoted(parent)} WHERE {key} = {column} AND {inner})", "true")  # noqa: S608 - names of models


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)

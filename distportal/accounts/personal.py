"""What each table holds of people, by class: apps register their own; exports, erasure and the dictionary go by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.db import models

from distportal.accounts.models import User


class DataClass(models.TextChoices):
    """What a field tells of somebody."""

    IDENTITY = "identity", "who somebody is"
    CONTACT = "contact", "where somebody is reached"
    TRACE = "trace", "from where and when somebody was here"
    CONTENT = "content", "what somebody wrote, chose or was told"
    AUDIT = "audit", "who did something"
    SECRET = "secret", "what proves who somebody is"


class OnErasure(models.TextChoices):
    """What becomes of the rows of somebody who asks to be forgotten."""

    PSEUDONYM = "pseudonym", "stay; name and address become a pseudonym"
    REMOVED = "removed", "go"
    KEPT = "kept", "stay as they are"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one table holds of people.

    A row is somebody's where one of `owners` (fields that lead to a user) is them, or where their e-mail address stands
    in one of `fields`; a name alone counts in fields of class AUDIT and IDENTITY, where one person has it.
    `closed` gives the rows whose CONTACT may be erased: what is under way still has to arrive. `why` says, for the
    dictionary, why rows stay or when they go.
    """

    model: type[models.Model]
    fields: Mapping[str, DataClass]
    owners: tuple[str, ...] = ()
    on_erasure: OnErasure = OnErasure.PSEUDONYM
    shown: tuple[str, ...] = ()
    closed: Callable[[], models.Q] | None = None
    why: str = ""
    history: bool = False

    @property
    def name(self) -> str:
        """As in the dictionary and in the files of an export: `orders.Order`."""
        return str(self.model._meta.label)

    def texts(self) -> list[models.Field[Any, Any]]:
        """The fields that hold words, and may be searched for somebody's address."""
        found = [self.model._meta.get_field(name) for name, kind in self.fields.items() if kind != DataClass.SECRET]
        return [one for one in found if isinstance(one, models.CharField | models.TextField | models.JSONField)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody by e-mail address; `user` where they sign in here. `name` is empty where it is not theirs alone."""

    email: str
    user: User | None = None
    name: str = ""
    shared_name: str = field(default="", repr=False)


_held: dict[str, Held] = {}


def hold(held: Held) -> Held:
    """Register what a table holds."""
    _held[held.name] = held
    return held


def holdings() -> list[Held]:
    """What all tables hold, by name of the table."""
    return [found for _, found in sorted(_held.items())]


def histories(held: Held) -> Iterator[Held]:
    """What the histories of a table hold: the same columns, each as it was."""
    for model in apps.get_models():
        if getattr(model, "pgh_tracked_model", None) is held.model:
            names = {one.name for one in model._meta.concrete_fields}
            yield replace(
                held, model=model, history=True, on_erasure=OnErasure.PSEUDONYM, closed=None,
                fields={name: kind for name, kind in held.fields.items() if name in names},
                owners=tuple(path for path in held.owners if path.partition("__")[0] in names),
                shown=(*(name for name in held.shown if name.partition("__")[0] in names), "pgh_created_at"),
            )  # fmt: skip


def person_of(email: str) -> Person:
    """Whom the address belongs to; also somebody who never signed in."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        return Person(email=email)
    alone = not User.objects.filter(name=user.name).exclude(pk=user.pk).exists()
    return Person(email=email, user=user, name=user.name if alone else "", shared_name=user.name)

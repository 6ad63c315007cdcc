"""Senders: systems that post events to us, kept by operators."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from distportal.accounts.models import User
from distportal.common.errors import Conflict, Invalid, NotAllowed, NotFound
from distportal.events.clock import database_now
from distportal.webhooks.choices import Scheme
from distportal.webhooks.models import Sender
from distportal.webhooks.signing import SEAL, key_of, new_secret
from distportal.webhooks.uses import use_kind
from distportal.webhooks.verifying import checked_plain_secret

OVERLAP = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How a sender signs, as its own manual says; the names of headers only for the plain scheme."""

    scheme: str = Scheme.STANDARD
    signature_header: str = ""
    timestamp_header: str = ""
    event_id_at: str = ""


@transaction.atomic
def make_sender(
    *, by: User, name: str, title: str, kind: str, signing: Signing, secret: str = ""
) -> tuple[Sender, str]:
    """The sender and the secret that signs its posts: the one that it gave us, else a new one, shown once.

    Raises NotAllowed for all but our own people; Invalid for a kind nobody knows, a plain scheme without the header of
    its signature, a place of its key that is neither `header:…` nor `body:…`, a secret that is none; Conflict for a
    name that is taken.
    """
    _check_right(by)
    if use_kind(kind) is None:
        raise Invalid("Nothing here knows what to do with such events. Nothing was saved.")
    if signing.scheme == Scheme.HMAC and not signing.signature_header:
        raise Invalid("Name the header that the signature stands in. Nothing was saved.")
    if signing.scheme == Scheme.HMAC and signing.event_id_at.partition(":")[0] not in ("header", "body"):
        raise Invalid("Say where the event's own id stands: header:X-Event-Id or body:id. Nothing was saved.")
    chosen = _checked_secret(signing.scheme, secret)
    try:
        with transaction.atomic():
            row = Sender.objects.create(
                name=name, title=title, kind=kind, scheme=signing.scheme, signature_header=signing.signature_header,
                timestamp_header=signing.timestamp_header, event_id_at=signing.event_id_at,
                sealed_secret=SEAL.close(chosen),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("There is a sender of that name already. Nothing was saved.") from error
    return row, chosen


@transaction.atomic
def replace_sender_secret(*, by: User, sender_id: UUID, secret: str = "") -> tuple[Sender, str]:
    """Another secret; for a day posts that are signed with the old one are believed, too. Raises NotAllowed, NotFound,
    Invalid, Conflict while an earlier old secret still counts.
    """
    _check_right(by)
    row, now = _locked(sender_id), database_now()
    if row.old_secret_until and row.old_secret_until > now:
        raise Conflict("The secret was replaced less than a day ago and both still count. Nothing was changed.")
    chosen = _checked_secret(row.scheme, secret)
    row.sealed_old_secret, row.sealed_secret, row.old_secret_until = (
        row.sealed_secret, SEAL.close(chosen), now + OVERLAP,
    )  # fmt: skip
    row.save()
    return row, chosen


@transaction.atomic
def switch_sender(*, by: User, sender_id: UUID, active: bool) -> Sender:
    """Whether its posts are taken; while not they are answered 404. Raises NotAllowed, NotFound."""
    _check_right(by)
    row = _locked(sender_id)
    row.active = active
    row.save()
    return row


def _check_right(by: User) -> None:
    if not by.is_staff or by.standing is not None:
        raise NotAllowed("Only our own people manage this. Nothing was changed.")


def _checked_secret(scheme: str, secret: str) -> str:
    chosen = secret.strip() or new_secret()
    if scheme == Scheme.STANDARD:
        key_of(chosen)
        return chosen
    return checked_plain_secret(chosen)


def _locked(sender_id: UUID) -> Sender:
    row = Sender.objects.select_for_update(no_key=True).filter(pk=sender_id).first()
    if row is None:
        raise NotFound("There is no such sender. Nothing was changed.")
    return row

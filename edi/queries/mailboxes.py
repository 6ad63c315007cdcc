"""Which mailbox, certificate or message is meant."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from edi.choices import As2State, Direction, Holder, TransportKind
from edi.models import As2Message, Certificate, Mailbox, TradingPartner


def as2_mailbox(*, theirs: str, ours: str) -> Mailbox | None:
    """The active mailbox of this pair of AS2 names."""
    rows = Mailbox.objects.filter(
        active=True, transport=TransportKind.AS2, settings__their_id=theirs, settings__our_id=ours
    )
    return rows.select_related("partner__account").first()


def certificates_for(
    *, partner: TradingPartner, holder: Holder, uses: tuple[str, ...], at: dt.datetime
) -> QuerySet[Certificate]:
    """The certificates that are accepted at the moment, the one to send with first.

    One that begins later is accepted already: the other side may change over before we do.
    """
    rows = Certificate.objects.filter(holder=holder, use__in=uses, valid_until__gt=at)
    rows = rows.filter(Q(partner=partner) | Q(partner=None, holder=Holder.OURS))
    return rows.filter(Q(until_at=None) | Q(until_at__gt=at)).order_by("-from_at", "-created_at")


def sent_message(*, as2_from: str, as2_to: str, message_id: str) -> As2Message | None:
    """The message of ours that a receipt answers."""
    rows = As2Message.objects.filter(direction=Direction.OUT, as2_from=as2_from, as2_to=as2_to, message_id=message_id)
    return rows.select_related("mailbox__partner__account", "outbound_file").first()


def message_of_file(file_id: UUID) -> As2Message | None:
    """The newest message that carried a file of ours."""
    return As2Message.objects.filter(outbound_file_id=file_id).order_by("-created_at").first()


def overdue_receipts(at: dt.datetime) -> QuerySet[As2Message]:
    """Messages of ours whose receipt should have come by then, the oldest first."""
    rows = As2Message.objects.filter(direction=Direction.OUT, state=As2State.SENT, due_at__lt=at)
    return rows.select_related("mailbox__partner__account", "outbound_file").defer("body").order_by("due_at")[:500]

"""What a partner's page shows of its transport."""

from __future__ import annotations

from typing import Any

from edi.choices import Delivery, Direction, Holder, InboundState, TransportKind
from edi.models import (
    As2Message,
    Certificate,
    InboundFile,
    Mailbox,
    MailboxLink,
    OutboundFile,
    Sighting,
    TradingPartner,
)


def transport_facts(partner: TradingPartner) -> dict[str, Any]:
    """The context of `edi/ops/_partner_transport.html`: `mailbox` (None without one), how it fares each way, what
    waits, which files that came were refused last, AS2 names and last messages, and the certificates.
    """
    mailbox = Mailbox.objects.filter(partner=partner).first()
    if mailbox is None:
        return {"mailbox": None}
    links = {row.direction: row for row in MailboxLink.objects.filter(mailbox=mailbox)}
    files = OutboundFile.objects.filter(partner=partner)
    as2 = mailbox.transport == TransportKind.AS2
    messages = As2Message.objects.filter(mailbox=mailbox).defer("body", "receipt_body").order_by("-created_at")
    refused = InboundFile.objects.filter(mailbox=mailbox, state=InboundState.REFUSED)
    certificates = Certificate.objects.filter(partner=partner) | Certificate.objects.filter(
        partner=None, holder=Holder.OURS
    )
    return {
        "mailbox": mailbox,
        "shown_settings": {k: v for k, v in mailbox.settings.items() if k not in ("host_key",)},
        "link_in": links.get(Direction.IN),
        "link_out": links.get(Direction.OUT),
        "waiting": files.filter(sent_at=None).count(),
        "unanswered": files.filter(delivery=Delivery.SENT).count(),
        "refused": files.filter(delivery=Delivery.FAILED).count(),
        "lying": Sighting.objects.filter(mailbox=mailbox, taken_sha256="").count(),
        "refused_files": refused.defer("content").order_by("-received_at")[:5],
        "as2_messages": messages[:5] if as2 else [],
        "certificates": certificates.select_related("partner").order_by("holder", "-from_at") if as2 else [],
    }

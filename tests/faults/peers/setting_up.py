"""The portal's side of the peers: a partner on SFTP, one on AS2, and a webhook of a dealer."""

from __future__ import annotations

from uuid import UUID

import asyncssh
from django.test import override_settings

from distportal.accounts.models import Account
from distportal.webhooks.endpoints import make_endpoint
from edi.choices import TransportKind
from edi.models import TradingPartner
from edi.process.keys import store_certificate
from edi.seeds import seed_partner
from edi.transports.as2.certificates import KeyPair, facts_of, key_pem
from edi.transports.sealing import seal_all
from tests.edi.transports.as2.keys import make_pair
from tests.edi.transports.sftp_server import PASSWORD, USER
from tests.faults.peers import as2, sftp
from tests.faults.peers.place import Place

OUR_AS2, THEIR_AS2 = "Northline AS2", "IRONWORK"
TIMEOUT = 3
"""Seconds that a peer may keep one of our workers waiting."""
EVENTS = ("order.accepted", "order.confirmed", "order.held", "order.rejected")
WANTING = "HARBOR"


def on_their_sftp(place: Place) -> TradingPartner:
    """Brightway, whose mailbox is on the server of that place."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(place.folder / sftp.KEY)
    partner = seed_partner(code="BRIGHTWAY", release="005010", structure="0004")
    _move(
        partner, TransportKind.SFTP, host="127.0.0.1", port=place.proxy.port, username=USER,
        host_key=key.export_public_key().decode().strip(), poll_seconds=1,
    )  # fmt: skip
    return partner


def on_as2(place: Place) -> tuple[TradingPartner, KeyPair, KeyPair]:
    """Ironwork, who has the AS2 address of that place; its key pair, and ours."""
    theirs, ours = make_pair("ironwork"), make_pair("portal")
    (place.folder / as2.OWN).write_text(facts_of(theirs.certificate).pem + key_pem(theirs))
    (place.folder / as2.PORTAL).write_text(facts_of(ours.certificate).pem)
    partner = seed_partner(code="IRONWORK")
    _move(partner, TransportKind.AS2, our_id=OUR_AS2, their_id=THEIR_AS2, url=f"{place.proxy.url}/as2")
    store_certificate(certificate=ours.certificate, pair=ours, partner=None)
    store_certificate(certificate=theirs.certificate, partner=partner)
    return partner, theirs, ours


def _move(partner: TradingPartner, transport: TransportKind, **settings: object) -> None:
    mailbox = partner.mailbox
    mailbox.transport, mailbox.settings = transport, {**settings, "timeout": TIMEOUT}
    mailbox.secret = seal_all({"password": PASSWORD}) if transport == TransportKind.SFTP else ""
    mailbox.save()


def with_a_webhook(place: Place) -> tuple[UUID, str]:
    """A webhook of Harbor that leads to that place, and its secret."""
    account = Account.objects.get(code=WANTING)
    with override_settings(WEBHOOK_LOOPBACK=True):
        endpoint, secret = make_endpoint(
            by=None, account=account, name="Chaos", url=f"{place.proxy.url}/in", event_types=EVENTS
        )
    return endpoint.pk, secret

"""Faults that lie beyond our own processes (docs/faults.md): each of a number in turn while orders come that way."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.faults.peers.faults import peer_faults
from tests.faults.peers.peers import Peers
from tests.faults.peers.senders import As2Client, SftpClient
from tests.faults.quiet import judged, rest
from tests.faults.senders import ApiClient, Client, EdiClient, Ledger
from tests.faults.site import Site

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("faults"), pytest.mark.timeout(600)]


@pytest.fixture
def ledger(site: Site, peers: Peers) -> Iterator[Ledger]:
    """Of what the test sends; afterwards all comes to rest and no invariant is broken."""
    site.heal()
    peers.heal()
    made = Ledger()
    yield made
    assert made.refused == []
    assert len(made.acknowledged) > 3
    assert [str(row) for row in judged(site, made, peers=peers)] == []


def under_faults(site: Site, peers: Peers, client: Client, number: str) -> list[str]:
    """The faults of that number, while the client sends; all has come to rest."""
    client.start()
    done = []
    for name, act in peer_faults(peers, lambda _, most: time.sleep(most)):
        if name.startswith(number):
            act()
            site.tend()
            time.sleep(2)
            done.append(name)
    client.ending.set()
    site.heal()
    peers.heal()
    client.join(60)
    partners = [client] if isinstance(client, EdiClient) else []
    _, left = rest(site, partners)
    assert left == {}, site.last_words()
    for partner in partners:
        partner.note_taken()
    return done


def test_27_an_sftp_server_dies_hangs_and_is_cut_off(site: Site, peers: Peers, ledger: Ledger) -> None:
    client = SftpClient(site, ledger, seed=27, pause=0.7, inbox=peers.inbox)
    assert len(under_faults(site, peers, client, "27")) == 5
    had = {one.name for one in peers.arrivals() if one.partner == client.partner_code}
    assert len(had) >= len(ledger.acknowledged), "an answer for each file at least"


def test_28_our_receipts_are_lost_and_the_message_comes_again(site: Site, peers: Peers, ledger: Ledger) -> None:
    client = As2Client(site, ledger, peers, seed=28, pause=0.7)
    assert len(under_faults(site, peers, client, "28")) == 1
    assert ledger.resent > 0


def test_29_a_partner_on_as2_answers_nothing_and_gets_the_same_message_again(
    site: Site, peers: Peers, ledger: Ledger
) -> None:
    client = As2Client(site, ledger, peers, seed=29, pause=0.7)
    before = len(peers.as2.record.rows())
    peers.as2.mood("forget")
    client.send(client.next_po())
    site.wait(lambda: len(peers.as2.record.rows()) > before, what="the partner had a file and answered nothing")
    assert len(under_faults(site, peers, client, "29")) == 5
    came = Counter(one.message_id for one in peers.arrivals() if one.partner == client.partner_code)
    assert max(came.values()) > 1, "what was taken without an answer came again under its Message-ID"


def test_38_a_webhooks_receiver_refuses_hangs_and_forgets(
    site: Site, peers: Peers, ledger: Ledger, secret: str
) -> None:
    client = ApiClient(site, ledger, secret, seed=38, pause=0.7)
    assert len(under_faults(site, peers, client, "38")) == 5
    told = {one.subject for one in peers.messages()}
    assert len(told) >= len(ledger.acknowledged), "of each order at least one message"

"""All peers of a site: started, healed, and what they had."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from distportal.accounts.models import Account
from distportal.webhooks.endpoints import turn_off, turn_on
from tests.faults.checker import Arrival, Message
from tests.faults.peers import as2, sftp, sink
from tests.faults.peers.place import Place
from tests.faults.peers.setting_up import WANTING, on_as2, on_their_sftp, with_a_webhook
from tests.faults.proxy import TcpProxy, Weather
from tests.faults.site import Site
from tests.webhooks.happening import fits
from tests.webhooks.sink import Got


class Peers:
    """`way_in` is the portal's own address as partners on AS2 reach it."""

    def __init__(self, site: Site) -> None:
        self.site, folder = site, site.folder / "peers"
        self.sftp, self.as2 = Place(folder, "sftp", sftp.RECORD), Place(folder, "as2", as2.RECORD)
        self.sink = Place(folder, "sink", sink.RECORD)
        self.places = (self.sftp, self.as2, self.sink)
        self.way_in = TcpProxy(site.port)
        self.on_sftp = on_their_sftp(self.sftp)
        self.on_as2, self.their_pair, self.our_pair = on_as2(self.as2)
        self.endpoint, self.secret = with_a_webhook(self.sink)
        self.inbox = self.sftp.folder / sftp.FILES / "inbox"
        for place in self.places:
            site.start_as(place.name, *place.command)
        self.answer()

    def answer(self) -> None:
        """Each is there and takes connections."""
        for place in self.places:
            self.site.wait(lambda place=place: _listens(place.port.number), what=f"{place.name} answers")

    def heal(self) -> None:
        """All behave, every way is free, and the dealer's administrator has the webhook tried again at once: by its
        published times what failed twice is tried after five minutes.
        """
        for place in self.places:
            place.heal()
        self.way_in.change(Weather())
        self.site.tend()
        self.answer()
        account = Account.objects.get(code=WANTING)
        with transaction.atomic():
            for turn in (turn_off, turn_on):
                turn(by=None, account=account, endpoint_id=self.endpoint)

    def stop(self) -> None:
        """Nobody listens any more; the processes end with the site."""
        for place in self.places:
            place.proxy.stop()
            place.port.close()
        self.way_in.stop()

    @property
    def partners(self) -> tuple[str, ...]:
        """The codes of those whose every file is noted."""
        return (self.on_sftp.code, self.on_as2.code)

    def arrivals(self) -> list[Arrival]:
        """What partners had, by partner in the order in which it came; what lies in an outbox is taken first."""
        outbox = self.sftp.folder / sftp.FILES / "outbox"
        self.site.wait(lambda: all(file.name.startswith(".") for file in outbox.iterdir()), what="the files are taken")
        places = ((self.on_sftp.code, self.sftp), (self.on_as2.code, self.as2))
        return [Arrival(partner=code, **row) for code, place in places for row in place.record.rows()]

    def messages(self) -> list[Message]:
        """What the webhook's receiver had, in order."""
        return [self._message(row) for row in self.sink.record.rows()]

    def _message(self, row: dict[str, Any]) -> Message:
        got = Got("/in", row["headers"], row["body"].encode())
        told = json.loads(row["body"])
        return Message(
            endpoint=str(self.endpoint), event_id=row["headers"]["webhook-id"], body=got.body,
            signed=fits(got, self.secret) and told["id"] == row["headers"]["webhook-id"],
            subject=told["subject"], sequence=int(told["sequence"]),
        )  # fmt: skip

    def told(self) -> dict[str, object]:
        """Lines for the ledger of a run."""
        files, messages = Counter[str](), self.messages()
        came = Counter((one.partner, one.name) for one in self.arrivals())
        for (partner, _), times in came.items():
            files[partner] += 1
            files[f"{partner} again"] += times - 1
        return {
            "files that partners had": dict(files),
            "webhook messages, and again": (len({one.event_id for one in messages}), _again(messages)),
            "webhook messages overtaken": _overtaken(messages),
        }


def _again(messages: Sequence[Message]) -> int:
    return len(messages) - len({one.event_id for one in messages})


def _overtaken(messages: Sequence[Message]) -> int:
    """How many came first after a later one of the same thing: they may, and `sequence` tells."""
    highest, seen, count = Counter[str](), set[str](), 0
    for one in messages:
        if one.event_id not in seen:
            seen.add(one.event_id)
            count += one.sequence < highest[one.subject]
            highest[one.subject] = max(highest[one.subject], one.sequence)
    return count


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True

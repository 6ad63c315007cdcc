"""Good clients of three channels: each sends again what nobody acknowledged, and remembers what was."""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
from django.db import connection
from django.utils import timezone

from edi.models import TradingPartner
from edi.process.mailboxes import folder_of
from edi.seeds import order_body, partner_file
from tests.faults.site import Site
from tests.live.people import Person, field_value

GOODS = (("FST-10001", "812345000016"), ("FST-10002", "812345000023"), ("PLB-30001", "812345008012"))
FILE_ORDERS = int(os.environ.get("CHAOS_FILE_ORDERS", "2"))
"""Orders in each file of the partner."""
_numbers = count(1)


@dataclass
class Ledger:
    """What was sent and what of it was acknowledged: PO -> (channel, hash of the file or nothing); API answers took
    `waits` seconds. All clients write into one, and send nothing new while it is `full`.
    """

    sent: set[str] = field(default_factory=set)
    acknowledged: dict[str, tuple[str, str]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    resent: int = 0
    full: threading.Event = field(default_factory=threading.Event)


class Client(threading.Thread):
    """Sends one order after the other until it is told to end; what is not acknowledged by then stays so."""

    channel = ""

    def __init__(self, site: Site, ledger: Ledger, *, seed: int, pause: float) -> None:
        super().__init__(daemon=True, name=f"{self.channel}-{seed}")
        self.site, self.ledger, self.pause = site, ledger, pause
        self.random = random.Random(f"{self.channel}-{seed}")
        self.ending = threading.Event()

    def run(self) -> None:
        """Until the end; a client that cannot go on tells why."""
        try:
            while not self.ending.wait(self.random.uniform(0, 2 * self.pause)):
                if self.ledger.full.is_set():
                    continue
                po = self.next_po()
                self.ledger.sent.add(po)
                self.send(po)
        except Exception as error:  # noqa: BLE001 - the main thread shows it with the ledger
            self.ledger.refused.append(f"{self.name}: {error!r}")
        finally:
            connection.close()

    def next_po(self) -> str:
        """A number that no client has used."""
        return f"{self.channel[:1].upper()}{next(_numbers):06d}"

    def send(self, po: str) -> None:
        """One order, again and again until it is acknowledged or all ends."""
        raise NotImplementedError

    def insist(self, act: Callable[[], bool]) -> bool:
        """Whether `act` gave True at last; it is tried again after any failure of the way."""
        while not self.ending.is_set():
            try:
                if act():
                    return True
            except (httpx.TransportError, AssertionError):
                pass
            self.ledger.resent += 1
            self.ending.wait(self.random.uniform(0.2, 1.0))
        return False


class ApiClient(Client):
    """A system with a key: the same request under the same Idempotency-Key until it is answered."""

    channel = "api"

    def __init__(self, site: Site, ledger: Ledger, secret: str, *, seed: int, pause: float) -> None:
        super().__init__(site, ledger, seed=seed, pause=pause)
        self._http = httpx.Client(base_url=site.url, timeout=10, headers={"Authorization": f"Api-Key {secret}"})

    def send(self, po: str) -> None:
        _, upc = self.random.choice(GOODS)
        body = {"account": "HARBOR", "po_number": po, "ship_to": "HARBOR-01",
                "lines": [{"upc": upc, "quantity": str(self.random.randint(1, 9) * 10)}]}  # fmt: skip

        def act() -> bool:
            began = time.monotonic()
            answer = self._http.post("/api/v1/orders", json=body, headers={"Idempotency-Key": f"chaos-{po}"})
            if answer.status_code in (200, 201):
                self.ledger.waits.append(time.monotonic() - began)
                return True
            if answer.status_code not in (409, 429, 500, 502, 503, 504):
                raise RuntimeError(f"{po}: {answer.status_code} {answer.text[:200]}")
            if answer.status_code == 500:
                self.ledger.refused.append(f"{po}: 500")
            return False

        if self.insist(act):
            self.ledger.acknowledged[po] = (self.channel, "")


class EdiClient(Client):
    """A partner that drops files into its mailbox; taken from there is acknowledged. Some it drops twice."""

    channel, partner_code, ship_to = "edi", "CRESTLINE", "0117"

    def __init__(self, site: Site, ledger: Ledger, *, seed: int, pause: float, inbox: Path | None = None) -> None:
        super().__init__(site, ledger, seed=seed, pause=pause)
        self._partner = TradingPartner.objects.select_related("mailbox").get(code=self.partner_code)
        self.inbox = inbox or folder_of(self._partner.mailbox).root / "inbox"
        self.inbox.mkdir(parents=True, exist_ok=True)
        self._dropped: dict[str, tuple[str, str]] = {}

    def send(self, po: str) -> None:
        pos = [po, *(self.next_po() for _ in range(1, FILE_ORDERS))]
        self.ledger.sent.update(pos)
        content = self._file(pos)
        if content is not None:
            self.bring(pos, content)

    def bring(self, pos: list[str], content: bytes) -> None:
        """The partner's way of sending a file with these orders."""
        names = [f"{pos[0]}.edi", *([f"{pos[0]}-again.edi"] if self.random.random() < 0.1 else [])]
        for each in pos:
            self._dropped[each] = names[0], hashlib.sha256(content).hexdigest()
        for name in names:
            (self.inbox / f".{name}.tmp").write_bytes(content)
            os.replace(self.inbox / f".{name}.tmp", self.inbox / name)

    def note_taken(self) -> None:
        """What left the inbox is acknowledged."""
        for po, (name, sha256) in list(self._dropped.items()):
            if not (self.inbox / name).exists():
                self.ledger.acknowledged[po] = self.channel, sha256

    def _file(self, pos: list[str]) -> bytes | None:
        """The envelope's time is the database's: it is made once that answers; None where all ended before."""
        bodies = [self._body(each) for each in pos]
        while not self.ending.is_set():
            try:
                return partner_file(self._partner, 500_000 + int(pos[0][1:]), "850", "PO", *bodies)
            except Exception:  # noqa: BLE001 - while the server of this process's database is away
                connection.close()
                self.ending.wait(0.5)
        return None

    def _body(self, po: str) -> list[list[str]]:
        sku, upc = self.random.choice(GOODS)
        line = ("1", str(self.random.randint(1, 9) * 10), "EA", "", upc, sku)
        return order_body(po, self.ship_to, (line,), on=timezone.localdate())


class PortalClient(Client):
    """A buyer with a browser: fills the cart, sends the same form until a page says that the order is there."""

    channel = "portal"

    def send(self, po: str) -> None:
        sku, _ = self.random.choice(GOODS)
        quantity = str(self.random.randint(1, 9) * 10)
        form: dict[str, str] = {}
        people: list[Person] = []

        def act() -> bool:
            if not people:
                people.append(Person(self.site.url, "buyer@harbor.example"))
            buyer = people[0]
            if not form:
                buyer.post("/cart/add/", sku=sku, quantity=quantity, unit="EA")
                cart = buyer.get("/cart/")
                form.update({name: field_value(cart, name) for name in ("token", "seen")})
                form.update(ship_to=_first_place(cart), po_number=po)
            answer = buyer.sent("/cart/place/", **form)
            if answer.status_code == 409:  # what is in the cart changed meanwhile; nothing was placed by this form
                form.clear()
            return answer.status_code == 200 and "/placed/" in str(answer.url)

        if self.insist(act):
            self.ledger.acknowledged[po] = (self.channel, "")


def _first_place(cart: str) -> str:
    options = cart.partition('name="ship_to"')[2]
    return options.partition('<option value="')[2].partition('"')[0]

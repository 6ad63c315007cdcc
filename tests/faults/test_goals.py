"""How long it takes, on this machine, without faults and with each Redis hung: figures to be read, not asserted. What
follows from orders has a fifth of the processor where it is short, as units give it.

make goals [RATE=20] [SECONDS=60]
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from distportal.accounts.choices import AccountKind, AccountStatus
from distportal.accounts.models import Account, ApiKey, ApiPolicy
from distportal.systems.limits.bucket import LOCAL_SHARE
from edi.models import TradingPartner
from edi.process.mailboxes import folder_of
from edi.seeds import order_body, partner_file
from orders.models import ErpCommand
from tests.bench.machine import machine_facts
from tests.faults.acts import wanted
from tests.faults.quiet import rest
from tests.faults.right_of_way import give_right_of_way
from tests.faults.senders import GOODS
from tests.faults.site import Site

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.xdist_group("faults"),
    pytest.mark.timeout(0),
    pytest.mark.usefixtures("all_holds_afterwards"),
]
RATE = float(os.environ.get("GOALS_RATE", "20"))
SECONDS = float(os.environ.get("GOALS_SECONDS", "60"))
DEALERS = int(os.environ.get("GOALS_DEALERS", "10"))
"""Orders by the API come from so many in turn; those of one wait for each other's credit."""
CLIENTS = 16
FILE_ORDERS = 20


def test_what_it_takes_from_accepted_to_the_erp(site: Site, secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    shares = warm(site, secret)
    usual = came(site, secret, seconds=SECONDS)
    sent = [row.total_seconds() for row in taken(usual, "last_sent_at")]
    confirmed = [row.total_seconds() for row in taken(usual, "settled_at")]
    told = {"accepted by the API": usual.values(), "accepted -> command sent": sent, "accepted -> confirmed": confirmed}
    for server in ("cache", "broker"):
        site.hurt_redis(server, signal.SIGSTOP)
        hung = came(site, secret, seconds=SECONDS / 2)
        told[f"accepted by the API, {server} hung"] = hung.values()
        told[f"accepted -> command sent, {server} hung"] = [row.total_seconds() for row in taken(hung, "last_sent_at")]
        site.hurt_redis(server, signal.SIGCONT)
    with capsys.disabled():
        tell("API", told, shares)
    assert len(sent) == len(usual), "each was sent by its first try"


def test_what_orders_of_files_take_from_accepted_to_the_erp(
    site: Site, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shares = warm(site, secret)
    began = time.monotonic()
    pos = dropped(seconds=SECONDS)
    sent = [row.total_seconds() for row in taken(dict.fromkeys(pos, 0.0), "last_sent_at")]
    lasted = time.monotonic() - began
    with capsys.disabled():
        tell(f"files of {FILE_ORDERS}", {"accepted -> command sent": sent}, shares)
        print(f"all {len(pos)} confirmed {lasted:.1f} s after the first file, whose last came after {SECONDS:g} s")
    assert len(sent) == len(pos), "each was sent by its first try"


def warm(site: Site, secret: str) -> bool:
    """Each process has worked; whether what follows has a smaller share."""
    generous(secret)
    came(site, secret, seconds=5)
    rest(site)
    return give_right_of_way(site)


def dropped(*, seconds: float) -> list[str]:
    """The POs of files that lay in a partner's inbox at RATE orders a second."""
    partner = TradingPartner.objects.select_related("mailbox").get(code="CRESTLINE")
    inbox = folder_of(partner.mailbox).root / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    files = [[f"F{uuid.uuid4().hex[:9]}" for _ in range(FILE_ORDERS)] for _ in range(int(RATE * seconds / FILE_ORDERS))]
    began = time.monotonic()
    for number, pos in enumerate(files):
        lines = [(("1", "10", "EA", "", *GOODS[at % 3][::-1]),) for at in range(FILE_ORDERS)]
        bodies = [order_body(po, "0117", line, on=timezone.localdate()) for po, line in zip(pos, lines, strict=True)]
        content = partner_file(partner, 510_000 + number, "850", "PO", *bodies)
        time.sleep(max(0.0, began + number * FILE_ORDERS / RATE - time.monotonic()))
        (inbox / f".{pos[0]}.tmp").write_bytes(content)
        (inbox / f".{pos[0]}.tmp").replace(inbox / f"{pos[0]}.edi")
    return [po for pos in files for po in pos]


def tell(how: str, told: Mapping[str, Iterable[float]], shares: bool) -> None:
    given = "a fifth for what follows" if shares else "equal shares"
    print(f"\n{how}: {RATE:g} orders a second, {given}, load {psutil.getloadavg()[0]:.1f}, {machine_facts()}")
    for name, values in told.items():
        print(f"{name:<40}{spread(values)}")


def generous(secret: str) -> None:
    """The key may call as often as the orders come, also where the cache is away and a process takes a part of the rate
    for its own.
    """
    rate = int(RATE * 60 * LOCAL_SHARE * 1.5)
    key = ApiKey.objects.get_from_key(secret)
    key.policy, _ = ApiPolicy.objects.get_or_create(name="Goals", defaults={"rate_per_minute": rate, "burst": rate})
    key.save()


def came(site: Site, secret: str, *, seconds: float) -> dict[str, float]:
    """PO -> seconds until the API said 201, of orders that came at RATE whatever became of those before."""
    http = httpx.Client(base_url=site.url, timeout=30, headers={"Authorization": f"Api-Key {secret}"})
    began, waits, askers = time.monotonic() + 0.5, {}, dealers()

    def send(number: int) -> None:
        at = number / RATE
        time.sleep(max(0.0, began + at - time.monotonic()))
        po = f"G-{uuid.uuid4().hex[:10]}"
        body = wanted(po, account=askers[number % len(askers)], upc=GOODS[number % len(GOODS)][1])
        answer = http.post("/api/v1/orders", json=body, headers={"Idempotency-Key": po})
        assert (answer.status_code, answer.json()["status"]) == (201, "accepted"), answer.text
        waits[po] = time.monotonic() - began - at

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(send, range(int(RATE * seconds))))
    return waits


def dealers() -> list[str]:
    """Those who may order: the ERP's customers with a ship-to of their own code."""
    place = Concat("code", Value("-01"))
    rows = Account.objects.filter(status=AccountStatus.ACTIVE, kind=AccountKind.DEALER, ship_tos__code=place)
    return list(rows.order_by("code").values_list("code", flat=True)[:DEALERS])


def taken(waits: dict[str, float], until: str) -> list[dt.timedelta]:
    """How long after it was accepted each of these orders got there, by the database's clock; those that needed a
    second try are left out.
    """
    connection.close()
    rows = ErpCommand.objects.filter(order__po_number__in=list(waits))
    lasted = ExpressionWrapper(F(until) - F("requested_at"), output_field=DurationField())
    end = time.monotonic() + 180
    while rows.filter(state="confirmed").count() < len(waits) and time.monotonic() < end:
        time.sleep(0.5)
        connection.close()
    return list(rows.filter(attempts=1).annotate(lasted=lasted).values_list("lasted", flat=True))


def spread(values: Iterable[float]) -> str:
    """Median, 95 and 99 of 100."""
    found = sorted(values)
    if not found:
        return "none"
    p50, p95, p99 = (found[int(len(found) * share)] for share in (0.5, 0.95, 0.99))
    return f"p50 {p50:6.3f} s   p95 {p95:6.3f} s   p99 {p99:6.3f} s   of {len(found)}"

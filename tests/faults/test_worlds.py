"""Faults of the matrix that lie in the world around: connections, clocks, code of two ages, hungry work."""

from __future__ import annotations

import contextlib
import pathlib
import shutil
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.db.models import Max, Min

from distportal.embedded import postgres
from distportal.events.choices import JobState
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.events.models import Job
from distportal.events.running import MOST_LOST
from exceptions.models import Case
from orders.models import ErpCommand
from tests.faults.acts import confirmed, place, post
from tests.faults.site import Site
from tests.live import poison  # noqa: F401 - what its worker knows is known here, too
from tests.live.test_faults import creations, runs

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.xdist_group("faults"),
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("all_holds_afterwards"),
]
CLOCK = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


@contextlib.contextmanager
def every_connection_taken() -> Iterator[int]:
    """So many idle clients that the server takes no more."""
    url, taken = str(connection.get_connection_params()["host"]), []
    try:
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                taken.append(psycopg.connect(host=url, user="postgres", dbname=postgres.DATABASE))
        yield len(taken)
    finally:
        for one in taken:
            one.close()


@contextlib.contextmanager
def workers(site: Site, *names: str, before: tuple[str, ...] = (), app: str = "") -> Iterator[None]:
    """They run with their commands behind `before`, with another Celery app where one is named; afterwards as ever."""
    usual = {name: site.command(name) for name in names}
    for name, command in usual.items():
        site.stop_one(name)
        site.start_as(name, *before, *(app if app and part == "tests.live.poison:app" else part for part in command))
    yield
    for name, command in usual.items():
        site.stop_one(name)
        site.start_as(name, *command)


def test_13_every_connection_to_postgres_is_taken(site: Site, secret: str) -> None:
    before = [place(site) for _ in range(3)]
    connection.close()
    with every_connection_taken() as taken:
        assert taken > 20
        answers = [post(site, secret).status_code for _ in range(6)]
    assert set(answers) <= {201, 503}, "no 500, and nobody waits for ever"
    after = [place(site) for _ in range(3)]
    confirmed(site, *before, *after)
    assert all(creations(site, order) == 1 for order in before + after)


@pytest.mark.parametrize("by", ["+2h", "-2h"])
def test_33_the_clock_of_workers_is_wrong(site: Site, by: str) -> None:
    assert CLOCK.exists(), "install Debian's libfaketime; nothing was tried"
    faked = ("env", f"LD_PRELOAD={CLOCK}", f"FAKETIME={by}", "FAKETIME_DONT_FAKE_MONOTONIC=1")
    began = database_now()
    with workers(site, "erp_write", "intake", "relay", before=faked):
        orders = [place(site) for _ in range(8)]
        confirmed(site, *orders)
        commands = ErpCommand.objects.filter(order__in=orders)
        span = commands.aggregate(first=Min("last_sent_at"), last=Max("settled_at"))
    assert began < span["first"] < span["last"] < database_now(), "times of the database alone"
    assert [creations(site, order) for order in orders] == [1] * 8


def test_35_work_without_an_end_and_work_that_eats_all_memory(site: Site, tmp_path: pathlib.Path) -> None:
    assert shutil.which("prlimit"), "util-linux has it"
    folder, key = str(tmp_path), uuid.uuid4().hex
    with workers(site, "intake", before=("prlimit", "--as=1500000000")):
        for kind in ("poison.loop", "poison.eat"):
            enqueue_job(kind, key=key, payload={"folder": folder})
        Job.objects.filter(kind="poison.loop", key=key).update(lost=MOST_LOST - 2, lease_token=uuid.uuid4())
        dead = Job.objects.filter(key=key, state=JobState.DEAD)
        site.wait(lambda: dead.count() == 2, what="both are given up", seconds=240)
        enqueue_job("poison.innocent", key=key, payload={"folder": folder})
        site.wait(lambda: runs(tmp_path, "innocent"), what="the lane works on")
    assert (len(runs(tmp_path, "loop")), len(runs(tmp_path, "eat"))) == (1, 2)
    assert sorted(dead.values_list("kind", flat=True)) == ["poison.eat", "poison.loop"]
    cases = Case.objects.filter(kind="dead.job", subject_id__in=[str(pk) for pk in dead.values_list("pk", flat=True)])
    assert cases.count() == 2
    cases.delete()  # with what died: nobody will mend it
    dead.delete()


def test_41_old_and_new_code_work_side_by_side(site: Site, tmp_path: pathlib.Path) -> None:
    """Work of a kind that only the new release knows waits for it; the old one neither fails nor loses it."""
    key = uuid.uuid4().hex
    with workers(site, "intake", app="distportal"):
        enqueue_job("poison.innocent", key=key, payload={"folder": str(tmp_path)})
        orders = [place(site) for _ in range(4)]
        confirmed(site, *orders)
        row = Job.objects.get(kind="poison.innocent", key=key)
        assert (row.state, row.attempts, row.last_error, runs(tmp_path, "innocent")) == (JobState.READY, 0, "", [])
    site.wait(lambda: runs(tmp_path, "innocent"), what="the new release does it")

"""A process of a pool asks PostgreSQL for one connection and keeps it, until it is no good any more."""

from __future__ import annotations

import pathlib
from collections import defaultdict

import pytest
from django.db import connection, transaction

from distportal.events.choices import JobState
from distportal.events.jobs import enqueue_job
from distportal.events.models import Job
from tests.live import poison  # noqa: F401 - what its worker knows is known here, too
from tests.live.portal import LivePortal

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("live"), pytest.mark.timeout(240)]
JOBS = 12


def asked(portal: LivePortal, folder: pathlib.Path, prefix: str) -> dict[str, set[str]]:
    """Process -> the servers that its share of so many jobs met; each was run once."""
    with transaction.atomic():
        for number in range(JOBS):
            enqueue_job("poison.ask", key=f"{prefix}-{number}", payload={"folder": str(folder)})
    done = Job.objects.filter(kind="poison.ask", key__startswith=prefix, state=JobState.DONE, attempts=1)
    portal.wait(lambda: done.count() == JOBS, what="all of them ran at the first try")
    found = defaultdict(set)
    for path in folder.glob("server-*.runs"):
        for process in path.read_text().split():
            found[process].add(path.stem)
        path.unlink()
    return found


def test_many_jobs_of_a_process_share_a_connection(portal: LivePortal, tmp_path: pathlib.Path) -> None:
    met = asked(portal, tmp_path, "first")
    assert {len(servers) for servers in met.values()} == {1}, met
    again = asked(portal, tmp_path, "second")
    assert {process: again[process] for process in met if process in again} == {
        process: met[process] for process in met if process in again
    }


def test_a_connection_that_the_database_ended_costs_no_job_a_try(portal: LivePortal, tmp_path: pathlib.Path) -> None:
    met = asked(portal, tmp_path, "before")
    servers = {int(name.removeprefix("server-")) for names in met.values() for name in names}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(pg_terminate_backend(pid)) FROM unnest(%s::int[]) AS pid", [list(servers)])
    after = asked(portal, tmp_path, "after")
    assert not {int(name.removeprefix("server-")) for names in after.values() for name in names} & servers

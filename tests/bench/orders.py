"""Orders a second through the database: stored, answered by a 997, placed, on two worker processes.

    python -m tests.bench.orders [--orders 1000] [--sets 50] [--workers 2] [--profile]

A database of its own is made and dropped. `--profile` does the work in this process and prints where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import os
import pstats
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tests.bench.ready  # noqa: F401 - sets Django up before its models are imported

# isort: split
from django.conf import settings
from django.db import connection, connections

from distportal.common.collector import collect_rarely
from distportal.events.models import Job
from distportal.events.running import run_job
from distportal.events.sweeper import due_jobs
from edi.models import Document, TradingPartner
from edi.process.mailboxes import store_file
from edi.x12.compiled.proof import table_of
from orders.models import ErpCommand, Order
from tests.bench.company import found_company, order_files
from tests.bench.meters import Cost, Counter, Meter
from tests.bench.raw import mark, raw_cost
from tests.bench.table import Figure, tell
from tests.databases import connect_to, drop_test_database, use_test_database

LANE = "edi_in"
WANTED = 100
"""Orders a second that two cores are to take, from the file to the placed order."""
_first_size: list[int] = []
"""Of a worker: kilobytes of memory before its first job."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    stage: str
    documents: int
    cost: Cost


def main() -> None:
    """Measure and print."""
    asked = _arguments()
    settings.SEND_HINTS = False
    name = use_test_database("_bench")
    try:
        partner = found_company()
        files = list(order_files(partner, files=asked.orders // asked.sets, sets=asked.sets))
        if asked.profile:
            _profile(partner, files)
        else:
            _print(
                _measure(partner, files, name, asked.workers), asked.workers, _statements(partner, asked.sets), files[0]
            )
    finally:
        connection.close()
        drop_test_database(name)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--sets", type=int, default=50, help="850s a file")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def _measure(partner: TradingPartner, files: list[bytes], database: str, workers: int) -> list[Row]:
    meter, rows, since = Meter(), [], mark()
    count = Document.objects.filter(direction="in", set_id="850").count
    with _pool(workers, database) as work:
        work("nothing")  # the workers have their maps and connections before the clock runs
        start = meter.read(_own())
        for at, content in enumerate(files):
            store_file(mailbox=partner.mailbox, name=f"bench-{at}.edi", content=content)
        Job.objects.filter(kind="edi.read_file").update(share="")  # no turns: the stages are measured apart
        stored = meter.read(_own())
        used = work("edi.read_file")
        read = meter.read(_own() + used)
        total = count()
        rows.append(Row("store the files", total, stored - start))
        rows.append(Row("read, judge, record, 997", total, read - stored))
        used += work("")
        placed = meter.read(_own() + used)
        rows.append(Row("place: rules, stock, command", total, placed - read))
        rows.append(Row("end to end", total, placed - start))
        sizes = work.sizes()
    _check(total)
    _tell(rows[-1], sizes, *raw_cost(since, total, meter, _own))
    return rows


def _tell(whole: Row, sizes: list[tuple[int, int]], raw: Cost, rows: int) -> None:
    """Against the same rows by raw INSERTs, against what is wanted of two cores, and the memory of each worker."""
    ours, least = (1000 * (cost.python + cost.postgres) / whole.documents for cost in (whole.cost, raw))
    print(f"the same {rows:,} rows by raw INSERTs: {least:.1f} ms of processor an order, {ours:.1f} from file to order")
    for first, most in sizes:
        print(f"memory of a worker: {first / 1024:.0f} MB before its first job, {most / 1024:.0f} MB at most")
    grown = max(most / first for first, most in sizes)
    tell([
        Figure(what="an order from file to placed, processor time", against="raw INSERTs of its rows",
               ratio=ours / least),
        Figure(what="orders a second for two idle cores", against=f"the {WANTED} wanted", ratio=2000 / ours / WANTED,
               at_least=1),
        Figure(what=f"memory of a worker after {whole.documents} orders", against="before its first job", ratio=grown),
    ])  # fmt: skip


def _check(total: int) -> None:
    """The figures count only if every order is there, accepted and on its way to the ERP, once."""
    assert Order.objects.filter(status="accepted").count() == ErpCommand.objects.count() == total
    assert Document.objects.filter(direction="in", state="placed").count() == total
    assert not Job.objects.filter(lane=LANE, state="ready").exists()


class Workers:
    """Processes that do jobs; called with a kind all of them do all jobs of it (of all kinds for "")."""

    def __init__(self, pool: Any, count: int) -> None:
        self._pool, self._count = pool, count

    def __call__(self, kind: str) -> float:
        """Their processor seconds."""
        return float(sum(self._pool.map(_work, [kind] * self._count, chunksize=1)))

    def sizes(self) -> list[tuple[int, int]]:
        """Of each its kilobytes of memory before its first job, and the most that it ever had."""
        return [(first, most) for _, first, most in set(self._pool.map(_size, range(self._count), chunksize=1))]


@contextmanager
def _pool(workers: int, database: str) -> Iterator[Workers]:
    connection.close()
    with multiprocessing.get_context("spawn").Pool(workers, _begin, (database,)) as pool:
        yield Workers(pool, workers)


def _begin(database: str) -> None:
    settings.SEND_HINTS = False
    connect_to(database)
    for set_id in ("850", "997"):
        table_of("004010", set_id)  # once in the life of a worker
    collect_rarely()  # as workers do
    _first_size.append(_size_now())


def _size_now() -> int:
    """Kilobytes that this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def _size(_: int) -> tuple[int, int, int]:
    time.sleep(0.2)  # so that each worker gets one of the calls
    return os.getpid(), _first_size[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _work(kind: str) -> float:
    """Do due jobs until there are none; the processor seconds that took."""
    before = _own()
    connection.ensure_connection()
    if kind == "nothing":
        time.sleep(0.2)  # so that each worker gets one of the calls
    while kind != "nothing" and (jobs := _due(kind)):
        for job in jobs:
            run_job(job)
    return _own() - before


def _due(kind: str) -> list[object]:
    """Some due jobs; each worker begins at another place, as hints would have it."""
    jobs = [job for job, _ in due_jobs(lane=LANE, limit=40)]
    if kind:
        wanted = set(Job.objects.filter(pk__in=jobs, kind=kind).values_list("pk", flat=True))
        jobs = [job for job in jobs if job in wanted]
    return jobs[:: 1 if os.getpid() % 2 else -1][:10]


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _statements(partner: TradingPartner, sets: int) -> dict[str, Counter]:
    """The statements of one more file, by stage."""
    counters = {stage: Counter() for stage in ("store the files", "read, judge, record, 997", "place")}
    [content] = order_files(partner, files=1, sets=sets)
    content = content.replace(b"BENCH-", b"COUNT-").replace(b"*000001000*", b"*000999999*")
    content = content.replace(b"IEA*1*000001000", b"IEA*1*000999999")
    with counters["store the files"]:
        store_file(mailbox=partner.mailbox, name="count.edi", content=content)
    with counters["read, judge, record, 997"]:
        run_job(Job.objects.get(kind="edi.read_file", state="ready").pk)
    with counters["place"]:
        while jobs := due_jobs(lane=LANE):
            for job, _ in jobs:
                run_job(job)
    assert Document.objects.filter(state="placed", order__po_number__startswith="COUNT-").count() == sets
    return counters


def _split_rate(content: bytes) -> float:
    """Documents a second of cutting alone: says how fast this machine is at this moment."""
    sets, rounds, before = content.count(b"ST*850*"), 20, _own()
    for _ in range(rounds):
        [segment.split("*") for segment in content.decode().split("~")]
    return rounds * sets / (_own() - before)


def _print(rows: list[Row], workers: int, statements: dict[str, Counter], content: bytes) -> None:
    sets = Document.objects.filter(order__po_number__startswith="COUNT-").count()
    print(f"{workers} worker processes, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'stage':32}{'docs':>6}{'docs/s':>9}{'CPU ms/doc':>12}{'of it PostgreSQL':>18}{'statements/doc':>16}")
    asked = [counter.total / sets for counter in statements.values()]
    for row, queries in zip(rows, [*asked, sum(asked)], strict=True):
        cpu, db = (1000 * used / row.documents for used in (row.cost.python + row.cost.postgres, row.cost.postgres))
        rate = row.documents / row.cost.seconds
        print(f"{row.stage:32}{row.documents:>6}{rate:>9.0f}{cpu:>12.1f}{db:>18.1f}{queries:>16.1f}")
    used = rows[-1].cost.python + rows[-1].cost.postgres
    print(f"str.split of the same file: {_split_rate(content):.0f} docs/s now; 65,000 on an idle machine")
    print(f"two idle cores would do {2 * rows[-1].documents / used:.0f} orders/s at this processor time")


def _profile(partner: TradingPartner, files: list[bytes]) -> None:
    profile = cProfile.Profile()
    for at, content in enumerate(files):
        store_file(mailbox=partner.mailbox, name=f"bench-{at}.edi", content=content)
    while jobs := due_jobs(lane=LANE):
        for job, _ in jobs:
            profile.runcall(run_job, job)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(70)
    counters = _statements(partner, 10)
    for sql, times in sorted(counters["place"].statements.items(), key=lambda found: -found[1]):
        print(f"{times / 10:6.1f}  {sql}")
    connections.close_all()


if __name__ == "__main__":
    main()

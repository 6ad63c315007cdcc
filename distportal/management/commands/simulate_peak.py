"""`manage.py simulate_peak`: what a rush does to the portal and to the ERP, in figures and as a chart."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from distportal.events.clock import database_now
from distportal.events.models import Heartbeat
from distportal.management.peak.chart import chart
from distportal.management.peak.erp import PeakErp
from distportal.management.peak.plan import Plan
from distportal.management.peak.running import Sample, run_peak
from distportal.management.peak.verdict import Verdict, verdict

_TOLD_EVERY = 5.0


class Command(BaseCommand):
    """Jobs, turns, guard and limits are those of the product; orders, dealers and the ERP are made up for the run."""

    help = "Send a peak of made-up orders to a sandbox ERP of its own on this machine and chart how it drains."

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Plan()
        for name, kind, text in (
            ("normal", float, "orders a minute on a usual day"),
            ("factor", float, "how many times as many come in the peak"),
            ("minutes", float, "how long the peak lasts"),
            ("dealers", int, "who sends them; the first one sends half of all at once"),
            ("erp-rate", float, "calls a minute the ERP bears"),
            ("concurrency", int, "calls at once the ERP bears"),
            ("workers", int, "threads that work"),
            ("outage", float, "seconds the ERP is away from the middle of the peak on"),
        ):
            default = getattr(usual, name.replace("-", "_"))
            parser.add_argument(f"--{name}", type=kind, default=default, help=f"{text} ({default:g})")
        parser.add_argument("--chart", type=Path, default=settings.STATE_DIR / "peak.svg", help="where the SVG goes")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan(**{name: options[name] for name in Plan.__dataclass_fields__})
        if problems := list(plan.problems()):
            raise CommandError("; ".join(problems))
        beat = Heartbeat.objects.filter(name="sweeper").first()
        if beat and (database_now() - beat.beat_at).total_seconds() < 15:
            raise CommandError("a sweeper works on this database: a simulation would disturb it. Nothing was done.")
        self._told = -_TOLD_EVERY
        signal.signal(signal.SIGTERM, _end)  # as Ctrl-C: the ERP is stopped and the rows are gone
        with tempfile.TemporaryDirectory() as folder:
            erp = PeakErp(Path(folder))
            try:
                erp.start()
                self.stdout.write(f"{'s':>6}{'wait':>8}{'oldest s':>10}{'done':>8}{'level':>7}")
                peak = run_peak(plan, erp, tell=self._tell)
                found = verdict(plan, peak, orders=erp.order_keys(), writes=erp.writes())
            finally:
                erp.stop()
        options["chart"].parent.mkdir(parents=True, exist_ok=True)
        options["chart"].write_text(chart(peak.samples, title=_title(plan)))
        self._report(plan, found)
        self.stdout.write(f"chart: {options['chart']}")
        if not found.good:
            raise CommandError("the peak was not borne as it should be; see the table")

    def _tell(self, sample: Sample) -> None:
        if sample.at - self._told >= _TOLD_EVERY or sample.depth == 0:
            self._told = sample.at
            self.stdout.write(f"{sample.at:>6.1f}{sample.depth:>8}{sample.age:>10.1f}{sample.done:>8}{sample.level:>7}")

    def _report(self, plan: Plan, found: Verdict) -> None:
        rows = (
            ("orders sent", f"{found.sent}"),
            ("lost / doubled / given up", f"{found.lost} / {found.doubled} / {found.dead}"),
            ("writes a minute at the ERP", f"{found.rate_seen:.0f} of {plan.erp_rate:.0f} agreed, burst included"),
            ("most beyond the rate", f"{found.burst:.1f} of {found.burst_allowed:.0f} allowed at once"),
            ("deepest / oldest", f"{found.deepest} orders / {found.oldest:.1f} s"),
            ("drained after", f"{found.drained_after:.1f} s"),
            ("highest level", f"{found.level}"),
            ("dealer in a hurry waits", f"{found.hurried[0]:.1f} s half, {found.hurried[1]:.1f} s 95 %"),
            ("the others wait", f"{found.others[0]:.1f} s half, {found.others[1]:.1f} s 95 %"),
        )
        for name, value in rows:
            self.stdout.write(f"{name:<28}{value}")


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _title(plan: Plan) -> str:
    return f"{plan.orders} orders in {plan.seconds:.0f} s, {plan.factor:g} x normal; ERP at {plan.erp_rate:g} a minute"

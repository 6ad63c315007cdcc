"""Read figures: earlier days from their table, today from the rows themselves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from distportal.measures.counting import Slice, count_rows
from distportal.measures.days import days_between, today
from distportal.measures.kinds import Kpi
from distportal.measures.models import KpiDay
from distportal.measures.tally import Reading, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to see: days up to the last one, of a partner or part, or of all."""

    first: dt.date
    last: dt.date
    partner: str = ""
    part: str = ""

    @classmethod
    def of_days(cls, days: int, *, partner: str = "", part: str = "") -> Asked:
        """So many days up to today."""
        last = today()
        return cls(first=last - dt.timedelta(days=days - 1), last=last, partner=partner, part=part)

    @property
    def after(self) -> dt.date:
        """The day after the last one."""
        return self.last + dt.timedelta(days=1)

    def takes(self, slot: Slice) -> bool:
        """Whether the slice is among what is asked."""
        return self.partner in ("", slot.partner) and self.part in ("", slot.part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure over the days that were asked for, by day, by partner and by part; `today` is counted live."""

    kpi: Kpi
    whole: Reading
    today: Reading
    by_day: Mapping[dt.date, Reading]
    by_partner: Mapping[str, Reading] = field(default_factory=dict)
    by_part: Mapping[str, Reading] = field(default_factory=dict)
    partners: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def read_figures(kpis: Iterable[Kpi], asked: Asked) -> list[Figure]:
    """The figures, in one query for all earlier days and one a source for today."""
    known = list(kpis)
    stored: dict[str, dict[Slice, Tally]] = defaultdict(dict)
    rows = KpiDay.objects.filter(kpi__in=[k.code for k in known], day__gte=asked.first, day__lte=asked.last)
    now = today()
    for row in rows.exclude(day=now):
        stored[row.kpi][Slice(row.day, row.partner, row.part)] = row.tally
    live = {k.code: count_rows(k, first=now, last=now) for k in known if asked.first <= now <= asked.last}
    return [_figure(k, stored[k.code] | live.get(k.code, {}), asked) for k in known]


def _figure(kpi: Kpi, found: Mapping[Slice, Tally], asked: Asked) -> Figure:
    taken = {slot: tally for slot, tally in found.items() if asked.takes(slot)}
    days = days_between(asked.first, asked.last)
    by_day = {day: Tally() for day in days}
    by_partner: dict[str, Tally] = defaultdict(Tally)
    by_part: dict[str, Tally] = defaultdict(Tally)
    for slot, tally in taken.items():
        by_day[slot.day] += tally
        by_partner[slot.partner] += tally
        by_part[slot.part] += tally
    whole = sum(by_day.values(), Tally())
    return Figure(
        kpi=kpi,
        whole=Reading(kpi=kpi, tally=whole, days=len(days)),
        today=Reading(kpi=kpi, tally=by_day.get(today(), Tally())),
        by_day={day: Reading(kpi=kpi, tally=tally) for day, tally in by_day.items()},
        by_partner=_readings(kpi, by_partner, len(days)),
        by_part=_readings(kpi, by_part, len(days)),
        partners=tuple(sorted({slot.partner for slot in found if slot.partner})),
        parts=tuple(sorted({slot.part for slot in found if slot.part})),
    )


def _readings(kpi: Kpi, tallies: Mapping[str, Tally], days: int) -> dict[str, Reading]:
    """The most rows first, names among equals."""
    order = sorted(tallies.items(), key=lambda pair: (-pair[1].rows, pair[0]))
    return {name: Reading(kpi=kpi, tally=tally, days=days) for name, tally in order}

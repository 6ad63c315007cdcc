"""Holidays as they are brought in: pasted lines, or those of a country by the `holidays` package."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import holidays

from distportal.calendars.errors import UnreadableHolidays

_LINE = re.compile(
    r"^\s*(?P<on>\d{4}-\d{2}-\d{2})[\s,;]+(?P<name>.*?)"
    r"(?:[\s,;]+(?P<opens>\d{1,2}:\d{2})\s*[-–]\s*(?P<closes>\d{1,2}:\d{2}))?\s*$"
)
MOST_LINES = 1000
MOST_YEARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a list; `opens` and `closes` where it is short instead of off."""

    on: dt.date
    name: str
    opens: dt.time | None = None
    closes: dt.time | None = None


def read_list(text: str) -> list[Day]:
    """The days of lines such as `2026-11-26 Thanksgiving` or `2026-12-24, Christmas Eve, 08:00-12:00`; a day that
    stands twice counts as it stands last. Raises UnreadableHolidays with every line that cannot be read.
    """
    found: dict[dt.date, Day] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            day = _read_line(line)
        except ValueError as error:
            problems.append(f"Line {number}: {error}")
        else:
            found[day.on] = day
    if len(found) > MOST_LINES:
        problems.append(f"More than {MOST_LINES} days.")
    if problems:
        raise UnreadableHolidays(" ".join(problems[:5]), lines=problems)
    return sorted(found.values(), key=lambda day: day.on)


def national_holidays(country: str, region: str, years: tuple[int, int]) -> list[Day]:
    """The public holidays of a country (ISO 3166 code) and, where given, its region, from the first to the last year.

    Raises UnreadableHolidays for a place that is not known or more than ten years.
    """
    first, last = years
    if not 1970 <= first <= last <= first + MOST_YEARS - 1 <= 2100:
        raise UnreadableHolidays(f"Years such as 2026-2028, at most {MOST_YEARS} of them.")
    try:
        rows = holidays.country_holidays(
            country.strip().upper(), subdiv=region.strip().upper() or None, years=range(first, last + 1)
        )
    except NotImplementedError as error:
        raise UnreadableHolidays(f"Nothing is known of {country} {region}: {error}") from error
    return [Day(on=on, name=name[:80]) for on, name in sorted(rows.items())]


def _read_line(line: str) -> Day:
    found = _LINE.match(line)
    if found is None or not found["name"].strip(" ,;"):
        raise ValueError(f"{line.strip()[:60]!r} is no day and name such as 2026-11-26 Thanksgiving.")
    try:
        on = dt.date.fromisoformat(found["on"])
        opens, closes = (dt.time.fromisoformat(found[n].zfill(5)) if found[n] else None for n in ("opens", "closes"))
    except ValueError as error:
        raise ValueError(f"{line.strip()[:60]!r} names a day or time that does not exist.") from error
    if opens and closes and closes != dt.time(0) and closes <= opens:
        raise ValueError(f"{line.strip()[:60]!r} closes before it opens.")
    return Day(on=on, name=found["name"].strip(" ,;")[:80], opens=opens, closes=closes)

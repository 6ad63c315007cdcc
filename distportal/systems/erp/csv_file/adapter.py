"""The adapter of a connection of the kind csv_file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from distportal.systems.erp.csv_file.dialect import CsvDialect
from distportal.systems.erp.csv_file.layouts import read_layouts
from distportal.systems.erp.files.adapter import FileErp
from distportal.systems.erp.files.codes import Codes
from distportal.systems.erp.files.place import Place
from distportal.systems.erp.port import Stage
from distportal.systems.errors import Misconfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvSettings(Place):
    """The tables of codes are ours to theirs, `statuses` theirs to the port's stages.

    `quiet_seconds`: a file is read when nobody wrote to it for so long. `answer_hours`: later than that an order
    without an answer is a person's business.
    """

    layouts: Mapping[str, Any]
    units: Mapping[str, str] = field(default_factory=dict)
    warehouses: Mapping[str, str] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)
    ship_tos: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    currency: str = "USD"
    net_days: int = 30
    suffix: str = ".csv"
    answer_hours: float = 24.0

    def __post_init__(self) -> None:
        """Layouts and statuses are read now, so that a slip is told when the connection is stored."""
        self.check_place()
        read_layouts(self.layouts)
        if wrong := sorted(set(self.statuses.values()) - set(get_args(Stage))):
            message = f"statuses: {', '.join(wrong)} is none of {', '.join(get_args(Stage))}"
            raise Misconfigured("erp.connection_invalid", message)


def connect(settings: CsvSettings) -> FileErp:
    """The adapter of a stored connection."""
    codes = Codes({name: getattr(settings, name) for name in ("units", "warehouses", "customers", "ship_tos", "items")})
    stages: dict[str, Stage] = {word: _stage(stage) for word, stage in settings.statuses.items()}
    dialect = CsvDialect(
        read_layouts(settings.layouts), codes, stages, settings.currency, settings.net_days, settings.suffix
    )
    return FileErp(settings.open_folder(), dialect, answer_within=dt.timedelta(hours=settings.answer_hours))


def _stage(word: str) -> Stage:
    for stage in get_args(Stage):
        if stage == word:
            found: Stage = stage
            return found
    raise LookupError(word)

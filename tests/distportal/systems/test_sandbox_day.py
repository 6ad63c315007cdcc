"""The sandbox ERP dates its papers by its host's day, as real ERPs do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from distportal.systems.erp.sandbox_server.store import Store
from tests.days import ahead, zone_of_another_day


def test_the_erps_day_is_that_of_its_host(settings: Any, tmp_path: Path) -> None:
    settings.TIME_ZONE = zone_of_another_day()
    with Store(tmp_path / "erp.db").read() as tx:
        assert tx.today == ahead()
        assert tx.today != tx.now.astimezone(dt.UTC).date()

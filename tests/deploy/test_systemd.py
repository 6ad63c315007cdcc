"""The units of one machine run the product as it is."""

from __future__ import annotations

import re

from tests.deploy.product import DEPLOY, LANES, ORDERS_PASS, ROOT, settings_read, worker_flags

UNITS = {path.name: path.read_text() for path in sorted((DEPLOY / "systemd").iterdir()) if path.is_file()}
SERVICES = {name: text for name, text in UNITS.items() if name.endswith(".service")}


def value(unit: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", UNITS[unit], flags=re.MULTILINE)


def test_the_target_wants_every_process_and_a_worker_for_each_lane() -> None:
    wanted = {name for line in value("distportal.target", "Wants") for name in line.split()}
    assert wanted == {"distportal-web.service", "distportal-sweeper.service", "distportal-beat.service"} | {
        f"distportal-worker@{lane}.service" for lane in LANES
    }


def test_the_worker_serves_the_lane_of_its_name() -> None:
    (start,) = value("distportal-worker@.service", "ExecStart")
    assert "-Q %i -n %i@%%h -c ${POOL}" in start
    assert worker_flags() <= set(start.split())


def test_lanes_that_orders_pass_have_right_of_way() -> None:
    told = {path.parent.name: path.read_text() for path in (DEPLOY / "systemd").glob("*.d/*.conf")}
    assert told.keys() == {f"distportal-worker@{lane}.service.d" for lane in ORDERS_PASS}
    assert {line for text in told.values() for line in text.splitlines() if "=" in line} == {"CPUWeight=100"}
    weights = {name: value(name, "CPUWeight") for name in SERVICES}
    assert {name for name, weight in weights.items() if weight} == {"distportal-worker@.service"}
    assert weights["distportal-worker@.service"] == ["20"]


def test_everything_waits_for_the_migration_and_comes_back_after_a_crash() -> None:
    for name in SERVICES.keys() - {"distportal-migrate.service"}:
        if "oneshot" not in value(name, "Type"):
            assert value(name, "Requires") == ["distportal-migrate.service"], name
            assert value(name, "Restart") == ["always"], name


def test_the_page_switches_on_everything_that_is_not_switched_on_by_the_target() -> None:
    wanted = {name for line in value("distportal.target", "Wants") for name in line.split()}
    alone = {name for name, text in UNITS.items() if "[Install]" in text} - {"distportal-worker@.service", *wanted}
    told = re.findall(r"systemctl enable --now (.*)", (ROOT / "docs/deploy.md").read_text())
    assert [set(line.split()) for line in told] == [alone]


def test_no_service_runs_as_root_or_writes_outside_its_folder() -> None:
    for name in SERVICES:
        assert value(name, "User") == ["distportal"], name
        assert value(name, "ProtectSystem") == ["strict"], name
        assert value(name, "NoNewPrivileges") == ["true"], name


def test_each_process_has_the_database_role_of_its_work() -> None:
    files = {name: [one for one in value(name, "EnvironmentFile") if not one.startswith("-")] for name in SERVICES}
    assert {tuple(found[:1]) for found in files.values()} == {("/etc/distportal/portal.env",)}
    assert {name.removeprefix("distportal-").removesuffix(".service"): found[1:] for name, found in files.items()} == {
        "migrate": ["/etc/distportal/database/owner.env"],
        "backup": ["/etc/distportal/database/owner.env"],
        "web": ["/etc/distportal/database/web.env"],
        "sweeper": ["/etc/distportal/database/worker.env"],
        "beat": ["/etc/distportal/database/worker.env"],
        "worker@": ["/etc/distportal/database/worker.env"],
    }


def test_variables_are_those_that_the_product_reads() -> None:
    known = settings_read() | {"PYTHONUNBUFFERED", "POOL"}
    for name in SERVICES:
        assert {word.partition("=")[0] for line in value(name, "Environment") for word in line.split()} <= known

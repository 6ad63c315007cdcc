"""The compose file runs the product as it is: each lane has a worker, each variable is one that is read."""

from __future__ import annotations

from typing import Any

from distportal.settings import LANES as ORDERED
from tests.deploy.product import (
    LANES,
    ORDERS_PASS,
    argv,
    documents,
    env_file,
    most_connections,
    settings_read,
    worker_flags,
)

(COMPOSE,) = documents("compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if "distportal" in service["image"]}


def workers() -> dict[str, list[str]]:
    commands = [service.get("command", []) for service in SERVICES.values()]
    return {command[command.index("-Q") + 1]: command for command in commands if "-Q" in command}


def services_of(lanes: set[str]) -> set[str]:
    return {f"worker-{lane.replace('_', '-')}" for lane in lanes}


def test_each_lane_has_one_worker_with_the_switches_of_the_demo() -> None:
    assert list(workers()) == list(ORDERED)
    for lane, command in workers().items():
        assert worker_flags() <= set(command)
        assert command[command.index("-n") + 1] == f"{lane}@%h"


def test_lanes_that_orders_pass_have_right_of_way() -> None:
    shares = {name: service["cpu_shares"] for name, service in SERVICES.items() if "cpu_shares" in service}
    assert shares == dict.fromkeys(services_of(LANES - ORDERS_PASS), 205)


def test_web_sweeper_beat_and_migrations_are_there() -> None:
    assert services_of(LANES) | {"web", "sweeper", "beat", "migrate"} == OURS
    assert SERVICES["sweeper"]["command"][1:] == [word.rpartition("/")[2] for word in argv("sweeper")]
    assert "beat" in SERVICES["beat"]["command"]
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_each_process_has_the_database_role_of_its_work() -> None:
    roles = {name: SERVICES[name]["env_file"][1:] for name in OURS}
    assert roles.pop("migrate") == ["database/owner.env"]
    assert roles.pop("web") == ["database/web.env"]
    assert {role for found in roles.values() for role in found} == {"database/worker.env"}
    assert {SERVICES[name]["env_file"][0] for name in OURS} == {"portal.env"}
    assert "DATABASE_URL" not in env_file("portal.env.example")
    assert list(env_file("database/role.env.example")) == ["DATABASE_URL"]
    assert "./database/roles.sql:/roles.sql:ro" in SERVICES["postgres"]["volumes"]


def test_nothing_of_ours_can_write_its_root_or_gain_rights() -> None:
    for name in OURS:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["volumes"] == ["state:/var/lib/distportal"]
    for name, service in SERVICES.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_the_broker_never_evicts_and_the_cache_does() -> None:
    broker, cache = SERVICES["broker"]["command"], SERVICES["cache"]["command"]
    assert broker[broker.index("--maxmemory-policy") + 1] == "noeviction"
    assert cache[cache.index("--maxmemory-policy") + 1] == "allkeys-lfu"


def test_variables_are_those_that_the_product_reads_and_secrets_are_left_open() -> None:
    found = env_file("portal.env.example")
    assert found.keys() <= settings_read()
    assert [found[name] for name in ("SECRET_KEY", "METRICS_TOKEN", "ERP_TOKEN")] == ["", "", ""]


def test_all_processes_together_fit_into_the_databases_connections() -> None:
    lanes = [(1, int(command[command.index("-c") + 1])) for command in workers().values()]
    most = int(str(SERVICES["postgres"]["command"][-1]).partition("=")[2])
    assert most_connections(lanes, web=1, web_processes=2, others=3) < most * 0.8


def test_the_writers_to_the_erp_stay_within_its_limit() -> None:
    command = workers()["erp_write"]
    assert int(command[command.index("-c") + 1]) <= int(env_file("portal.env.example")["ERP_CONCURRENCY"])

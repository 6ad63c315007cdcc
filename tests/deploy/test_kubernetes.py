"""The manifests run the product as it is: lanes, probes, limits towards ERP and database, little that is open."""

from __future__ import annotations

from typing import Any

import yaml
from django.core.management import get_commands
from django.test import Client

from distportal.settings import LANES as ORDERED
from tests.deploy.product import DEPLOY, LANES, argv, documents, most_connections, settings_read, worker_flags

FOLDER = DEPLOY / "kubernetes"
BASE = [
    f"kubernetes/base/{name}" for name in yaml.safe_load((FOLDER / "base/kustomization.yaml").read_text())["resources"]
]
EVERYTHING = documents(*BASE, "kubernetes/worker/worker.yaml")
SETTINGS = next(one["data"] for one in EVERYTHING if one["kind"] == "ConfigMap")
MOST_CONNECTIONS = 300
"""What docs/deploy.md tells an operator to give PostgreSQL for these manifests."""


def kind(name: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in EVERYTHING if one["kind"] == name}


def pods() -> list[dict[str, Any]]:
    found = [one["spec"] for one in EVERYTHING if one["kind"] in ("Deployment", "Job")]
    found += [one["spec"]["jobTemplate"]["spec"] for one in EVERYTHING if one["kind"] == "CronJob"]
    return [one["template"]["spec"] for one in found]


def lanes() -> dict[str, dict[str, Any]]:
    """By lane what its folder sets: path of each patch and its value."""
    found = {}
    for path in sorted(FOLDER.glob("lanes/*/kustomization.yaml")):
        text = yaml.safe_load(path.read_text())
        (label,) = [pair["pairs"]["distportal/lane"] for pair in text["labels"]]
        patches = [one for patch in text["patches"] for one in yaml.safe_load(patch["patch"])]
        assert text["nameSuffix"] == f"-{path.parent.name}" == f"-{label.replace('_', '-')}"
        found[label] = {one["path"].rpartition("/")[2]: one["value"] for one in patches}
    return found


def test_each_lane_is_a_folder_and_each_folder_is_taken() -> None:
    assert set(lanes()) == LANES
    taken = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    assert taken == ["base", *(f"lanes/{lane.replace('_', '-')}" for lane in ORDERED)]


def test_a_worker_serves_the_lane_of_its_label_and_scales_on_that_lanes_age() -> None:
    (container,) = kind("Deployment")["distportal-worker"]["spec"]["template"]["spec"]["containers"]
    env = {one["name"]: one for one in container["env"]}
    assert env["LANE"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.labels['distportal/lane']"
    assert container["args"][container["args"].index("-Q") + 1] == "$(LANE)"
    assert worker_flags() <= set(container["args"])
    assert [one["name"] for one in container["env"]][2] == "POOL"  # what the folders patch by its place
    for lane, patched in lanes().items():
        assert patched["lane"] == lane


def test_the_figure_that_scales_is_one_that_the_product_exports(db: None) -> None:
    (metric,) = kind("HorizontalPodAutoscaler")["distportal-worker"]["spec"]["metrics"]
    name = metric["external"]["metric"]["name"]
    told = Client().get("/metrics").content.decode()
    assert all(f'{name}{{lane="{lane}"}}' in told for lane in LANES)
    assert f"{name}{{lane!=" in (FOLDER / "prometheus-adapter.yaml").read_text()


def test_the_writers_to_the_erp_never_outnumber_its_calls_at_once() -> None:
    patched = lanes()["erp_write"]
    assert patched["maxReplicas"] * int(patched.get("value", 1)) <= int(SETTINGS["ERP_CONCURRENCY"])
    assert patched["strategy"]["rollingUpdate"] == {"maxSurge": 0, "maxUnavailable": 1}, "nor while a version comes in"
    assert all(one["minReplicas"] <= one["maxReplicas"] for one in lanes().values())


def test_probes_ask_addresses_that_answer(db: None) -> None:
    (container,) = kind("Deployment")["distportal-web"]["spec"]["template"]["spec"]["containers"]
    paths = {name: container[name]["httpGet"]["path"] for name in container if name.endswith("Probe")}
    assert paths == {
        "startupProbe": "/health/live", "livenessProbe": "/health/live", "readinessProbe": "/health/ready",
    }  # fmt: skip
    assert {Client().get(path).status_code for path in paths.values()} == {200}
    port = str(container["ports"][0]["containerPort"])
    assert container["args"][container["args"].index("--port") + 1] == port
    assert container["args"][-1] == argv("web")[-1]


def test_pods_have_no_rights_and_no_writable_root() -> None:
    assert len(pods()) == 6
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            given = container["securityContext"]
            assert given["readOnlyRootFilesystem"] is True
            assert given["allowPrivilegeEscalation"] is False
            assert given["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]


def test_each_process_has_the_database_role_of_its_work() -> None:
    roles = {
        pod["containers"][0]["name"]: pod["containers"][0]["env"][0]["valueFrom"]["secretKeyRef"]["key"]
        for pod in pods()
    }
    assert roles == {
        "migrate": "owner", "backup": "owner",
        "web": "web",
        "sweeper": "worker", "beat": "worker", "worker": "worker",
    }  # fmt: skip


def test_settings_are_those_that_the_product_reads_and_none_is_a_secret() -> None:
    assert SETTINGS.keys() <= settings_read()
    assert not [
        name
        for name in SETTINGS
        if name.endswith(("_KEY", "_TOKEN", "_PASSWORD", "_URL")) and name not in {"PUBLIC_URL", "ERP_URL"}
    ]
    assert not kind("Secret")


def test_pods_that_move_leave_one_behind() -> None:
    budgets = kind("PodDisruptionBudget")
    assert set(budgets) == {"distportal-web", "distportal-sweeper", "distportal-worker"}
    for name, budget in budgets.items():
        labels = kind("Deployment")[name]["spec"]["template"]["metadata"]["labels"]
        assert budget["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert (
        kind("Deployment")["distportal-sweeper"]["spec"]["replicas"]
        > budgets["distportal-sweeper"]["spec"]["minAvailable"]
    )
    assert kind("HorizontalPodAutoscaler")["distportal-web"]["spec"]["minReplicas"] > 1


def test_only_web_is_asked_and_nobody_reaches_the_clusters_metadata() -> None:
    policies = kind("NetworkPolicy")
    nothing = policies["distportal-nothing"]["spec"]
    assert nothing["policyTypes"] == ["Ingress", "Egress"]
    assert nothing.keys() == {"podSelector", "policyTypes"}
    assert [name for name, one in policies.items() if "ingress" in one["spec"]] == ["distportal-web-is-asked"]
    (out,) = policies["distportal-calls-out"]["spec"]["egress"]
    assert "169.254.0.0/16" in out["to"][0]["ipBlock"]["except"]


def test_all_processes_together_fit_into_the_databases_connections() -> None:
    found = [(one["maxReplicas"], int(one.get("value", 1))) for one in lanes().values()]
    web = kind("HorizontalPodAutoscaler")["distportal-web"]["spec"]["maxReplicas"]
    assert most_connections(found, web=web, web_processes=2, others=4) < MOST_CONNECTIONS * 0.8
    assert f"max_connections={MOST_CONNECTIONS}" in (DEPLOY.parent / "docs" / "deploy.md").read_text()


def test_commands_are_ones_that_the_product_has() -> None:
    commands = [one["args"][2] for pod in pods() for one in pod["containers"] if one["args"][1] == "manage.py"]
    assert sorted(commands) == ["backup", "migrate", "sweep"]
    assert set(commands) <= get_commands().keys()

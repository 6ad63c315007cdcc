"""The image holds what the product needs, nothing secret, and runs as nobody in particular."""

from __future__ import annotations

import re

from tests.deploy.product import DEPLOY, ROOT, settings_read

LINES = re.sub(r"\\\n\s*", "", (DEPLOY / "Containerfile").read_text()).splitlines()


def said(word: str) -> list[str]:
    return [line.split(" ", 1)[1] for line in LINES if line.startswith(word + " ")]


def test_it_is_built_from_the_hashed_lock_alone() -> None:
    (install,) = [line for line in said("RUN") if " install --" in line]
    assert "--require-hashes" in install
    assert "-r ${LOCK}" in install
    assert said("ARG")[-1] == "LOCK=requirements.lock"
    assert "--only-binary :all:" in install
    for lock in ("requirements.lock", "requirements-otel.lock"):
        pins = re.split(r"\n(?=[a-z0-9])", _locked(lock))
        assert all("--hash=sha256:" in found for found in pins), "a pin without its hash"


def _locked(lock: str) -> str:
    return "\n".join(line for line in (ROOT / lock).read_text().splitlines() if "# via" not in line)


def test_every_app_is_in_it_and_what_is_copied_exists() -> None:
    copied = [name for line in said("COPY") if not line.startswith("--from") for name in line.split()[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert apps <= set(copied)
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_in == set(copied)
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_two_stages_and_the_second_runs_without_rights() -> None:
    assert len(said("FROM")) == 2
    assert said("USER") == ["10001:10001"]
    after = LINES[LINES.index("USER 10001:10001") :]
    assert not [line for line in after if line.startswith(("RUN", "COPY", "ADD"))]


def test_no_secret_is_baked_in_and_each_variable_is_known() -> None:
    named = {word.partition("=")[0] for line in said("ENV") for word in line.split()}
    known = settings_read() | {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    assert {name for name in named if not name.startswith("PIP_")} <= known
    assert not named & {"SECRET_KEY", "DATABASE_URL", "ERP_TOKEN", "METRICS_TOKEN"}
    assert "ARG SECRET" not in "\n".join(LINES)

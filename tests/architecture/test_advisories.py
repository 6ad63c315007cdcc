"""A copy of advisories is compared with the lock, version by version, and no network is asked."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from distportal.management.advisories import holes

LOCK = """
django==5.2.19 \\
    --hash=sha256:aa
pillow==13.0.0 ; python_version > '3' \\
    --hash=sha256:bb
"""


def advisory(package: str, *events: dict[str, str], ecosystem: str = "PyPI", **more: Any) -> dict[str, Any]:
    part = {
        "package": {"ecosystem": ecosystem, "name": package},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
    }
    return {"id": "GHSA-1", "summary": "A hole\nin detail", "affected": [part], **more}


@pytest.mark.parametrize(
    ("events", "hit"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "5.2.19"}], False),
        ([{"introduced": "0"}, {"fixed": "5.2.20"}], True),
        ([{"fixed": "5.2.20"}, {"introduced": "5.2"}], True),
        ([{"introduced": "5.3"}], False),
        ([{"introduced": "5.2"}, {"last_affected": "5.2.18"}], False),
        ([{"introduced": "5.2"}, {"last_affected": "5.2.19"}], True),
        ([{"introduced": "0"}, {"fixed": "4.2"}, {"introduced": "5.2a1"}, {"fixed": "5.2.30"}], True),
        ([{"introduced": "0"}, {"fixed": "4.2"}, {"introduced": "6.0"}], False),
    ],
)
def test_a_version_is_in_a_range_or_not(events: list[dict[str, str]], hit: bool) -> None:
    found = holes({"django": "5.2.19"}, [advisory("Django", *events)])
    assert [(one.id, one.package, one.summary) for one in found] == ([("GHSA-1", "django", "A hole")] if hit else [])


def test_others_packages_other_worlds_and_what_was_withdrawn_say_nothing() -> None:
    all_of_it = {"introduced": "0"}
    told = [
        advisory("flask", all_of_it), advisory("django", all_of_it, ecosystem="npm"),
        advisory("django", all_of_it, withdrawn="2026-01-01T00:00:00Z"), {"id": "GHSA-2"},
    ]  # fmt: skip
    assert holes({"django": "5.2.19"}, told) == []
    by_name = advisory("django")
    by_name["affected"][0] |= {"ranges": [], "versions": ["5.2.19"]}
    assert len(holes({"django": "5.2.19"}, [by_name])) == 1


def test_the_command_fails_with_the_names_and_passes_what_was_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock, packed = tmp_path / "r.lock", tmp_path / "all.zip"
    lock.write_text(LOCK)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("GHSA-1.json", json.dumps(advisory("Pillow", {"introduced": "12"}, {"fixed": "13.1"})))
        archive.writestr("GHSA-3.json", json.dumps({**advisory("django", {"introduced": "6"}), "id": "GHSA-3"}))
    with pytest.raises(CommandError, match="known holes: 1, in pillow"):
        call_command("advisories", str(packed), f"--lock={lock}")
    assert "pillow 13.0.0: GHSA-1 A hole; without it: 13.1" in capsys.readouterr().out
    call_command("advisories", str(packed), f"--lock={lock}", "--accept=GHSA-1")
    assert "2 packages, 2 advisories" in capsys.readouterr().out
    (tmp_path / "folder").mkdir()
    for nothing in (tmp_path / "folder", tmp_path / "missing.zip", lock):
        with pytest.raises(CommandError, match="advisories"):
            call_command("advisories", str(nothing), f"--lock={lock}")

"""The demo's processes, as data."""

from __future__ import annotations

import pytest

from distportal.management.demo_programs import programs


def sites() -> set[str]:
    return {program.env["PUBLIC_URL"] for program in programs(on_first_page=lambda: None) if "ERP_URL" in program.env}


def test_links_in_its_mails_lead_to_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    monkeypatch.delenv("PORT", raising=False)
    assert sites() == {"http://localhost:8000"}
    monkeypatch.setenv("PORT", "8165")
    assert sites() == {"http://localhost:8165"}
    monkeypatch.setenv("PUBLIC_URL", "http://demo.example")
    assert sites() == {"http://demo.example"}

"""Passwords that are known are not taken, also where they were made longer, and without asking anybody."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from distportal.accounts.leaked_passwords import LeakedPasswordValidator
from distportal.web.checks import leaked_passwords

TAKEN = (
    "demo-portal-2026",
    "allsmalllettersonly",
    "correct horse battery",
    "7-geese-over-Reno",
    "x" + "7f3q9w" * 3 + "k",
)


def codes(password: str) -> list[str]:
    try:
        LeakedPasswordValidator().validate(password)
    except ValidationError as error:
        return [str(one.code) for one in error.error_list]
    return []


def test_every_common_one_is_refused_as_it_is_and_made_longer() -> None:
    known = sorted(CommonPasswordValidator().passwords)
    assert len(known) > 19_000
    checker = LeakedPasswordValidator()
    taken = []
    for word in known[:: len(known) // 3000]:  # three thousand of them, from everywhere in the list
        longer = (f"{word}2026!", f"#1{word}") if word[0].isalpha() and word[-1].isalpha() else ()
        for said in (word, word.upper(), *longer):
            try:
                checker.validate(said)
                taken.append(said)
            except ValidationError:
                pass
    assert taken == []


@pytest.mark.parametrize(
    "password",
    [
        "P@ssw0rd2026!",
        "PasswordPassword",
        "password-password",
        "!!!Football1998",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "123456abc123456",
    ],
)
def test_what_is_common_but_for_what_was_added_is_refused(password: str) -> None:
    assert codes(password) == ["password_too_common"]


def test_what_is_nobody_elses_is_taken() -> None:
    assert [codes(word) for word in TAKEN] == [[]] * len(TAKEN)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_sites_own_list_is_looked_up_whole(tmp_path: Path, settings: Any, ending: str) -> None:
    leaked = [f"leaked {at} password" for at in range(60)]
    hashes = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in leaked)  # noqa: S324  as the lists have it
    lines = [f"{one}:{at * 977}" for at, one in enumerate(hashes)]
    for kept in (lines, hashes, lines[:1]):
        file = tmp_path / "leaked.txt"
        file.write_bytes("".join(f"{line}{ending}" for line in kept).encode())
        settings.LEAKED_PASSWORDS = str(file)
        there = {line[:40] for line in kept}
        for word in leaked:
            listed = hashlib.sha1(word.encode()).hexdigest().upper() in there  # noqa: S324
            assert codes(word) == (["password_leaked"] if listed else []), word
        assert [codes(word) for word in TAKEN] == [[]] * len(TAKEN)


def test_where_the_list_cannot_be_read_nothing_is_taken_and_the_check_says_so(tmp_path: Path, settings: Any) -> None:
    assert leaked_passwords() == []
    settings.LEAKED_PASSWORDS = str(tmp_path / "gone.txt")
    assert codes(TAKEN[0]) == ["password_not_checked"]
    [error] = leaked_passwords()
    assert (error.id, "gone.txt" in error.msg) == ("distportal.E001", True)
    empty = tmp_path / "empty.txt"
    empty.touch()
    settings.LEAKED_PASSWORDS = str(empty)
    assert (codes(TAKEN[0]), leaked_passwords()) == ([], [])


def test_the_site_asks_it_of_every_new_password() -> None:
    with pytest.raises(ValidationError, match="too common"):
        validate_password("Password-2026!")

"""Our marks in an ERP's free text survive what people write around them, and nothing else is taken for one."""

from __future__ import annotations

from distportal.systems.erp.marks import credit_mark, credited_in, hash_in, marked


def test_what_is_marked_is_read_back() -> None:
    text = marked("ring the bell", content_hash="abc123", credits_invoice="INV2026-7")
    assert text.startswith("ring the bell\n")
    assert (hash_in(text), credited_in(text)) == ("abc123", "INV2026-7")
    assert credit_mark("INV2026-7") in text
    assert hash_in(f"called, will pick up\n{text}\nthanks") == "abc123"


def test_no_mark_is_no_hash() -> None:
    for text in ("", None, "[portal ]", "portal abc123", marked("x", content_hash="abc").replace("[", "(")):
        assert hash_in(text) == ""
    assert credited_in(marked("", content_hash="abc")) == ""

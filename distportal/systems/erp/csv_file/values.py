"""Texts of a layout as values, and values as texts of a layout."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from distportal.canonical.base import plain
from distportal.systems.erp.csv_file.fields import FIELDS
from distportal.systems.erp.csv_file.layouts import Layout
from distportal.systems.erp.files.numbers import number

_YES = frozenset({"1", "x", "y", "yes", "true", "j", "t"})
_NO_DATE = frozenset({"00000000", "0000-00-00", "0", ""})


def value(layout: Layout, field: str, text: str) -> Any:
    """The typed value; None where the text is blank. Raises ValueError with the reason."""
    kind = FIELDS[layout.kind][field]
    if kind == "flag":
        return text.casefold() in _YES
    if kind == "list":
        return [part.strip() for part in text.split("|") if part.strip()]
    if kind == "text":
        return text
    if not text or (kind in ("date", "time") and text in _NO_DATE):
        return None
    try:
        return _typed(layout, kind, text)
    except ValueError as error:
        raise ValueError(f"{field} is {text!r}, which is no {kind} of this layout") from error


def _typed(layout: Layout, kind: str, text: str) -> Any:
    if kind == "date":
        return layout.day(text)
    if kind == "time":
        return layout.moment(text)
    read = _number(layout, text)
    if kind == "count":
        if read != read.to_integral_value():
            raise ValueError("not a whole number")
        return int(read)
    return read


def _number(layout: Layout, text: str) -> Decimal:
    digits = (text.replace(layout.thousands, "") if layout.thousands else text).replace(" ", "")
    if layout.decimal != "." and "." in digits:
        raise ValueError("a point where the decimal mark is another")
    read = number(digits.replace(layout.decimal, "."))
    return read.scaleb(-layout.places) if layout.places and layout.decimal not in digits else read


def text(layout: Layout, field: str, given: Any) -> str:
    """The text of a value in the layout's form."""
    if given is None or given == "":
        return ""
    if FIELDS[layout.kind][field] == "date":
        return str(given.strftime(layout.date))
    if FIELDS[layout.kind][field] == "time":
        zone = dt.timezone(dt.timedelta(hours=layout.offset_hours))
        return str(given.astimezone(zone).strftime(layout.time or layout.date))
    if isinstance(given, Decimal):
        if layout.places:
            return plain(given.scaleb(layout.places).to_integral_value())
        return plain(given).replace(".", layout.decimal)
    return str(given)

"""A declared layout: how the bytes of a kind of file become rows of fields. Read strictly when the row is written."""

from __future__ import annotations

import codecs
import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from distportal.systems.erp.csv_file.fields import FIELDS, NEEDED
from distportal.systems.errors import Misconfigured

_QUOTING = ("minimal", "all", "none")
_TYPES: dict[str, type | tuple[type, ...]] = {"bool": bool, "int": int, "str": str}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: by `name` in the heading, by `position` (1-based), or by `start` (1-based) and `width`.

    `values` translates what the ERP writes into what we mean; `constant` is written, or read where the field is blank.
    """

    field: str = ""
    name: str = ""
    position: int = 0
    start: int = 0
    width: int = 0
    constant: str = ""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    align: Literal["left", "right"] = "left"
    fill: str = " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One kind of file. `files` is a glob of the names that come in; `full` says a file holds the whole truth."""

    kind: str
    columns: tuple[Column, ...]
    files: str = ""
    format: Literal["delimited", "fixed"] = "delimited"
    separator: str = ","
    quote: str = '"'
    quoting: Literal["minimal", "all", "none"] = "minimal"
    header: bool = True
    skip_lines: int = 0
    encoding: str = "utf-8"
    newline: str = "\r\n"
    decimal: str = "."
    thousands: str = ""
    places: int = 0  # implied decimal places of numbers without a decimal mark
    date: str = "%Y-%m-%d"
    time: str = ""  # of fields with a time; empty: the date form, at noon UTC
    offset_hours: float = 0.0
    full: bool = False

    def moment(self, text: str) -> dt.datetime:
        """A time with its offset."""
        if not self.time:
            return dt.datetime.strptime(text, self.date).replace(hour=12, tzinfo=dt.UTC)
        zone = dt.timezone(dt.timedelta(hours=self.offset_hours))
        return dt.datetime.strptime(text, self.time).replace(tzinfo=zone)

    def day(self, text: str) -> dt.date:
        """A date."""
        return dt.datetime.strptime(text, self.date).replace(tzinfo=dt.UTC).date()


def read_layouts(declared: Mapping[str, Any]) -> dict[str, Layout]:
    """The layouts by kind. Raises Misconfigured naming the place of a slip."""
    layouts = {kind: _layout(kind, values) for kind, values in declared.items()}
    if "order" not in layouts:
        raise _wrong("layouts", "there is no layout of the kind order, so nothing could be written")
    return layouts


def _layout(kind: str, values: Any) -> Layout:
    if kind not in FIELDS:
        raise _wrong(kind, f"there is no such kind of file; there are {', '.join(FIELDS)}")
    place = f"layouts.{kind}"
    plain = _strict(Layout, {**_mapping(place, values), "kind": kind}, place)
    columns = [
        _column(kind, f"{place}.columns[{n}]", c) for n, c in enumerate(_list(place, plain.pop("columns", None)))
    ]
    layout = Layout(**plain, columns=tuple(columns))
    _check(layout, place)
    return layout


def _column(kind: str, place: str, values: Any) -> Column:
    column = Column(**_strict(Column, _mapping(place, values), place))
    if column.field and column.field not in FIELDS[kind]:
        raise _wrong(place, f"{kind} files have no field {column.field}; there are {', '.join(FIELDS[kind])}")
    if not column.field and kind != "order":
        raise _wrong(place, "a column that is read has a field")
    if len(column.fill) != 1:
        raise _wrong(place, "fill is one character")
    return column


def _check(layout: Layout, place: str) -> None:
    fields = [column.field for column in layout.columns if column.field]
    if missing := NEEDED[layout.kind] - set(fields):
        raise _wrong(place, f"no column for {', '.join(sorted(missing))}")
    if double := {name for name in fields if fields.count(name) > 1} and layout.kind != "order":
        raise _wrong(place, f"two columns hold the same field ({double})")
    for n, column in enumerate(layout.columns):
        where = f"{place}.columns[{n}]"
        if layout.format == "fixed" and (column.start < 1 or column.width < 1):
            raise _wrong(where, "a fixed file's column has a start from 1 on and a width")
        if layout.format == "delimited" and layout.kind != "order":
            if layout.header and not (column.name or column.position or column.constant):
                raise _wrong(where, "a column is found by its name in the heading or its position from 1 on")
            if not layout.header and not (column.position or column.constant):
                raise _wrong(where, "without a heading a column has a position from 1 on")
    if layout.kind != "order" and not layout.files:
        raise _wrong(place, 'files says which names are of this kind, such as "STOCK*.CSV"')
    if layout.full and layout.kind != "price":
        raise _wrong(place, "full is for price files: what they do not name any more is gone")
    _check_form(layout, place)


def _check_form(layout: Layout, place: str) -> None:
    if layout.format not in ("delimited", "fixed") or layout.quoting not in _QUOTING:
        raise _wrong(place, f"format is delimited or fixed, quoting one of {', '.join(_QUOTING)}")
    if len(layout.separator) != 1 or len(layout.quote) != 1 or len(layout.decimal) != 1:
        raise _wrong(place, "separator, quote and decimal are one character each")
    try:
        codecs.lookup(layout.encoding)
        layout.day(dt.date(2026, 11, 25).strftime(layout.date))
    except (LookupError, ValueError) as error:
        raise _wrong(place, str(error)) from error


def _strict(cls: type, values: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The values, each of a known name and its type."""
    known = {f.name: f for f in dataclasses.fields(cls)}
    if unknown := sorted(values.keys() - known.keys()):
        raise _wrong(place, f"there is no setting {', '.join(unknown)}")
    for name, value in values.items():
        wanted = _TYPES.get(str(known[name].type))
        if str(known[name].type) == "float":
            wanted = (int, float)
        if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool)):
            raise _wrong(place, f"{name} has to be of the type {known[name].type}")
    return dict(values)


def _mapping(place: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(place, "an object is wanted here")
    return value


def _list(place: str, value: Any) -> list[Any]:
    if not isinstance(value, (list, tuple)) or not value:
        raise _wrong(place, "columns is a list with something in it")
    return list(value)


def _wrong(place: str, why: str) -> Misconfigured:
    return Misconfigured("erp.connection_invalid", f"{place}: {why}")

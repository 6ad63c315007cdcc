"""What stands in a prepared query where values come, and the parameters that it is filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

A_KEY: Final = UUID("00000000-0000-4000-8000-00000000face")
ANOTHER_KEY: Final = UUID("00000000-0000-4000-8000-00000000bead")
SOME_KEYS: Final = [A_KEY]
SOME_IDS: Final = [-80706050403]
A_DAY: Final = dt.date(1, 2, 3)
ANOTHER_DAY: Final = dt.date(3, 2, 1)
A_MOMENT: Final = dt.datetime(1, 2, 3, tzinfo=dt.UTC)
A_CODE, *SOME_TEXTS = map(chr, range(0xE000, 0xE007))
A_TEXT: Final = SOME_TEXTS[0]
MORE_TEXTS: Final = [chr(0xE010)]


class Places:
    """A statement's parameters, of which some are marks, stand alone in a list, or are text around one.

    Raises ValueError where a mark is none of them.
    """

    def __init__(self, params: Sequence[Any], marks: Sequence[Any]) -> None:
        self._params = list(params)
        found = [(at, which, _way(one, mark)) for at, one in enumerate(params) for which, mark in enumerate(marks)]
        self._places = [(at, which, way) for at, which, way in found if way is not None]
        if {which for _, which, _ in self._places} != set(range(len(marks))):
            raise ValueError("The query does not ask for the id that it was given, or for another value.")

    def filled(self, values: Sequence[Any]) -> list[Any]:
        """The parameters with a value for each mark."""
        params = self._params.copy()
        for at, which, way in self._places:
            params[at] = way(values[which])
        return params


def _way(param: Any, mark: Any) -> Callable[[Any], Any] | None:
    """How a value of the mark comes to be the parameter; None where it does not."""
    if param == mark:
        return _itself
    if param == [mark]:
        return _alone
    if isinstance(param, str) and isinstance(mark, str) and mark in param:
        before, _, after = param.partition(mark)
        return partial(_within, before, after)
    return None


def _itself(value: Any) -> Any:
    return value


def _alone(value: Any) -> list[Any]:
    return [value]


def _within(before: str, after: str, value: str) -> str:
    """Inside a pattern of LIKE, where some signs would stand for others."""
    plain = value.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"{before}{plain}{after}"

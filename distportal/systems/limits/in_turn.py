"""What a call needs of the limits, asked in one go: three scripts one by one are thrice the work for both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from distportal.common.redis_client import cache_absence
from distportal.systems.limits.shared import shared_or


def _nothing() -> None:
    """Most steps leave nothing behind where Redis carries them out late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question to the limits. `script` is Lua that reads its own KEYS and ARGV; what it answers ends the turn where
    it is more than nothing. `here` answers alike while Redis is away, and `unanswered` is run before it where Redis was
    asked: it may still do it.
    """

    script: str
    keys: tuple[str, ...]
    args: tuple[Any, ...] = ()
    here: Callable[[], float]
    unanswered: Callable[[], None] = _nothing


def in_turn(*steps: Step) -> list[float]:
    """What the steps answered, up to the first that answered more than nothing: by one script, or all of them here."""
    asked = not cache_absence.lasts

    def here() -> list[float]:
        for step in steps if asked else ():
            step.unanswered()
        return _here(steps)

    return shared_or(
        here,
        _script(tuple((step.script, len(step.keys), len(step.args)) for step in steps)),
        [key for step in steps for key in step.keys],
        [arg for step in steps for arg in step.args],
        lambda answers: [float(answer) for answer in answers],
    )


def _here(steps: Sequence[Step]) -> list[float]:
    answers: list[float] = []
    for step in steps:
        answers.append(step.here())
        if answers[-1] > 0:
            break
    return answers


@lru_cache(maxsize=64)
def _script(shape: tuple[tuple[str, int, int], ...]) -> str:
    """Each step as a function whose KEYS and ARGV are its own."""
    parts, key, arg = ["local answers = {}"], 1, 1
    for script, keys, args in shape:
        mine = f"{{unpack(KEYS, {key}, {key + keys - 1})}}, {{unpack(ARGV, {arg}, {arg + args - 1})}}"
        parts.append(
            f"do local function step(KEYS, ARGV) {script} end\n"
            f"local answer = step({mine}); table.insert(answers, tostring(answer))\n"
            f"if tonumber(answer) > 0 then return answers end end"
        )
        key, arg = key + keys, arg + args
    return "\n".join([*parts, "return answers"])

"""The entries in Redis: one round trip a page, the newer answer wins, and news make void what is older.

All of it may be gone at any moment, each key by itself: an entry whose tags are gone counts as void, because news may
have been missed. Ages are by Redis' clock and differ a little from entry to entry, so that what was
asked for together is not asked for again together.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, cast

import structlog
from redis.exceptions import RedisError

from distportal.common.redis_client import cache_absence, cache_redis
from distportal.systems.cache.answers import Answer, CachedRead

log = structlog.get_logger(__name__)

CLAIM_SECONDS = 15.0
"""Longer than a worker waits for an answer: a claim of a worker that died ends by itself."""
JITTER = 0.1
_AT_ONCE = 500
State = Literal["fresh", "stale", "void", "missing"]
_missed: set[str] = set()
"""The reads of which this process could not tell news."""

# KEYS: counters, then for each key its entry, its claim and its tags. ARGV: keys, tags of each, claim ms (0: no claim),
# ms that tags last. A claim makes the tags, so that news are noted that come while the other system is asked.
_READ = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local tags, claim, at, found = tonumber(ARGV[2]), tonumber(ARGV[3]), 2, {}
for i = 1, tonumber(ARGV[1]) do
  local had = redis.call('HMGET', KEYS[at], 'value', 'as_of', 'checked', 'soft')
  local state = 'missing'
  if had[1] then
    state = tonumber(had[4]) > now and 'fresh' or 'stale'
    for tag = 1, tags do
      local news = redis.call('GET', KEYS[at + 1 + tag])
      if not news or tonumber(news) > tonumber(had[2]) then state = 'void' end
    end
  end
  local asking = ''
  if state ~= 'fresh' then
    if claim > 0 and redis.call('SET', KEYS[at + 1], 'now', 'NX', 'PX', claim) then
      asking = 'mine'
      for tag = 1, tags do redis.call('SET', KEYS[at + 1 + tag], '0', 'NX', 'PX', ARGV[4]) end
    else asking = redis.call('GET', KEYS[at + 1]) or '' end
  end
  redis.call('HINCRBY', KEYS[1], state, 1)
  if state == 'fresh' and had[1] == 'null' then redis.call('HINCRBY', KEYS[1], 'unknown', 1) end
  found[i] = {state, had[1] or '', had[2] or '', had[3] or '', asking}
  at = at + 2 + tags
end
redis.call('HINCRBY', KEYS[1], 'lookups', 1)
return found
"""
# KEYS: for each key its entry, its claim and its tags. ARGV: keys, tags of each, then for each key its value, as_of,
# checked, soft ms, hard ms, ms that tags last.
_PUT = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local tags, at, arg, kept = tonumber(ARGV[2]), 1, 3, 0
for i = 1, tonumber(ARGV[1]) do
  local had, news = redis.call('HGET', KEYS[at], 'as_of') or '0', 0
  for tag = 1, tags do
    news = math.max(news, tonumber(redis.call('GET', KEYS[at + 1 + tag])) or math.huge)
    redis.call('PEXPIRE', KEYS[at + 1 + tag], ARGV[arg + 5])
  end
  -- that something is unknown has no moment of its own: it takes the place of what was known
  local as_of = ARGV[arg] == 'null' and had or ARGV[arg + 1]
  if tonumber(as_of) >= math.max(tonumber(had), news) then
    redis.call('HSET', KEYS[at], 'value', ARGV[arg], 'as_of', as_of, 'checked', ARGV[arg + 2],
               'soft', string.format('%.0f', now + tonumber(ARGV[arg + 3])))
    redis.call('PEXPIRE', KEYS[at], ARGV[arg + 4])
    redis.call('DEL', KEYS[at + 1])
    kept = kept + 1
  end
  at, arg = at + 2 + tags, arg + 6
end
return kept
"""
# KEYS: tags. ARGV: the as_of of each. Of what nobody looks at there is no tag.
_MARK = """
for i = 1, #KEYS do
  local had = tonumber(redis.call('GET', KEYS[i]))
  if had and had < tonumber(ARGV[i]) then redis.call('SET', KEYS[i], ARGV[i], 'KEEPTTL') end
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What Redis has of a key; `asking` is `mine` for who has to see to it that the other system is asked."""

    state: State
    answer: Answer | None
    asking: Literal["", "mine", "now", "resting"]


def read_entries(read: CachedRead, keys: Sequence[str], *, connection: str, claim: bool) -> dict[str, Entry] | None:
    """The entry of each key, None while Redis is away. With `claim` of all who ask at once, in whatever process, one
    gets `mine` for each key that is not fresh.
    """
    tags = [_tag_keys(read, connection, key) for key in keys]
    names = [_counters(read)]
    for key, of_key in zip(keys, tags, strict=True):
        names += [_entry_key(read, connection, key), _claim_key(read, connection, key), *of_key]
    wait = int(CLAIM_SECONDS * 1000) if claim else 0
    rows = _asked(_READ, names, [len(keys), len(tags[0]), wait, _tags_last(read)])
    if rows is None:
        return None
    return {key: _entry(row) for key, row in zip(keys, rows, strict=True)}


def put_answers(read: CachedRead, answers: Mapping[str, Answer], *, connection: str) -> int:
    """How many answers are kept: an older one never overwrites a newer, nor comes in behind news. The claim on a key
    ends with an answer that is kept, else by itself.
    """
    kept, rest = 0, iter(answers.items())
    while part := list(islice(rest, _AT_ONCE)):
        names: list[str] = []
        values: list[Any] = []
        tags: list[str] = []
        for key, answer in part:
            tags = _tag_keys(read, connection, key)
            names += [_entry_key(read, connection, key), _claim_key(read, connection, key), *tags]
            soft = read.ages.unknown if answer.value is None else read.ages.soft
            hard = read.ages.unknown if answer.value is None else read.ages.hard
            values += [json.dumps(answer.value), stamp(answer.as_of), answer.checked_at.isoformat()]
            values += [_about(soft), _about(hard), _tags_last(read)]
        kept += int(_asked(_PUT, names, [len(part), len(tags), *values]) or 0)
    return kept


def mark_news(read: CachedRead, news: Mapping[str, dt.datetime], *, connection: str) -> None:
    """What was answered of these tags before these moments is void: something newer is known elsewhere. News that came
    while Redis did not answer are made up for at the next ones, also if those are none: all of the read is void then.
    """
    if read.name in _missed and not _drop_all(read):
        return
    rest = iter(news.items())
    while part := list(islice(rest, _AT_ONCE)):
        names = [_tag_key(read, connection, tag) for tag, _ in part]
        if _asked(_MARK, names, [stamp(at) for _, at in part]) is None:
            _missed.add(read.name)
            return


def _drop_all(read: CachedRead) -> bool:
    """Whether no entry of the read is left."""
    if cache_absence.lasts:
        return False
    try:
        for key in cache_redis().scan_iter(match=f"cache:{read.name}:*:entry:*", count=500):
            cache_redis().delete(key)
    except RedisError:
        cache_absence.note()
        return False
    _missed.discard(read.name)
    return True


def rest_claims(read: CachedRead, keys: Collection[str], *, connection: str, seconds: float) -> None:
    """The other system did not answer: nobody asks for these keys again for about so long."""
    with _pipeline() as pipe:
        for key in keys:
            pipe.set(_claim_key(read, connection, key), "resting", px=_about(seconds))
        _run(pipe)


def count(read: CachedRead, **more: int) -> None:
    """Add to the counters of the read."""
    with _pipeline() as pipe:
        for name, number in more.items():
            pipe.hincrby(_counters(read), name, number)
        _run(pipe)


def counts(name: str) -> dict[str, int] | None:
    """The counters of a read since Redis began, None while it is away."""
    if cache_absence.lasts:
        return None
    try:
        return {str(what): int(number) for what, number in cache_redis().hgetall(f"cache:counts:{name}").items()}
    except RedisError:
        cache_absence.note()
        return None


def stamp(at: dt.datetime) -> int:
    """Microseconds since 1970, which Lua's numbers hold exactly."""
    return round(at.timestamp() * 1_000_000)


def _entry(row: Sequence[str]) -> Entry:
    state, value, as_of, checked, asking = row
    answer = None
    if state != "missing":
        answer = Answer(
            value=json.loads(value),
            as_of=dt.datetime.fromtimestamp(int(as_of) / 1_000_000, dt.UTC),
            checked_at=dt.datetime.fromisoformat(checked),
        )
    return Entry(cast(State, state), answer, cast(Any, asking))


def _asked(script: str, names: list[str], values: list[Any]) -> Any:
    """The script's answer, None while Redis is away."""
    if cache_absence.lasts:
        return None
    try:
        return cache_redis().eval(script, len(names), *names, *values)
    except RedisError as error:
        cache_absence.note()
        log.warning("cache.away", error=str(error))
        return None


def _pipeline() -> Any:
    return cache_redis().pipeline(transaction=False)


def _run(pipe: Any) -> None:
    if cache_absence.lasts:
        return
    try:
        pipe.execute()
    except RedisError as error:
        cache_absence.note()
        log.warning("cache.away", error=str(error))


def _about(seconds: float) -> int:
    """Milliseconds, a tenth more or less."""
    return max(1, int(seconds * 1000 * random.uniform(1 - JITTER, 1 + JITTER)))  # noqa: S311 - keeps keys apart


def _tags_last(read: CachedRead) -> int:
    """Milliseconds: longer than any entry."""
    return int(read.ages.hard * 2000)


def _counters(read: CachedRead) -> str:
    return f"cache:counts:{read.name}"


def _entry_key(read: CachedRead, connection: str, key: str) -> str:
    return f"cache:{read.name}:{connection}:entry:{key}"


def _claim_key(read: CachedRead, connection: str, key: str) -> str:
    return f"cache:{read.name}:{connection}:claim:{key}"


def _tag_key(read: CachedRead, connection: str, tag: str) -> str:
    return f"cache:{read.name}:{connection}:news:{tag}"


def _tag_keys(read: CachedRead, connection: str, key: str) -> list[str]:
    return [_tag_key(read, connection, tag) for tag in read.tags(key)]

"""Why nobody answered, in words for people; what the operating system calls it stands behind."""

from __future__ import annotations

import re

_LIBRARIES = ("httpx", "httpcore", "paramiko", "redis", "psycopg")
_NUMBER = re.compile(r"^\[(?:Errno|SSL:)[^\]]*\]\s*")
_WORDS = (
    ("refused", "nobody listens there"),
    ("name or service not known", "its name is not known"),
    ("name resolution", "its name cannot be looked up"),
    ("no route to host", "no way leads there"),
    ("network is unreachable", "no way leads there"),
    ("reset by peer", "it broke off"),
    ("timed out", "no answer in time"),
    ("certificate", "its certificate is not trusted"),
)


def network_words(error: BaseException) -> str:
    """`nobody listens there (Connection refused)`; what has no words here is told as it came, without its number. Only
    errors of the network are read so: an order, too, is refused by somebody.
    """
    if not isinstance(error, OSError) and type(error).__module__.partition(".")[0] not in _LIBRARIES:
        return str(error) or type(error).__name__
    bare = _NUMBER.sub("", str(error)) or ("timed out" if isinstance(error, TimeoutError) else type(error).__name__)
    told = next((words for part, words in _WORDS if part in bare.lower()), "")
    return f"{told} ({bare})" if told else bare

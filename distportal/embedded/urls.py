"""Reads a PostgreSQL URL without Django, unix sockets included."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit


def database_from_url(url: str) -> dict[str, str]:
    """NAME, USER, PASSWORD, HOST and PORT for Django; `?host=/run/pg` names a socket folder. Raises ValueError.

    Other query parameters are refused rather than dropped, so that nobody believes in an `sslmode` that is not there;
    libpq reads those from PGSSLMODE and its like.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {parts.scheme}://")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ValueError("DATABASE_URL names no database: postgresql://user:password@host:5432/DATABASE")
    if unknown := sorted(query.keys() - {"host", "port", "user", "password"}):
        raise ValueError(f"DATABASE_URL may not carry {', '.join(unknown)}; use libpq's environment, such as PGSSLMODE")
    return {
        "NAME": name,
        "USER": unquote(parts.username or "") or query.get("user", ""),
        "PASSWORD": unquote(parts.password or "") or query.get("password", ""),
        "HOST": query.get("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
    }

"""Reads the environment; errors name the variable and what would work."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def flag(name: str, default: bool = False) -> bool:
    """Read a yes/no variable. Raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; use 1 or 0.")


def words(name: str, default: list[str]) -> list[str]:
    """Read a list separated by commas or white space; unset or empty gives the default."""
    found = os.environ.get(name, "").replace(",", " ").split()
    return found or default


def number(name: str, default: int) -> int:
    """Read a whole number of at least 0. Raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} is {value!r}; use a whole number such as {default}.")
    return int(value)


def database(url: str) -> dict[str, Any]:
    """Turn a DATABASE_URL into Django's settings for one database.

    Understands what libpq does: postgresql://user:password@host:port/name?sslmode=require, and
    a socket folder as ?host=/folder. Raises ImproperlyConfigured when it is not such an address.
    The message never repeats the address, which may hold a password.
    """
    example = "DATABASE_URL must look like postgresql://user:password@host:5432/name"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{example} ({error}).") from error
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"{example}, but it begins with {parts.scheme or 'no scheme'!r}. "
            "Truceline runs on PostgreSQL only."
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/")) or options.pop("dbname", "")
    if not name:
        raise ImproperlyConfigured(f"{example}; the name of the database is missing.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": options.pop("user", "") or unquote(parts.username or ""),
        "PASSWORD": options.pop("password", "") or unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(port or ""),
        "OPTIONS": options,
    }


def secret_key(folder: Path) -> str:
    """Give SECRET_KEY, or the key kept in a private file of `folder`, made on first use.

    Several processes may start at once: the file is linked into place whole, and the first wins.
    """
    given = os.environ.get("SECRET_KEY", "")
    if given:
        return given
    file = folder / "secret_key"
    try:
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            draft = folder / f"secret_key.{os.getpid()}"
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_urlsafe(64))
            try:
                os.link(draft, file)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = file.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"SECRET_KEY is not set and {file} cannot be read or made ({error.strerror}). "
            "Set SECRET_KEY to a long random text, or TRUCELINE_DATA to a folder of your own."
        ) from error
    if len(key) < 50:
        raise ImproperlyConfigured(
            f"{file} holds no key of 50 characters or more. Delete it and a new one is made."
        )
    return key

"""Settings from the environment: what is read, and what is said when it cannot be."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tracker import environment, places


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ann:p%40ss@db.example:6543/talks?sslmode=require",
            ("talks", "ann", "p@ss", "db.example", "6543", {"sslmode": "require"}),
        ),
        ("postgres://db.example/talks", ("talks", "", "", "db.example", "", {})),
        (
            "postgresql://ann@/talks?host=%2Frun%2Fa%20socket",
            ("talks", "ann", "", "/run/a socket", "", {}),
        ),
        ("postgresql://[::1]:5433/talks", ("talks", "", "", "::1", "5433", {})),
    ],
)
def test_database_url(url: str, expected: tuple[object, ...]) -> None:
    found = environment.database(url)
    assert found.pop("ENGINE") == "django.db.backends.postgresql"
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    assert tuple(found[name] for name in names) == expected


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://a:secret@b/c", "begins with 'mysql'. Truceline runs on PostgreSQL only."),
        ("truceline", "begins with 'no scheme'"),
        ("postgresql://a:secret@b", "the name of the database is missing"),
        ("postgresql://a:secret@b:port/c", "DATABASE_URL must look like"),
    ],
)
def test_database_url_refused(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        environment.database(url)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


def test_flag_and_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A", "Yes")
    monkeypatch.setenv("B", "0")
    monkeypatch.setenv("C", "perhaps")
    monkeypatch.setenv("D", "12")
    assert (environment.flag("A"), environment.flag("B"), environment.flag("X", True)) == (
        True,
        False,
        True,
    )
    assert (environment.number("D", 1), environment.number("X", 1)) == (12, 1)
    with pytest.raises(ImproperlyConfigured, match="C is 'perhaps'; use 1 or 0"):
        environment.flag("C")
    with pytest.raises(ImproperlyConfigured, match="use a whole number such as 5"):
        environment.number("C", 5)


def test_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A", " a.example, b.example c.example,")
    monkeypatch.setenv("B", " ")
    assert environment.words("A", []) == ["a.example", "b.example", "c.example"]
    assert environment.words("B", ["x"]) == ["x"]


def test_secret_key_is_made_once_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    folder = tmp_path / "new"
    key = environment.secret_key(folder)
    assert len(key) >= 80
    assert environment.secret_key(folder) == key
    assert [(path.name, stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()] == [
        ("secret_key", 0o600)
    ]
    monkeypatch.setenv("SECRET_KEY", "given")
    assert environment.secret_key(folder) == "given"


def test_secret_key_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY to a long random text"):
        environment.secret_key(tmp_path / "file")
    (tmp_path / "secret_key").write_text("short")
    with pytest.raises(ImproperlyConfigured, match="Delete it and a new one is made"):
        environment.secret_key(tmp_path)


def test_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUCELINE_DATA", "/data/x")
    assert places.home() == Path("/data/x")
    monkeypatch.delenv("TRUCELINE_DATA")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert places.home(Path("/a b")) == Path("/a b/var")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    first, second = places.home(Path("/a")), places.home(Path("/b"))
    assert first != second
    assert first.parent == second.parent == Path("/var/lib/truceline")

"""Migrations; the SQL they run stands beside them in sql/."""

from pathlib import Path

from django.db.migrations import RunSQL


def run_sql(*names: str) -> list[RunSQL]:
    """One operation per file of sql/, in the given order."""
    folder = Path(__file__).parent / "sql"
    return [RunSQL((folder / f"{name}.sql").read_text("utf-8")) for name in names]

"""What the database's refusals mean to the person at the form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import CheckConstraint, UniqueConstraint

if TYPE_CHECKING:
    from django.db import IntegrityError

    from events.models import Record

_PLAIN = {
    "events_event_no_cycle": ("part_of", "An event cannot be part of itself."),
    "events_issue_no_cycle": ("parent", "An issue cannot be below itself."),
    "passage_exact": ("quote", "These words are not at this place of the text."),
}
"""Rules that only the database knows: field of the form, sentence."""


def refusal_of(problem: IntegrityError, model: type[Record]) -> tuple[str | None, str]:
    """The field and the sentence for a violated rule; (None, ...) when no one field is to blame."""
    diagnosis = getattr(problem.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name in _PLAIN:
        return _PLAIN[name]
    if name.startswith("within_"):
        column = re.sub(rf"^within_{model._meta.db_table}_|_id$", "", name)
        return column, "What this names is gone. Choose another."
    for constraint in model._meta.constraints:
        if constraint.name != name:
            continue
        if isinstance(constraint, UniqueConstraint):
            fields = [f for f in constraint.fields if f != "dossier"]
            field = fields[-1] if len(fields) == 1 else None
            message = str(constraint.violation_error_message)
            if "%(name)s" in message:
                message = f"Another {model._meta.verbose_name} has this {' and '.join(fields)}."
            return field, message
        if isinstance(constraint, CheckConstraint):
            return None, str(constraint.violation_error_message)
    return None, "The database refused this. Nothing has been written."

"""What the page of an issue shows around it: the tree, conflicts, wordings, a strip of time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from events.matrix import in_tree
from events.models import Conflict, ConflictMember, Evidence, Issue
from events.timeline.strip import strip

if TYPE_CHECKING:
    from events.roles import Viewer
    from events.timeline.strip import Mark, Strip

SHOWN = 100
"""Most narrower issues that the page of one lists."""

TREE = 2000
"""Issues that are looked through for those above and below one."""


@dataclass(slots=True)
class Wording:
    """A name of an issue, and who uses it: a passage by source, both as refs."""

    words: str
    used: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Timeline:
    """Statements on a strip, each with its mark, and what its ends say."""

    strip: Strip
    marks: list[tuple[Mark, Any]]
    first: str
    last: str


def conflicts_on(issue: Issue, viewer: Viewer) -> list[Conflict]:
    """Conflicts of what is said, offered or promised on it, the open ones first."""
    about = Q(position__issue=issue) | Q(proposal__issue=issue) | Q(commitment__issue=issue)
    named = ConflictMember.objects.visible_to(viewer).filter(about).order_by()
    rows = Conflict.objects.visible_to(viewer).filter(pk__in=named.values("conflict"))
    return list(rows.in_order().order_by("status_order", "-id")[:20])


def tree_around(issue: Issue, viewer: Viewer) -> list[Issue]:
    """The issues above it and below it, each with its `depth`; only itself where it has none."""
    rows = {row.pk: row for row in Issue.objects.visible_to(viewer)[:TREE]}
    above, at = [issue], issue
    while (at := rows.get(at.parent_id)) is not None:
        above.insert(0, at)
    below: list[Issue] = [issue]
    kept = {issue.pk}
    for row in in_tree(list(rows.values())):
        if row.parent_id in kept and len(below) < SHOWN:
            kept.add(row.pk)
            below.append(row)
    return in_tree([*above[:-1], *below])


def wordings_of(issue: Issue, positions: list[Any], viewer: Viewer) -> list[Wording]:
    """Its name and the other wordings, each with the sources that use it in what is quoted for
    `positions`. One query; none where there is one wording alone."""
    if not issue.variants:
        return []
    found = [Wording(words) for words in dict.fromkeys([issue.name, *issue.variants])]
    said = Evidence.objects.visible_to(viewer).filter(position__in=positions).order_by("id")
    columns = ("passage__exact", "passage__ref", "passage__source_text__source__ref")
    for exact, passage, source in said.values_list(*columns):
        folded = " ".join(exact.split())
        for wording in found:
            spelled = rf"(?<!\w){re.escape(wording.words)}(?!\w)"
            if source not in wording.used and re.search(spelled, folded, re.IGNORECASE):
                wording.used[source] = passage
    return found


def timeline_of(positions: list[Any], viewer: Viewer) -> Timeline | None:
    """A strip of the dated ones of `positions`, None where they are of one day."""
    dated = {
        p.pk: p
        for p in positions
        if p.shown_when and p.event is not None and p.event.earliest is not None
    }
    rows = list(dated.values())
    drawn = strip([row.event.earliest for row in rows], viewer.now)
    if drawn is None:
        return None
    marks = [(mark, rows[mark.place]) for mark in drawn.marks]
    first, last = marks[0][1], marks[-1][1]
    return Timeline(drawn, marks, first.shown_when, last.shown_when)

"""The slider by which one goes through time: where positions changed, and where one looks from."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count

from events import dates, stood
from events.dates.civil import days, from_days
from events.dates.labels import MONTHS
from events.models import Position, Proposal

if TYPE_CHECKING:
    from events.forms.as_of import AsOfForm
    from events.roles import Viewer

TICKS = 160
"""Most ticks; of more, those of neighbouring days are put together."""

LABELS = 5
BASE, LOWEST, HIGHEST = 22, 5, 17
"""Pixels: where ticks stand, how high one of a single change is, and one of the most."""

_FIRST_YEAR = 1
"""Before it nobody steps by days."""


@dataclass(slots=True)
class Tick:
    """A day, or days, on which something was stated or tabled. `x` is in percent, `top` in pixels;
    `url` leads to the page as of it."""

    x: str
    top: int
    count: int
    day: str
    label: str
    url: str = ""


@dataclass(slots=True)
class Slider:
    """`at` is the day looked from, counted from the first one, `last` the number of days;
    `earlier` and `later` are the instants to step to, "" for none; "now" for the present."""

    ticks: list[Tick] = field(default_factory=list)
    labels: list[tuple[str, str]] = field(default_factory=list)
    first: int = 0
    last: int = 0
    at: int = 0
    label: str = ""
    earlier: str = ""
    later: str = ""

    @property
    def x(self) -> str:
        """Where one looks from, in percent."""
        return _percent(self.at, self.last)


def slider(viewer: Viewer, form: AsOfForm) -> Slider:
    """The slider of the positions that `viewer` sees; one or two queries, on the present."""
    past = form.found
    with past.lifted() if past else nullcontext():
        changes = stood.kept(viewer, "changes", lambda: changes_of(viewer))
    found = Slider(label="Now")
    zone = viewer.dossier.time_zone
    # The day looked from counts whole, and ends at the instant.
    looking = None if past is None else _day(past.instant - 1, zone)
    if not changes:
        return found
    known = sorted(changes)
    found.first = known[0] - 1
    end = max(known[-1] + 1, looking if looking is not None else known[-1])
    # The last place is the present.
    found.last = end - found.first + 1
    found.at = found.last if looking is None else min(max(looking - found.first, 0), found.last)
    if past is not None:
        found.label = past.short
    found.ticks = _ticks(changes, found)
    found.labels = _labels(found)
    found.earlier, found.later = steps(known, looking)
    return found


def changes_of(viewer: Viewer) -> dict[int, int]:
    """How many positions were expressed, and proposals tabled, by day up to today."""
    today = _day(int(time.time()), viewer.dossier.time_zone)
    rows = stood.in_time(viewer).filter(day__isnull=False, day__lte=today).order_by()
    found: dict[int, int] = dict(rows.values_list("day").annotate(Count("pk")))
    tabled = Proposal.objects.visible_to(viewer).filter(tabled_in__earliest__isnull=False)
    if not viewer.is_member:
        tabled = tabled.filter(tabled_in__state=Position.State.PUBLISHED)
    for at in tabled.order_by().values_list("tabled_in__earliest", flat=True):
        day = _day(at, viewer.dossier.time_zone)
        if day <= today:
            found[day] = found.get(day, 0) + 1
    return {day: count for day, count in found.items() if from_days(day)[0] >= _FIRST_YEAR}


def steps(known: list[int], looking: int | None) -> tuple[str, str]:
    """The instants before the last change and after the next one, as an address says them: from
    the day `looking`, None for the present. Before the first change stands the day before it."""
    passed = [day for day in known if looking is None or day <= looking]
    ahead = [day for day in known if looking is not None and day > looking]
    earlier = ""
    if passed:
        earlier = name_of(passed[-2] if len(passed) > 1 else passed[0] - 1)
    if looking is None:
        return earlier, ""
    return earlier, name_of(ahead[0]) if ahead else "now"


def name_of(day: int) -> str:
    """A day since 1970 as EDTF."""
    year, month, of_month = from_days(day)
    return f"{year:04}-{month:02}-{of_month:02}"


def _day(seconds: int, zone: str) -> int:
    moment = dates.civil(seconds, zone)
    return days(moment.year, moment.month, moment.day)


def _ticks(changes: dict[int, int], of: Slider) -> list[Tick]:
    step = max(1, -(-of.last // TICKS)) if len(changes) > TICKS else 1
    counts: dict[int, int] = {}
    newest = max(changes)
    for day, count in changes.items():
        # A tick of several days stands at the last of them, so that pressing it shows all.
        place = min(-(-(day - of.first) // step) * step + of.first, newest)
        counts[place] = counts.get(place, 0) + count
    most = max(counts.values())
    found = []
    for day, count in sorted(counts.items()):
        height = LOWEST + round((HIGHEST - LOWEST) * (count / most) ** 0.5) if most > 1 else LOWEST
        words = f"{_words(day)}, {count} change{'' if count == 1 else 's'}"
        x = _percent(day - of.first, of.last)
        found.append(Tick(x, BASE - height, count, name_of(day), words))
    return found


def _labels(of: Slider) -> list[tuple[str, str]]:
    """A few days with their places, evenly."""
    step = max(1, -(-of.last // LABELS))
    return [(_percent(at, of.last), _words(of.first + at)) for at in range(0, of.last, step)]


def _words(day: int) -> str:
    year, month, of_month = from_days(day)
    return f"{of_month} {MONTHS[month - 1][:3]} {year}"


def _percent(at: int, last: int) -> str:
    return f"{100 * at / last:.2f}%" if last else "0%"

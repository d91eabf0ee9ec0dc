"""Looking at a dossier as of an earlier instant: what had happened by then, or what it said then.

The past is a schema of views that stands before the usual one for the length of a read-only
transaction (migrations/sql/as_of.sql). Whoever asks inside it, asks as always.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils.html import escape

from events import dates, history
from events.models import Change, Dossier, Event, Revision
from events.models.fields import timestamptz
from events.timeline import scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.http import HttpResponse

    from events.roles import Viewer

REVISION = re.compile(r"r(\d{1,15})", re.IGNORECASE)
_READING_ALL = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
_MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Clock(StrEnum):
    """Which time an instant is of: that of the events, or that of our recording."""

    HAPPENED = "happened"
    RECORDED = "recorded"


class NotThen(ValueError):
    """No such instant; the text says why and what would do."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """An instant and the clock it is of.

    `instant` is in seconds since 1970: what happened then or later is left out. Of the recording
    clock `number` is the last revision that counts, 0 for none. `text` is how an address says it,
    exactly and for ever; `label` how a page does.
    """

    clock: Clock
    instant: int
    text: str
    label: str
    number: int | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether it asks what the dossier said."""
        return self.clock is Clock.RECORDED

    @property
    def short(self) -> str:
        """The label where there is little room."""
        return f"revision {self.number}" if self.is_recorded else self.label

    @property
    def parameters(self) -> dict[str, str]:
        """What an address carries."""
        return {"as_of": self.text, "clock": self.clock.value}

    @contextmanager
    def entered(self, dossier: Dossier, *, public: bool) -> Iterator[None]:
        """Let every query on records read the past; nothing can be written meanwhile.

        `public` narrows what was recorded to what the public may still see. Other dossiers are
        not there.
        """
        settings = {"as_of_dossier": str(dossier.pk)}
        if self.is_recorded:
            settings |= {"as_of_number": str(self.number), "as_of_public": "on" if public else ""}
        else:
            settings["happened_by"] = timestamptz(self.instant)
        settings = {f"truceline.{name}": value for name, value in settings.items()}
        if self.is_recorded:
            # How many changes came later, the planner can only guess: it would rather read all.
            settings |= dict.fromkeys(_READING_ALL, "off")
        with transaction.atomic(), _views_have_no_keys():
            usual = _search_path()
            history.set_local(settings | {"search_path": f"truceline_{self.clock}, {usual}"})
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            yield
            # Within a larger transaction they would outlive this block.
            back = {name: None if name in _READING_ALL else "" for name in settings}
            history.set_local(back | {"search_path": usual})

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Inside `entered()`, let queries read the present again."""
        path = _search_path()
        history.set_local({"search_path": path.removeprefix(f"truceline_{self.clock}, ")})
        yield
        history.set_local({"search_path": path})


@contextmanager
def _views_have_no_keys() -> Iterator[None]:
    """Let queries that count by record group by all columns, since a view has no primary key."""
    features = connection.features
    features.allows_group_by_selected_pks = False
    try:
        yield
    finally:
        del features.allows_group_by_selected_pks


def _search_path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path')")
        return str(cursor.fetchone()[0])


# --- Reading an instant


def read(
    text: str,
    clock: Clock,
    dossier: Dossier,
    now: int,
    *,
    anchor: dt.date | None = None,
    known: Callable[[str], Sequence[dates.KnownEvent]] | None = None,
) -> AsOf | None:
    """What `text` names: a date or time as one types it, or a revision ("r12"); None for now.

    A day counts whole. `anchor` and `known` are as for dates.read(). Raises NotThen.
    """
    text = text.strip()
    if text.casefold() in ("", "now"):
        return None
    if found := REVISION.fullmatch(text):
        return _revision(int(found[1]), dossier)
    try:
        reading = dates.read(text, zone=dossier.time_zone, anchor=anchor, known=known)
    except dates.DateError as problem:
        raise NotThen(problem.message) from None
    if reading.latest is None:
        raise NotThen(f"'{text}' has no end to look back from. Try a day, such as '11 Mar 2025'.")
    if reading.earliest is not None and reading.earliest > now:
        raise NotThen(f"'{text}' is still to come. The latest is 'now'.")
    if clock is Clock.RECORDED:
        # Of a day that is not over, all that is recorded so far.
        end = min(reading.latest, now + 1)
        before = _EPOCH + dt.timedelta(seconds=max(end, 0)) - _MICROSECOND
        return _revision(history.number_at(dossier.pk, before), dossier, end)
    if reading.latest > now:
        # A second counts whole as well: the last one that is over.
        return AsOf(clock, now, scale.format_instant(now - 1), _moment(now, dossier.time_zone))
    return AsOf(clock, reading.latest, reading.edtf, _until(reading.latest, dossier.time_zone))


def _revision(number: int, dossier: Dossier, instant: int | None = None) -> AsOf:
    rows = Revision.objects.filter(dossier_id=dossier.pk)
    sealed = rows.filter(number=number).values_list("sealed_at", flat=True).first()
    if number == 0:
        first = "the beginning, before anything was recorded"
        return AsOf(Clock.RECORDED, instant or _seconds(dossier.created_at), "r0", first, 0)
    if sealed is None:
        # Not how many there are: visitors ask, too, and drafts are among them.
        raise NotThen(f"There is no revision r{number}. The history lists them.")
    label = f"{_moment(_seconds(sealed), dossier.time_zone)} (revision {number})"
    # Seconds are whole, so the one in which it was sealed is over.
    return AsOf(Clock.RECORDED, instant or _seconds(sealed) + 1, f"r{number}", label, number)


def _seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def _until(instant: int, zone: str) -> str:
    """What is over at an instant: "Tue 11 March 2025", or the time of day as well."""
    day = dates.day_label(dates.civil(instant - 1, zone))
    is_midnight = scale.day_start(instant, zone) == instant
    # The last minute that counts, as the day is the last one that does.
    return day if is_midnight else f"{day}, {dates.time_label(instant - 1, zone)}"


def _moment(seconds: int, zone: str) -> str:
    """ "23 Nov 2026, 15:40"; of what we recorded, so never far from today."""
    moment = dates.civil(seconds, zone)
    day = dt.date(moment.year, moment.month, moment.day)
    return f"{day.day} {day:%b %Y}, {dates.time_label(seconds, zone)}"


def was_public(dossier: Dossier, number: int) -> bool:
    """Whether the public could see the public `dossier` after its revision `number`."""
    later = Change.objects.filter(dossier_id=dossier.pk, table=Dossier._meta.db_table)
    later = later.filter(revision__number__gt=number).order_by("id")
    found = later.values_list("before__visibility", flat=True).first()
    return found in (None, dossier.visibility)


# --- The changes next to an instant


def neighbours(as_of: AsOf, viewer: Viewer) -> tuple[str, str]:
    """The instants of the last change before this one and of the first one after it, as an address
    says them; "" where there is none. Reads the present."""
    if as_of.number is not None:
        last = history.sealed_number(viewer.dossier.pk)
        earlier = f"r{as_of.number - 1}" if as_of.number else ""
        return earlier, f"r{as_of.number + 1}" if as_of.number < last else ""
    zone = viewer.dossier.time_zone
    rows = Event.objects.visible_to(viewer)
    day = scale.day_start(as_of.instant - 1, zone)
    before = rows.filter(earliest__lt=day).aggregate(at=Max("earliest"))["at"]
    after = rows.filter(earliest__gte=as_of.instant, earliest__lte=int(time.time()))
    return _as_day(before, zone), _as_day(after.aggregate(at=Min("earliest"))["at"], zone)


def _as_day(seconds: int | None, zone: str) -> str:
    """The day of an instant as EDTF, "" for none; days that no calendar of Python has are left
    out, since nobody steps to them."""
    if seconds is None:
        return ""
    moment = dates.civil(seconds, zone)
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02}" if moment.year > 0 else ""


# --- Carrying it on


# A link or another tag with an address; cells and the like, of which pages have thousands, not,
# nor links that name an instant.
_TAG = re.compile(
    r'<(?!t[dhr]\b|small|span|svg|use)(?![^>]*[?;&]as_of=[^"&])[a-z](?:[^<>"]|"[^"]*")*>'
)
_HREF = r'(\b(?:href|hx-get|data-[a-z]+-url)=")({path}[^"#]*|\?[^"#]*)(#[^"]*)?(?=")'
_GET_FORM = re.compile(r'<form\b(?=[^>]*\bmethod="get")(?![^>]*\bdata-as-of\b)[^>]*>')


def carry(response: HttpResponse, as_of: AsOf, path: str) -> None:
    """Let every link and search form of a page below `path` lead to the same instant.

    Done to the finished page: a link that forgot would lead out of the past unnoticed. Links
    that are to lead out name the instant themselves, empty ("?as_of=").
    """
    query = urlencode(as_of.parameters)
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in as_of.parameters.items()
    )

    def led_on(found: re.Match[str]) -> str:
        attribute, address, fragment = found[1], found[2], found[3] or ""
        if address.endswith("as_of="):
            return f"{attribute}{address.removesuffix('as_of=').removesuffix('&amp;')}{fragment}"
        if re.search(r"[?;&]as_of=", address):
            return found[0]
        joint = "&amp;" if "?" in address else "?"
        return f"{attribute}{address}{joint}{escape(query)}{fragment}".replace("?&amp;", "?")

    if response.headers.get("Content-Type", "").startswith("text/html"):
        link = re.compile(_HREF.format(path=re.escape(path)))
        page = response.content.decode()
        # Within tags alone: words that people wrote may look like a link.
        page = _TAG.sub(lambda tag: link.sub(led_on, tag[0]), page)
        response.content = _GET_FORM.sub(lambda form: form[0] + hidden, page)
    to = response.headers.get("Location", "")
    if to.startswith(path) and "as_of=" not in to:
        response["Location"] = f"{to}{'&' if '?' in to else '?'}{query}"

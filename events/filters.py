"""What a timeline is narrowed to, read from an address, and written into one.

The only place besides forms/ that reads `request.GET`. What cannot be read is left out and told
in `messages`; an address never leads to an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, Func, OuterRef, Q, Value, When
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from events import asking, counting, dates, density, lanes
from events.asking import NO_SIDE
from events.facets import Active, Facets, Group
from events.models import Event, Participation, Side
from events.models.event import EventQuerySet
from events.models.fields import InstantField
from events.search import BY_KEY, LONGEST, clean, query_for, vector_of
from events.timeline import scale
from events.timeline.scale import DAY, Level, Window

if TYPE_CHECKING:
    from events.counting import Cell
    from events.density import Flavour
    from events.roles import Viewer


class KeptChoices(forms.MultipleChoiceField):
    """Several of a list; what the list does not have is dropped."""

    def clean(self, value: Any) -> list[str]:
        return [one for one in dict.fromkeys(value or ()) if self.valid_value(one)]


class Words(forms.MultipleChoiceField):
    """Several short words of any kind, such as the keys of lanes."""

    MOST, LONGEST = 50, 40

    def clean(self, value: Any) -> list[str]:
        words = dict.fromkeys(word for word in value or () if len(word) <= self.LONGEST)
        return list(words)[: self.MOST]


class Moment(forms.CharField):
    """An instant ("2025-03-09T12:00Z") or an EDTF date, of which the given edge is taken."""

    def __init__(self, *, edge: str, zone: str) -> None:
        super().__init__(required=False, max_length=dates.MAX_LENGTH)
        self.edge, self.zone = edge, zone

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return _stored(scale.parse_instant(text))
        except ValueError:
            pass
        try:
            reading = dates.from_edtf(text, zone=self.zone)
        except dates.DateError as error:
            raise forms.ValidationError(str(error)) from None
        found: int | None = getattr(reading, self.edge)
        return found


class TimelineForm(forms.Form):
    """The parameters of a timeline's address."""

    contested = forms.BooleanField(required=False)
    undated = forms.BooleanField(required=False)
    q = forms.CharField(required=False, max_length=LONGEST, label="Words")
    level = forms.CharField(required=False)
    selected = forms.CharField(required=False)
    after = forms.CharField(required=False)
    lanes = forms.CharField(required=False)
    fold = Words(required=False)
    order = forms.CharField(required=False)
    links = forms.CharField(required=False)

    def __init__(self, data: QueryDict, viewer: Viewer, sides: Iterable[Side]) -> None:
        super().__init__(data)
        codes = [(side.code, side.name) for side in sides]
        groups = {
            "side": [*codes, (NO_SIDE, "No side")],
            "kind": Event.Kind.choices,
            "modality": Event.Modality.choices,
            "state": Event.State.choices if viewer.is_member else [],
        }
        for name, choices in groups.items():
            self.fields[name] = KeptChoices(choices=choices, required=False)
        zone = viewer.dossier.time_zone
        self.fields["from"] = Moment(edge="earliest", zone=zone)
        self.fields["to"] = Moment(edge="latest", zone=zone)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, end = values.get("from"), values.get("to")
        if start is not None and end is not None and start >= end:
            self.add_error(None, "The window ends before it starts; all dates are shown.")
            values["from"] = values["to"] = None
        if values.get("level") not in list(Level):
            values["level"] = ""
        values["order"] = Words().clean((values.get("order") or "").split(","))
        values["q"] = clean(values.get("q") or "")
        return values

    @property
    def given(self) -> dict[str, Any]:
        """The values that could be read, whatever else could not."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class ChartForm(forms.Form):
    """What the chart is asked for besides the filter: its width in pixels.

    A page takes it from the cookie that the script of the last one set.
    """

    NARROWEST, USUAL, WIDEST = 280, 1440, 4000

    width = forms.IntegerField(required=False)

    def __init__(self, request: HttpRequest) -> None:
        width = request.GET.get("width") or request.COOKIES.get("chart_width")
        super().__init__({"width": width})

    @property
    def pixels(self) -> int:
        """The width, within reason, in steps of 8 so that caches meet."""
        width = self.cleaned_data.get("width") if self.is_valid() else None
        return min(max(width or self.USUAL, self.NARROWEST), self.WIDEST) // 8 * 8


class SearchForm(forms.Form):
    """What a search asks for: words, one kind or all, newest or best first."""

    q = forms.CharField(required=False, max_length=LONGEST, label="Search this dossier")
    kind = forms.CharField(required=False)
    order = forms.CharField(required=False)

    @property
    def asked(self) -> tuple[str, str, bool]:
        """Words, kind ("" for all), whether the best come first."""
        self.is_valid()
        # Words beyond the limit are cut off rather than refused.
        words = clean(self.cleaned_data.get("q") or self.data.get("q", ""))
        kind = self.cleaned_data.get("kind", "")
        return words, kind if kind in BY_KEY else "", self.cleaned_data.get("order") == "relevant"


class EventFilter:
    """Reads the parameters of a timeline for one viewer: rows, counts, addresses, words.

    Within a question the boxes are alternatives; the questions narrow each other. A window shows
    the dated events that touch it, and those without a date.
    """

    def __init__(self, data: QueryDict, viewer: Viewer) -> None:
        self.viewer = viewer
        self.dossier = viewer.dossier
        self.data = data
        self.sides: list[Side] = list(Side.objects.filter(dossier=viewer.dossier))
        self.form = TimelineForm(data, viewer, self.sides)
        self.values = self.form.given

    @property
    def lane_sides(self) -> list[Side]:
        """The sides that have a lane; of a dossier with very many the others share one."""
        return self.sides[: lanes.MOST_SIDES]

    @property
    def messages(self) -> list[str]:
        """What could not be read, in words."""
        found = [str(error) for errors in self.form.errors.values() for error in errors]
        if self.recalled is not None and self._recalls_in_part:
            found.append(
                f"Of what this dossier said, only the first {asking.RECALLED:,} events of the"
                " window are shown. Go closer to see others."
                if self.size <= asking.RECALLABLE
                else "What a dossier of so many events said earlier is not shown as a timeline."
                " The pages of its records and its history tell it."
            )
        return found

    @property
    def selected(self) -> str:
        """The ref of the selected event, "" for none; it may not exist."""
        return str(self.values["selected"] or "")

    @property
    def cursor(self) -> str:
        """The ref of the event after which the list goes on, "" for its start."""
        return str(self.values["after"] or "")

    # --- What the chart shows of them

    @property
    def lanes_by(self) -> str:
        """What the lanes are: a word of `lanes.BY`."""
        by = self.values["lanes"]
        return by if by in lanes.BY else "side"

    @property
    def folded(self) -> frozenset[str]:
        """The words of the folded lanes."""
        return frozenset(self.values["fold"] or ())

    @property
    def lane_order(self) -> list[str]:
        """The words of the lanes that come first, in their order."""
        return [word for word in self.values["order"] or () if word]

    @property
    def every_link(self) -> bool:
        """Whether all links are drawn, not only those of the selected event."""
        return bool(self.values["links"] == "all")

    @property
    def _recalls_in_part(self) -> bool:
        """Whether there may be more of what the dossier said than is looked at."""
        many = self.recalled is not None and len(self.recalled) >= asking.RECALLED
        return many or self.size > asking.RECALLABLE

    # --- Rows

    def events(self, *, everywhere: bool = False) -> EventQuerySet:
        """The events asked for, within the window where one is given, or `everywhere`."""
        rows = self.visible()
        if self.values["side"]:
            among = self.recalled
            chosen = _of_sides(self._side_ids, among) if self._side_ids else Q()
            rows = rows.filter(chosen | _of_no_side(among) if self._wants_no_side else chosen)
        for name in ("kind", "modality", "state"):
            if self.values[name]:
                rows = rows.filter(**{f"{name}__in": self.values[name]})
        if self.values["contested"]:
            rows = rows.with_contested(self.viewer, self.recalled).filter(contested=True)
        if self.values["undated"]:
            rows = rows.filter(_UNDATED)
        if (words := self._words()) is not None:
            rows = rows.filter(words)
        return rows if everywhere else rows.filter(self._within())

    def visible(self) -> EventQuerySet:
        """The events the viewer may see, whatever is asked for."""
        rows: EventQuerySet = Event.objects.visible_to(self.viewer)
        return rows if self.recalled is None else rows.filter(pk__in=self.recalled)

    @cached_property
    def recalled(self) -> list[int] | None:
        """Keys of the events of a large dossier that are looked at when it is asked what it said;
        None for all."""
        many = self.recalls and self.size > counting.SMALL
        return asking.recalled(self) if many else None

    @cached_property
    def contested(self) -> list[int]:
        """Keys of all contested events, for those who ask for these."""
        return asking.contested(self.viewer)

    @cached_property
    def _side_ids(self) -> frozenset[int]:
        return frozenset(side.pk for side in self.sides if side.code in self.values["side"])

    @property
    def _wants_no_side(self) -> bool:
        return NO_SIDE in self.values["side"]

    def _words(self) -> Q | None:
        query = query_for(self.values["q"])
        return None if query is None else Q(pk__in=_found(self.viewer, query))

    @cached_property
    def clocks(self) -> tuple[int | None, int | None]:
        """The edges of the window asked for on the clock of the dossier, None where it is open.

        Full hours, outwards: what is counted beforehand is counted by the hour.
        """
        zone = self.dossier.time_zone
        start, end = (
            None if edge is None else scale.local(edge, zone)
            for edge in (self.values["from"], self.values["to"])
        )
        return (
            None if start is None else start // scale.HOUR * scale.HOUR,
            None if end is None else -(-end // scale.HOUR) * scale.HOUR,
        )

    def _within(self) -> Q:
        zone = self.dossier.time_zone
        edges = (None if clock is None else scale.from_local(clock, zone) for clock in self.clocks)
        return touching(*edges)

    # --- The window

    def window(self, fitted: Window, at: int | None = None) -> Window:
        """The window the chart shows: the one asked for, else `fitted`.

        An open end is that of `fitted`. `at` is the instant a `level` alone is put around.
        """
        start, end = self.values["from"], self.values["to"]
        if start is not None or end is not None:
            start = min(fitted.start, end - DAY) if start is None else start
            end = max(fitted.end, start + DAY) if end is None else end
            return scale.clamp(start, end - start)
        if self.values["level"]:
            return scale.at_level(fitted, Level(self.values["level"]), at)
        return fitted

    # --- Addresses

    def url(self, **changes: Any) -> str:
        """The query of this address with `changes`: a value, a list, or None to leave it out.

        The place in a long list is always given up. `from_` stands for `from`.
        """
        query = self.data.copy()
        query.pop("after", None)
        query.pop("width", None)
        for name, value in changes.items():
            name = name.rstrip("_")
            values = value if isinstance(value, list | tuple) else [value]
            query.setlist(name, [str(one) for one in values if one not in (None, "", False)])
        kept = {name: values for name, values in query.lists() if any(values)}
        query = QueryDict(mutable=True)
        for name, values in kept.items():
            query.setlist(name, [one for one in values if one])
        return f"?{query.urlencode()}"

    def window_url(self, window: Window) -> str:
        """The query that shows `window`, moved to round times: short addresses, met by caches."""
        grid = next((grid for grid in _GRIDS if window.span <= 200 * grid), _GRIDS[-1])
        start, end = (round(edge / grid) * grid for edge in (window.start, window.end))
        return self.url(from_=scale.format_instant(start), to=scale.format_instant(end), level=None)

    def page_url(self, ref: str) -> str:
        """The query that goes on with the list after the event `ref`."""
        return f"{self.url()}&after={ref}".replace("?&", "?")

    @cached_property
    def _event_prefix(self) -> str:
        # Reversing thousands of addresses one by one would cost more than the rest of a chart.
        return reverse("events:event-detail", args=[self.dossier.slug, "0"]).removesuffix("0/")

    def event_url(self, ref: str) -> str:
        """The page of the event `ref`."""
        return f"{self._event_prefix}{ref}/"

    @property
    def cleared(self) -> str:
        """The query without any filter; window and selection stay."""
        return self.url(**dict.fromkeys(_FILTERS))

    # --- Counts

    @cached_property
    def _size(self) -> tuple[int, int]:
        return density.size(self.dossier.pk)

    @property
    def size(self) -> int:
        """All events of the dossier as it is now, drafts included."""
        return self._size[0]

    @property
    def is_large(self) -> bool:
        """Whether the dossier has too many events to look at each, and they were counted: those
        of what it said earlier were not."""
        return self.size > counting.SMALL and not self.recalls

    @property
    def recalls(self) -> bool:
        """Whether it asks what the dossier said earlier."""
        return self.viewer.as_of is not None and self.viewer.as_of.is_recorded

    @cached_property
    def veil(self) -> int | None:
        """The instant looked back from, on the clock of the dossier: what happened then or later
        is left out. A full hour, like the edges of the window."""
        past = self.viewer.as_of
        if past is None or past.is_recorded:
            return None
        return -(-scale.local(past.instant, self.dossier.time_zone) // scale.HOUR) * scale.HOUR

    @cached_property
    def _facets(self) -> Facets:
        """Events counted by all that is filtered for: a query or a few for every count."""
        if self.is_large:
            cells, complete = counting.beforehand(self)
            return Facets(self, cells, complete=complete)
        words, sides = self._words(), side_ids(self.sides, self.recalled)
        cells = counting.from_rows(self, self._within(), words, sides)
        return Facets(self, cells, complete=True)

    @property
    def is_counted(self) -> bool:
        """Whether it is known how many events the filter shows; of a large dossier it is not when
        more than counting.MOST have the words asked for."""
        return self._facets.complete

    def can_see(self, alike: Flavour | Cell) -> bool:
        """Whether the viewer may see events of this state."""
        return self.viewer.is_member or alike.state == Event.State.PUBLISHED

    def accepts(self, flavour: Flavour) -> bool:
        """Whether the filter lets events like these through, as far as that can be told of them:
        where they lie, what they say and whether they are contested is not."""
        if not self.can_see(flavour):
            return False
        values = self.values
        if values["side"] and not self.is_of_chosen_side(flavour):
            return False
        return all(
            not values[name] or getattr(flavour, name) in values[name]
            for name in ("kind", "modality", "state")
        )

    def is_of_chosen_side(self, one: Flavour | Cell) -> bool:
        """Whether any side of these events, or that they have none, is asked for."""
        if not one.sides:
            return self._wants_no_side
        return not self._side_ids.isdisjoint(one.sides)

    @property
    def total(self) -> int:
        """All events of the dossier that the viewer may see."""
        if self.is_large and self.veil is None:
            return self._size[0 if self.viewer.is_member else 1]
        return self._facets.total

    @cached_property
    def matching(self) -> int:
        """The events asked for, inside the window and out; of a large dossier at most
        counting.MOST + 1 where they have to be looked for."""
        if self.is_large and (self.values["q"] or self.values["contested"]):
            # The chart asks for no other number: to count all else would take it far longer.
            return counting.looked_at(self, everywhere=True)
        return self._facets.matching

    @cached_property
    def listed(self) -> int:
        """The events asked for, within the window, those without a date included.

        Where they are not counted at most counting.MOST + 1.
        """
        return self._facets.listed if self.is_counted else counting.looked_at(self)

    @property
    def listed_words(self) -> str:
        """How many are listed, as shown: "12" or "1,000+"."""
        over = not self.is_counted and self.listed > counting.MOST
        return f"{counting.MOST:,}+" if over else f"{self.listed:,}"

    @property
    def undated(self) -> int:
        """The events asked for that have no date at all."""
        return self._facets.undated

    @property
    def groups(self) -> tuple[Group, ...]:
        """The boxes with their counts in the present window."""
        return self._facets.groups

    # --- In words

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is in force; the window is none."""
        return any(self.values[name] for name in _FILTERS)

    @property
    def active(self) -> tuple[Active, ...]:
        """Every filter in force, each with the address without it."""
        return self._facets.active

    @property
    def nearest(self) -> Active | None:
        """The filter without which most events would be shown; None when none would help."""
        best = max(self.active, key=lambda one: one.without, default=None)
        return best if best and best.without else None

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """What a form of the boxes has to carry along: window and selection."""
        names = ("from", "to", "level", "selected", "lanes", "fold", "order", "links")
        return [(name, value) for name in names for value in self.data.getlist(name) if value]


_GRIDS = (300, 900, 3600, 6 * 3600, DAY)
"""Seconds that the edges of a window are multiples of: at most half a hundredth of its span."""

_FILTERS = ("side", "kind", "modality", "state", "contested", "undated", "q")
_UNDATED = Q(earliest__isnull=True, latest__isnull=True)


def touching(start: int | None, end: int | None) -> Q:
    """Events that may lie between two instants (None: no limit), those without a date included."""
    touches = Q()
    if end is not None:
        touches &= Q(earliest__lt=_stored(end)) | Q(earliest__isnull=True)
    if start is not None:
        touches &= Q(latest__gt=_stored(start)) | Q(latest__isnull=True)
    return touches


def _stored(instant: int) -> int:
    """The nearest instant that can be stored: beyond these there is nothing."""
    return min(max(instant, InstantField.FIRST), InstantField.LAST)


def _took_part(
    *, acting: bool, among: Iterable[int] | None = None
) -> models.QuerySet[Participation]:
    rows = Participation.objects.filter(event=OuterRef("pk"), actor__side__isnull=False)
    if among is not None:
        rows = rows.filter(event__in=among)
    return rows.filter(role__in=Participation.ACTING) if acting else rows


def side_ids(sides: Iterable[Side], among: Iterable[int] | None = None) -> Any:
    """An expression: keys of those of `sides` in whose lanes an event is drawn, as an array.

    `among` are the keys of the events in question where these are few: Postgres may look up all
    who took part, which takes long in the past.
    """
    keys = ArrayField(models.BigIntegerField())
    # A condition per side, which Postgres answers from one pass over who took part; a list put
    # together event by event would be a query for each of them.
    lanes = [Case(When(_of_sides([side.pk], among), then=Value(side.pk))) for side in sides]
    if not lanes:
        return Value([], output_field=keys)
    listed = Func(*lanes, template="ARRAY[%(expressions)s]", output_field=keys)
    return Func(listed, Value(None), function="array_remove", output_field=keys)


def _of_sides(keys: Iterable[int], among: Iterable[int] | None = None) -> Q:
    """Events in the lanes of these sides: by who acted, else by who took part at all."""
    acting, any_ = (_took_part(acting=acting, among=among) for acting in (True, False))
    return Exists(acting.filter(actor__side__in=list(keys))) | (
        ~Exists(acting) & Exists(any_.filter(actor__side__in=list(keys)))
    )


def _of_no_side(among: Iterable[int] | None = None) -> Q:
    return Q(~Exists(_took_part(acting=False, among=among)))


def _found(viewer: Viewer, query: Any) -> models.QuerySet[Any]:
    rows = Event.objects.visible_to(viewer).annotate(vector=vector_of(Event))
    return rows.filter(vector=query).order_by().values("pk")

"""The instant that a page is seen from, as its address or its control in the top bar says it."""

from __future__ import annotations

import datetime as dt
import time
import zoneinfo
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max

from events import dates
from events.as_of import Clock, NotThen, neighbours, read, was_public
from events.forms import lookup
from events.models import Event

if TYPE_CHECKING:
    from django.http import QueryDict

    from events.as_of import AsOf
    from events.roles import Viewer

ELSEWHERE = ("after", "before", "width")
"""Parameters that mean a place in a list, which another instant does not have."""


class AsOfForm(forms.Form):
    """Which instant, of which clock; empty for the present."""

    CLOCKS = (
        (Clock.HAPPENED.value, "What had happened by then"),
        (Clock.RECORDED.value, "What this dossier said then"),
    )

    as_of = forms.CharField(
        label="As of",
        required=False,
        max_length=dates.MAX_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "11 Mar 2025", "autocomplete": "off"}),
        help_text="A date or time, or a revision such as r12.",
    )
    clock = forms.ChoiceField(
        label="Show", required=False, choices=CLOCKS, widget=forms.RadioSelect
    )

    def __init__(self, data: QueryDict, viewer: Viewer) -> None:
        data = data.copy()
        if not data.get("clock"):
            data["clock"] = Clock.HAPPENED.value
        super().__init__(data, auto_id="as_of_%s")
        self.viewer = viewer
        self.found: AsOf | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the address names an instant."""
        return bool(self.data.get("as_of", "").strip())

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if self.is_asked and not self.errors:
            try:
                found = self._read(values["as_of"], Clock(values["clock"] or Clock.HAPPENED))
                self._refuse_the_private(found)
                self.found = found
            except NotThen as problem:
                raise ValidationError({"as_of": str(problem)}) from None
        return values

    def _read(self, text: str, clock: Clock) -> AsOf | None:
        dossier, now = self.viewer.dossier, int(time.time())
        if clock is Clock.RECORDED:
            return read(text, clock, dossier, now, anchor=lookup.day_of(now, dossier.time_zone))
        if self.viewer.is_member:
            anchor = lookup.anchor_day(dossier)
            return read(text, clock, dossier, now, anchor=anchor, known=self._known)
        # Drafts lend others neither their names nor their year.
        seen = Event.objects.visible_to(self.viewer).filter(earliest__lte=now)
        newest = seen.aggregate(at=Max("earliest"))["at"]
        anchor = lookup.day_of(now if newest is None else newest, dossier.time_zone)
        return read(text, clock, dossier, now, anchor=anchor)

    def _refuse_the_private(self, found: AsOf | None) -> None:
        """What was said before the dossier became public was not said to the public."""
        if found is None or found.number is None or self.viewer.is_member:
            return
        if not was_public(self.viewer.dossier, found.number):
            raise NotThen("This dossier was not public then.")

    def _known(self, words: str) -> list[dates.KnownEvent]:
        return [lookup.as_known(e) for e in lookup.events_called(self.viewer.dossier, words)]

    @property
    def clock_now(self) -> str:
        """What the clock of the dossier shows: "23 Nov, 15:42 UTC"."""
        now = dt.datetime.now(zoneinfo.ZoneInfo(self.viewer.dossier.time_zone))
        return f"{now.day} {now:%b, %H:%M %Z}"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The other parameters of the address, for the control to carry along."""
        without = ("as_of", "clock", *ELSEWHERE)
        return [(n, v) for n, vs in self.data.lists() if n not in without for v in vs if v]

    def url(self, as_of: str) -> str:
        """The query of this page as of another instant of the same clock, "" for the present."""
        query = self.data.copy()
        for name in ("as_of", "clock", *ELSEWHERE):
            query.pop(name, None)
        # An empty instant marks a link that leads out of the past on purpose.
        query["as_of"] = as_of
        if as_of:
            query["clock"] = self.found.clock if self.found else self.data["clock"]
        return f"?{query.urlencode()}"

    @property
    def present_url(self) -> str:
        """The same page now."""
        return self.url("")

    @property
    def steps(self) -> tuple[str, str]:
        """The same page before the last change and after the next one, "" where there is none."""
        if self.found is None:
            return "", ""
        with self.found.lifted():
            earlier, later = neighbours(self.found, self.viewer)
        return self.url(earlier) if earlier else "", self.url(later) if later else ""

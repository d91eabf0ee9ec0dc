"""What the text around marked words tells about them: how a form for a new record begins.

Only what the text says and the rules found is filled in; a stance never is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from events import anchors, drafting, suggest
from events.forms.newcomers import KIND
from events.models import Event
from events.titles import first_sentence, shortened, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.drafting import Cite, Draft
    from events.suggestions import Suggested

ACTORS = ("who", "addressee", "debtor", "creditor", "actor", "depends_on_actor")


@dataclass(slots=True)
class Filled:
    """How a form begins: its own fields, those about the words, and the dates that stand near:
    words as typed, and what they mean."""

    own: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)
    dates: list[tuple[str, str]] = field(default_factory=list)


def from_draft(suggested: Suggested, draft: Draft) -> Filled:
    """A form that says what the suggestion says."""
    found = _Filling(suggested).words_of(draft.cites[0])
    offered = [f"{c.start}-{c.end}-{c.manner}" for c in draft.cites[1:]]
    found.words |= {"offered": offered, "along": offered}
    found.own = _values(suggested, draft)
    found.dates = list(_choices(draft.dates))
    return found


def from_words(suggested: Suggested, noun: str, start: int, end: int) -> Filled:
    """A form for words a person chose: code points of the newest text."""
    filling = _Filling(suggested)
    within = filling.utterance(start, end)
    found = filling.words_of(filling.cite(start, end, within))
    near = [d.found for d in filling.of(suggest.Kind.DATE, start, end)]
    found.dates = list(_choices([*near, *(within.dates if within else ())]))
    fill = {"event": filling.event, "position": filling.position, "commitment": filling.commitment}
    if noun in fill:
        found.own = fill[noun](start, end, within)
    return found


def _values(suggested: Suggested, draft: Draft) -> dict[str, Any]:
    """The values of a draft, actors by the names in lists."""
    values = {name: value for name, value in draft.values.items() if value}
    for name in ACTORS:
        if values.get(name) in suggested.actors:
            values[name] = str(suggested.actors[values[name]])
    values.pop("who", None)
    return values


def _choices(dated: Iterable[suggest.Dated]) -> Iterable[tuple[str, str]]:
    seen: dict[str, str] = {}
    for one in dated:
        for choice in one.choices:
            seen.setdefault(choice.text, choice.label.removesuffix(", day precision"))
    return seen.items()


class _Filling:
    def __init__(self, suggested: Suggested) -> None:
        self.suggested = suggested
        self.text = suggested.text.text

    def of(self, kind: suggest.Kind, start: int, end: int) -> list[Any]:
        """The suggestions of a kind that share letters with the words."""
        found = self.suggested.found
        return [s for s in found if s.kind == kind and s.start < end and start < s.end]

    def utterance(self, start: int, end: int) -> Draft | None:
        """What somebody says in these words: of several the one that shares most with them."""

        def shared(draft: Draft) -> int:
            own = [draft.head, *draft.parts, *draft.cites]
            return max((min(end, o.end) - max(start, o.start) for o in own), default=0)

        events = [draft for draft in self.suggested.plain if draft.noun == "event"]
        best = max(events, key=shared, default=None)
        is_said = best is not None and best.head.kind != suggest.Kind.DATE
        return best if is_said and best is not None and shared(best) > 0 else None

    def cite(self, start: int, end: int, within: Draft | None) -> Cite:
        """The words with their manner and speaker."""
        quotes = self.of(suggest.Kind.QUOTATION, start, end)
        holding = [q for q in quotes if q.start <= start and end <= q.end]
        speaker = named = ""
        if within is not None:
            speaker, named = within.cites[0].speaker, within.cites[0].named
        if holding:
            held = holding[0].found
            manner = drafting.PARTIAL if held.is_partial else drafting.DIRECT
            speaker = held.actor or ("" if not held.speaker else speaker)
            named = "" if speaker or not held.speaker else named
        elif quotes or self._is_quoted(start, end):
            manner = drafting.PARTIAL if quotes else drafting.DIRECT
        else:
            manner = drafting.REPORTED if within else drafting.PARAPHRASE
        return drafting.Cite(start, end, manner, speaker, named)

    def _is_quoted(self, start: int, end: int) -> bool:
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        return before in ("“", "„", "«", '"', "‘") and after in ("”", "“", "»", '"', "’")

    def words_of(self, cite: Cite) -> Filled:
        """The part of the form about the words."""
        words = {
            "quote": self.text[cite.start : cite.end],
            "at": f"{cite.start}-{cite.end}-{self.suggested.text.number}",
            "manner": cite.manner,
        }
        return Filled(words=words | self._speaker("speaker", cite))

    def _speaker(self, name: str, cite: Cite) -> dict[str, str]:
        """The field `name` with whose words they are; who is no actor yet would be a new one."""
        if actor := self.suggested.actors.get(cite.speaker):
            return {name: str(actor)}
        return {name: cite.named, name + KIND: "person"} if cite.named else {}

    def _said(self, start: int, end: int) -> str:
        return anchors.clean(" ".join(self.text[start:end].split()))

    def event(self, start: int, end: int, within: Draft | None) -> dict[str, Any]:
        """An event in which the words were said; else one of the day they name."""
        said = self._said(start, end)
        if within is None:
            dated = [d.found.choices for d in self.of(suggest.Kind.DATE, start, end)]
            sure = [choices[0] for choices in dated if len(choices) == 1]
            when = sure[0].text if len(sure) == 1 else ""
            own = {"title": shortened(said.rstrip(" ."), 120), "when": when, "role": ""}
            return own | ({"when_basis": sure[0].basis} if when else {})
        values = _values(self.suggested, within)
        if (start, end) not in [(c.start, c.end) for c in within.cites]:
            who, _, _ = within.title.partition(": ")
            has_who = ": " in within.title
            values["title"] = spoken(who if has_who else "", first_sentence(said))
        return values

    def position(self, start: int, end: int, within: Draft | None) -> dict[str, Any]:
        """Whose it may be, in which event, on which condition; never the stance."""
        values = self._speaker("actor", self.cite(start, end, within))
        values |= self._told(within, "addressee") | self._condition(start, end)
        return values | self._event(start, end)

    def commitment(self, start: int, end: int, within: Draft | None) -> dict[str, Any]:
        """What the rules read as binding, else the words of whoever speaks."""
        drafts = [d for d in self.suggested.plain if d.noun == "commitment"]
        own = [d for d in drafts if d.cites[0].start < end and start < d.cites[0].end]
        event = self._event(start, end)
        if own:
            return _values(self.suggested, own[0]) | event
        values = {"action": shortened(self._said(start, end).rstrip(" ."), 280)}
        values |= self._speaker("debtor", self.cite(start, end, within))
        return values | self._told(within, "creditor") | self._condition(start, end) | event

    def _told(self, within: Draft | None, name: str) -> dict[str, str]:
        ref = within.values.get("addressee", "") if within else ""
        return {name: str(self.suggested.actors[ref])} if ref in self.suggested.actors else {}

    def _condition(self, start: int, end: int) -> dict[str, str]:
        found = self.of(suggest.Kind.CONDITION, start, end)
        return {"condition": found[0].found.condition} if len(found) == 1 else {}

    def _event(self, start: int, end: int) -> dict[str, str]:
        """The event that rests on these words already."""
        rows = Event.objects.filter(
            dossier=self.suggested.dossier,
            evidence__passage__source_text=self.suggested.text,
            evidence__passage__start__lt=end,
            evidence__passage__end__gt=start,
        )
        event = rows.order_by("id").first()
        return {"event": str(event)} if event else {}

"""A record in three states (before, theirs, yours), and what a person decides about them.

The page of it is a form: it carries what was typed, so that nothing is kept between two requests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django import forms

from events import history
from events.diff import Budget, Piece
from events.forms.fields import (
    CoordinatesField,
    DurationField,
    EventWhenField,
    LinesField,
    RecordField,
    TargetField,
)
from events.forms.labels import fields_of
from events.forms.records import OWN
from events.forms.versions import version_sent
from events.models.base import merged_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.forms.records import RecordForm
    from events.models import Dossier, Record

MINE, CHOICE, TYPED = "mine-", "choice-", "typed-"
"""What the names of the page's inputs begin with."""

SIDES = ("before", "theirs", "yours")
CHOICES = (*SIDES, "typed")


@dataclass(slots=True)
class Row:
    """One field, or fields that belong together, in the three states, and what becomes of it."""

    names: tuple[str, ...]
    label: str
    words: dict[str, str]
    pieces: dict[str, list[Piece]]
    is_mine: bool = False
    asked: bool = False
    choice: str = ""
    typed: str = ""
    widget: str = ""
    result: str = ""
    changed_again: bool = False
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The first of its fields, which names its inputs."""
        return self.names[0]

    @property
    def texts(self) -> list[tuple[str, str, list[Piece]]]:
        """The three states in order: name, text, and the text in pieces that differ."""
        return [(side, self.words[side], self.pieces[side]) for side in SIDES]


@dataclass(slots=True)
class Sent:
    """What the page sent: the versions it was made from, what was typed, what was decided."""

    base: int
    newest: int
    mine: dict[str, str]
    choices: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    act: str = "save"

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Self:
        """Read a request; a version that cannot be read is 0, which no record has."""

        def those(start: str) -> dict[str, str]:
            return {key.removeprefix(start): data[key] for key in data if key.startswith(start)}

        mine = {name: text for name, text in those(MINE).items() if name != "version"}
        choices = {name: choice for name, choice in those(CHOICE).items() if choice in CHOICES}
        return cls(
            base=version_sent(data.get("base")),
            newest=version_sent(data.get("version")),
            mine=mine,
            choices=choices,
            typed=those(TYPED),
            act=str(data.get("act") or "save"),
        )

    @classmethod
    def by(cls, form: RecordForm) -> Self:
        """What a form sent that met changes of others: its own changes, nothing decided yet."""
        mine = {name: str(form.data.get(name, "")) for name in form.changed_data}
        mine.pop("version", None)
        return cls(form.base_version, form.stale.latest.version, mine)


class Merging:
    """The fields of a record between the version one started from and the newest.

    `conflicts` names columns that are known to differ on both sides. Raises LookupError when
    there was no such version.
    """

    def __init__(
        self,
        form_class: type[RecordForm],
        dossier: Dossier,
        latest: Record,
        sent: Sent,
        conflicts: frozenset[str] = frozenset(),
    ) -> None:
        self.form_class, self.dossier, self.latest, self.sent = form_class, dossier, latest, sent
        self.base = self._at(sent.base)
        latest.dossier = dossier
        self.before, self.theirs = self._form(self.base), self._form(latest)
        self.data = {"before": data_of(self.before), "theirs": data_of(self.theirs)}
        self.mine = {n: text for n, text in sent.mine.items() if n in self.data["theirs"]}
        self.data["yours"] = self.data["before"] | self.mine
        self.reason = sent.mine.get("reason", "")
        self.known = conflicts
        self.budget = Budget()
        units = [tuple(n for n in unit if n in self.before.fields) for unit in form_class.units()]
        self.rows = [self._row(unit) for unit in units if unit]
        if sent.newest != latest.version:
            self._ask_again()

    def _at(self, version: int) -> Record:
        if version == self.latest.version:
            return self.latest
        base = history.version_of(self.latest, version)
        base.dossier = self.dossier
        return base

    def _form(self, record: Record) -> RecordForm:
        return self.form_class(dossier=self.dossier, instance=record)

    @property
    def asked(self) -> list[Row]:
        """The fields that both sides changed."""
        return [row for row in self.rows if row.asked]

    @cached_property
    def merged(self) -> list[Row]:
        """The fields that one side changed, or both without harm to each other."""
        return [row for row in self.rows if not row.asked and len(set(row.words.values())) > 1]

    @cached_property
    def same(self) -> list[Row]:
        """The fields that neither side changed."""
        return [row for row in self.rows if not row.asked and row not in self.merged]

    @property
    def undecided(self) -> list[Row]:
        """The fields that still wait for a decision."""
        return [row for row in self.asked if not row.choice]

    @property
    def decided_count(self) -> int:
        """How many of the fields that both sides changed are decided."""
        return len(self.asked) - len(self.undecided)

    def _row(self, unit: tuple[str, ...]) -> Row:
        words = {side: self._words(unit, side) for side in SIDES}
        first = self.before.fields[unit[0]]
        label = ", ".join(
            str(self.before[n].label)
            for n in unit
            if n not in self.form_class.led_by and not self.before.fields[n].widget.is_hidden
        )
        row = Row(unit, label, words, {"before": [Piece("same", words["before"])]})
        for side in ("theirs", "yours"):
            row.pieces[side] = self.budget.words_between(words["before"], words[side])
        states = [[self._canonical(n, self.data[side][n]) for n in unit] for side in SIDES]
        before, theirs, yours = states
        row.is_mine = yours != before
        both = before not in (theirs, yours) and theirs != yours
        lists = merged_list(*(_lines(s[0]) for s in states)) if _is_list(first) else None
        forced = unit[0] in self.sent.choices or self._fills(unit) & self.known
        row.asked = bool((both and lists is None) or (forced and theirs != yours))
        if row.asked:
            row.choice = self.sent.choices.get(unit[0], "")
            self._offer_text(row, first)
        elif both:
            self.data["merged"] = self.data.get("merged", {}) | {unit[0]: "\n".join(lists or [])}
        row.result = row.words.get(self._taken(row), "")
        if both and not row.asked:
            row.result = ", ".join(lists or [])
        return row

    def _offer_text(self, row: Row, first: forms.Field) -> None:
        """An input for a text of one's own, filled with what was typed."""
        is_choice = isinstance(first, forms.ChoiceField)
        if is_choice or row.name in self.form_class.together:
            return
        row.typed = self.sent.typed.get(row.name, self.data["yours"][row.name])
        attrs = {"id": f"id_{TYPED}{row.name}", "data-typed": ""}
        row.widget = self.theirs.fields[row.name].widget.render(TYPED + row.name, row.typed, attrs)

    def _ask_again(self) -> None:
        """Others saved once more since the page was made: what they changed is open again."""
        try:
            seen = data_of(self._form(self._at(self.sent.newest)))
        except LookupError:
            seen = {}
        for row in self.asked:
            if any(seen.get(n) != self.data["theirs"][n] for n in row.names):
                row.choice, row.changed_again = "", True

    def _fills(self, unit: tuple[str, ...]) -> set[str]:
        """The columns that the fields of `unit` fill."""
        own = {f.name: f for f in type(self.latest)._meta.concrete_fields}
        found: set[str] = set()
        for name in unit:
            its = self.before.fields[name]
            found |= set(fields_of(its, name, own))
            if isinstance(its, EventWhenField):
                found |= {"earliest", "latest", "certain_from", "certain_to"}
            elif isinstance(its, TargetField):
                found |= {str(model._meta.model_name) for model in its.models}
            if name in self.form_class.together:
                found |= self.known - set(self.before.fields)
        return found

    def _canonical(self, name: str, text: str) -> str:
        """A text as the field keeps it, so that two ways to write one value are the same."""
        its = self.before.fields[name]
        if isinstance(its, RecordField):
            return its.named(text.strip()) if text.strip() else ""
        if isinstance(its, LinesField):
            return "\n".join(its.to_python(text))
        if isinstance(its, DurationField):
            return its.label_of(text)
        if isinstance(its, CoordinatesField):
            return ", ".join(text.replace(";", " ").replace(",", " ").split())
        return text.strip()

    def _words(self, unit: tuple[str, ...], side: str) -> str:
        """What a state says, in words: "11 March 2025 (Inferred)"."""
        lead, led = [], []
        for name in unit:
            its, text = self.before.fields[name], self.data[side][name]
            if its.widget.is_hidden:
                continue
            if isinstance(its, forms.ChoiceField):
                text = str(dict(its.choices).get(text, text)) if text else ""
            else:
                text = self._canonical(name, text).replace("\n", ", " if _is_list(its) else "\n")
            if name not in self.form_class.led_by:
                lead.append(text)
            elif len({self.data[s][name] for s in SIDES}) > 1:
                led.append(text)
        said = ": ".join(text for text in lead if text)
        return f"{said} ({', '.join(led)})" if any(led) else said

    def _taken(self, row: Row) -> str:
        """The side whose words are the result, "" while that is open or words of one's own."""
        if row.asked:
            return row.choice if row.choice in SIDES else ""
        return "yours" if row.is_mine else "theirs"

    def decided(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """What a form over the newest version would send, and the fields that it may write."""
        data, names = dict(self.data["theirs"]), list[str]()
        for row in self.rows:
            if row.asked and row.choice == "typed":
                data[row.name] = row.typed
            elif row.asked:
                data |= {name: self._chosen(row.choice, name) for name in row.names}
            elif row.is_mine and row.name in self.data.get("merged", {}):
                data[row.name] = self.data["merged"][row.name]
            elif row.is_mine:
                data |= {name: self._chosen("yours", name) for name in row.names}
            if row.asked or row.is_mine:
                names += row.names
        sent = {name: data[name] for name in names}
        return sent | {"version": str(self.latest.version), "reason": self.reason}, tuple(names)

    def _chosen(self, side: str, name: str) -> str:
        # Of a field that another leads only an own choice counts; else it follows the other.
        if side == "yours" and name in self.form_class.led_by and name not in self.mine:
            return self.data["theirs"][name]
        return self.data[side][name]

    def apart(self) -> dict[str, str]:
        """What a form for a new record would send: the version one started from, as changed."""
        return self.data["yours"] | {"reason": f"Kept apart from {self.latest.ref}"}

    def refuse(self, form: RecordForm) -> None:
        """Put the errors of the form that was to be saved beside their fields."""
        for row in self.rows:
            for name in row.names:
                row.errors += form.errors.get(name, [])


def data_of(form: RecordForm) -> dict[str, str]:
    """What a form sends when nothing is changed in it."""
    values = {name: form[name].value() for name in form.fields if name not in OWN}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _is_list(its: forms.Field) -> bool:
    return isinstance(its, LinesField)


def _lines(text: str) -> list[str]:
    return text.splitlines()

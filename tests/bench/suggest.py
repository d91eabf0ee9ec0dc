"""How much of what a text says is suggested, and how much of what is suggested the text says.

`python -m tests.bench.suggest` prints right, proposed and marked, precision, recall and F for each
kind, in each text and in all, against the readings in `tests/bench/readings/`. `--article PATH`
adds the article on the talks in Jeddah, whose text is not kept here. `--verbose` lists what was
missed and what was invented. Every suggestion counts, however unsure.

A quotation and a mention are right when they are the words that were marked, a date when it
overlaps one that was marked and offers its EDTF with its basis, and sentences, conditions and
commitments when they share at least half of their letters with one that was marked.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from events.suggest import Commitment, Dated, Mention, Quotation, Statement, Suggestion, suggest
from tests.bench.readings import Mark, Reading, load, names

KINDS = ("quotation", "date", "mention", "statement", "response", "commitment", "condition")
ROWS = ("quotation", "speaker", "date", "first date", *KINDS[2:])


@dataclass
class Score:
    """What was right, proposed and marked by hand."""

    right: int = 0
    proposed: int = 0
    marked: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.right + other.right,
            self.proposed + other.proposed,
            self.marked + other.marked,
        )

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.marked if self.marked else 1.0

    @property
    def f(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Result:
    """The scores of a text by kind, what went wrong in words, and the seconds it took."""

    reading: Reading
    scores: dict[str, Score] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def measure(reading: Reading) -> Result:
    """Score what is suggested for a text against its reading."""
    begun = time.perf_counter()
    got = suggest(reading.text, actors=reading.actors, day=reading.day, zone=reading.zone)
    result = Result(reading, seconds=time.perf_counter() - begun)
    for kind in KINDS:
        if kind in reading.marks:
            _score(result, kind, [one for one in got if one.kind == kind])
    return result


def _score(result: Result, kind: str, got: list[Suggestion]) -> None:
    reading = result.reading
    pairs, missed, invented = _paired(reading.marks[kind], got, FITS[kind])
    right = [(mark, one) for mark, one in pairs if _agrees(reading, kind, mark, one)]
    result.scores[kind] = Score(len(right), len(got), len(reading.marks[kind]))
    if kind == "quotation":
        result.scores["speaker"] = Score(
            sum(bool(mark.speaker) and _same(reading, mark, one) for mark, one in pairs),
            sum(bool(_speaker(one)[1]) for _, one in pairs),
            sum(bool(mark.speaker) for mark in reading.marks[kind]),
        )
    if kind == "date":
        first = sum(_choices(one)[0] == (mark.edtf, mark.basis) for mark, one in right)
        result.scores["first date"] = Score(first, len(got), len(reading.marks[kind]))
    for mark in missed:
        result.wrong.append(f"{kind} missed    {_shown(reading, mark)}")
    for one in invented:
        result.wrong.append(f"{kind} invented  {_shown(reading, one)}")
    for mark, one in pairs:
        if not _agrees(reading, kind, mark, one) or (
            kind == "quotation" and not _same(reading, mark, one)
        ):
            result.wrong.append(
                f"{kind} differs   {_shown(reading, one)}: {_said(one)} for {_told(mark)}"
            )


type Fit = Callable[[Mark, Suggestion], bool]


def _paired(
    marks: list[Mark], got: list[Suggestion], fits: Fit
) -> tuple[list[tuple[Mark, Suggestion]], list[Mark], list[Suggestion]]:
    """Each mark with the first suggestion that fits it, and what is left of both."""
    left, pairs, missed = list(got), [], []
    for mark in marks:
        one = next((one for one in left if fits(mark, one)), None)
        if one is None:
            missed.append(mark)
        else:
            left.remove(one)
            pairs.append((mark, one))
    return pairs, missed, left


def _shared(mark: Mark, one: Suggestion) -> int:
    return max(0, min(mark.end, one.end) - max(mark.start, one.start))


def _exactly(mark: Mark, one: Suggestion) -> bool:
    return (mark.start, mark.end) == (one.start, one.end)


def _overlapping(mark: Mark, one: Suggestion) -> bool:
    return _shared(mark, one) > 0


def _mostly(mark: Mark, one: Suggestion) -> bool:
    whole = max(mark.end, one.end) - min(mark.start, one.start)
    return _shared(mark, one) * 2 >= whole


FITS: dict[str, Fit] = {
    **dict.fromkeys(KINDS, _mostly),
    **{"quotation": _exactly, "mention": _exactly, "date": _overlapping},
}


def _agrees(reading: Reading, kind: str, mark: Mark, one: Suggestion) -> bool:
    """Whether the suggestion says of the words what the reading says; bounds are looked at."""
    if isinstance(one.found, Dated):
        return (mark.edtf, mark.basis) in _choices(one)
    if isinstance(one.found, Mention):
        return mark.speaker in one.found.actors
    if isinstance(one.found, Commitment):
        return mark.firmness == one.found.firmness and _same(reading, mark, one)
    return not isinstance(one.found, Statement) or _same(reading, mark, one)


def _same(reading: Reading, mark: Mark, one: Suggestion) -> bool:
    """Whether both have the same speaker: an actor by ref, another by words."""
    actor, words = _speaker(one)
    if mark.speaker in reading.refs or not mark.speaker or actor:
        return actor == mark.speaker and bool(words) == bool(mark.speaker)
    told, said = mark.speaker.casefold(), words.casefold()
    return bool(said) and (told in said or said in told)


def _speaker(one: Suggestion) -> tuple[str, str]:
    match one.found:
        case Quotation() | Statement():
            return one.found.actor, one.found.speaker
        case Commitment():
            return one.found.actor, one.found.actor
    return "", ""


def _choices(one: Suggestion) -> list[tuple[str, str]]:
    assert isinstance(one.found, Dated)
    return [(choice.edtf, choice.basis.partition("_")[0]) for choice in one.found.choices]


def _shown(reading: Reading, span: Mark | Suggestion) -> str:
    words = " ".join(reading.text[span.start : span.end].split())
    return f"{words[:70]}…{words[-20:]}" if len(words) > 95 else words


def _said(one: Suggestion) -> str:
    return str(_choices(one) if isinstance(one.found, Dated) else _speaker(one))


def _told(mark: Mark) -> str:
    return mark.edtf or f"{mark.speaker!r} {mark.firmness}"


def total(results: list[Result]) -> dict[str, Score]:
    """The scores of several texts together."""
    return {
        row: sum((one.scores[row] for one in results if row in one.scores), Score()) for row in ROWS
    }


def lines(title: str, scores: dict[str, Score]) -> Iterator[str]:
    """A table of scores."""
    yield f"\n{title}"
    yield f"  {'':12} right proposed marked  precision recall    F"
    for row in ROWS:
        if row in scores:
            one = scores[row]
            yield (
                f"  {row:12} {one.right:5} {one.proposed:8} {one.marked:6} "
                f"{one.precision:10.2f} {one.recall:6.2f} {one.f:5.2f}"
            )


def reached(result: Result) -> str:
    """The line of `reached.toml` for a text: right, proposed and marked for each kind."""
    cells = [
        f'"{row}" = "{one.right}/{one.proposed}/{one.marked}"' for row, one in result.scores.items()
    ]
    return f"{result.reading.name} = {{ {', '.join(cells)} }}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="*", help="names of readings; all when none is given")
    parser.add_argument("--article", type=Path, help="the article on the talks in Jeddah")
    parser.add_argument("--verbose", action="store_true", help="list misses and inventions")
    parser.add_argument("--reached", action="store_true", help="print reached.toml and no tables")
    parser.add_argument("--development", action="store_true", help="leave out the held-out texts")
    asked = parser.parse_args()
    readings = [load(name) for name in asked.texts or names()]
    if asked.article:
        readings.append(load("jeddah", asked.article))
    if asked.development:
        readings = [reading for reading in readings if not reading.is_held_out]
    results = [measure(reading) for reading in readings]
    if asked.reached:
        print("\n".join(reached(result) for result in results))
        return
    for result in results:
        which = "held out" if result.reading.is_held_out else "development"
        took = f"{result.seconds * 1000:.0f} ms"
        head = f"{result.reading.title} ({result.reading.name}, {which}, {took})"
        print("\n".join(lines(head, result.scores)))
        if asked.verbose:
            print("\n".join(f"    {line}" for line in result.wrong))
    for which, is_held_out in (("Development", False), ("Held out", True)):
        some = [one for one in results if one.reading.is_held_out == is_held_out]
        if some:
            print("\n".join(lines(f"{which}: {len(some)} texts", total(some))))
    if len(results) > 1:
        print("\n".join(lines(f"All: {len(results)} texts", total(results))))


if __name__ == "__main__":
    main()

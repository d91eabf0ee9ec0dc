"""How surely and how fast passages are found again in a new version of their text.

`python -m tests.bench.anchors` prints the rates over random cases (`--cases`) and the time for
1,000 passages of a text of 1 MB. The test suite asks for the rates over the same cases.

A case is a text of sentences that come again and again, passages of it, and a version of the text
that was edited at random. Every word carries a number of its own through all edits, so that the
place where each passage went is known, whatever its words.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count

from events.anchors import Again, Place, Span, again, candidates

CASES = 4000
WORDS = re.findall(
    r"\S+",
    """
    the a of to in on and that we they will not has said envoy talks truce peace side offer answer
    border guard mission river bridge council minister week day hour ask give hold stop begin end
    first second new old long short full clear every no any more less only now again then there
    don't side's cease-fire COVID-19 30-day G7 11 2025 1.5 Київ мир переговори
    """,
)
EDITS = [
    *("insert", "insert", "copy", "delete", "delete", "word", "word", "cut"),
    *("move", "move", "double", "join", "split", "sentence"),
]


@dataclass(frozen=True, slots=True)
class Word:
    """A word with the number that follows it through all edits, and what stands around it."""

    number: int
    text: str
    before: str = ""
    after: str = ""
    mark: str = ""
    gap: str = " "


Sentence = list[Word]
Paragraph = list[Sentence]


@dataclass
class Case:
    """A random text with passages, and its edited version."""

    seed: int
    random: random.Random = field(init=False)
    numbers: count[int] = field(default_factory=lambda: count(1))
    roots: dict[int, int] = field(default_factory=dict)
    """Of a word that was written a second time with all its paragraph: which word it repeats."""
    gone: set[tuple[str, ...]] = field(default_factory=set)
    """Sentences that were changed, deleted or copied, each once: both would be moving them."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.pool = [self.saying() for _ in range(self.random.randint(8, 40))]
        text = [
            [self.sentence() for _ in range(self.random.randint(1, 7))]
            for _ in range(self.random.randint(3, 12))
        ]
        self.notes = count(1)
        if self.random.random() < 0.5:
            text = self.annotate(text)
        self.old, self.places = written(text)
        self.old_notes = next(self.notes)
        self.passages = [self.passage(text) for _ in range(self.random.randint(1, 6))]
        for _ in range(self.random.randint(1, 6)):
            text = self.edit(text)
        self.new, self.now = written(self.restyle(text))

    def saying(self) -> list[str]:
        """Words of a sentence."""
        return [self.random.choice(WORDS) for _ in range(self.random.randint(3, 14))]

    def sentence(self, *, fresh: float = 0.4) -> Sentence:
        """A new sentence or one of the pool, quoted or not; its words are numbered anew."""
        draw = self.random
        texts = self.saying() if draw.random() < fresh else draw.choice(self.pool)
        words = [Word(next(self.numbers), text) for text in texts]
        words[0] = replace(words[0], text=words[0].text[0].upper() + words[0].text[1:])
        words[-1] = replace(words[-1], after=draw.choice([".", ".", ".", "!", "?"]))
        if draw.random() < 0.3:
            begin = draw.randrange(len(words))
            words[begin] = replace(words[begin], before="“")
            words[-1] = replace(words[-1], after=f"{words[-1].after}”")
        elif len(words) > 4 and draw.random() < 0.2:
            words[2] = replace(words[2], gap=" — ")
        return words

    def passage(self, text: list[Paragraph]) -> tuple[Span, list[int]]:
        """A passage of the text, where it stands and the numbers of its words."""
        draw = self.random
        words = [w for paragraph in text for sentence in paragraph for w in sentence]
        begin = draw.randrange(len(words))
        if draw.random() < 0.6:  # A whole sentence, as people mark them.
            sentence = draw.choice([s for paragraph in text for s in paragraph])
            begin = words.index(sentence[0])
            length = len(sentence)
        else:
            length = draw.choice([1, 2, 3, 5, 8, 13, 30])
        chosen = words[begin : begin + length]
        start, end = self.places[chosen[0].number][0], self.places[chosen[-1].number][1]
        if draw.random() < 0.5:
            start -= len(chosen[0].before)
            end += len(chosen[-1].after)
        return Span(start, end), [word.number for word in chosen]

    def edit(self, text: list[Paragraph]) -> list[Paragraph]:
        """The text with one edit of its words."""
        draw = self.random
        text = [list(paragraph) for paragraph in text]
        at = draw.randrange(len(text))
        paragraph = text[at]
        place = draw.randrange(len(paragraph))
        what = draw.choice(EDITS)
        if what == "insert":
            paragraph.insert(place, self.sentence(fresh=1))
        elif what == "copy":
            copied = self.sentence(fresh=0)
            if self.is_first(copied):
                paragraph.insert(place, copied)
        elif what == "delete" and self.is_first(paragraph[place]):
            del paragraph[place]
        elif what == "word" and self.is_first(paragraph[place]):
            words = list(paragraph[place])
            n = draw.randrange(len(words))
            other = draw.choice([word for word in WORDS if word != words[n].text.lower()])
            words[n] = replace(words[n], number=next(self.numbers), text=other)
            paragraph[place] = words
        elif what == "cut" and len(paragraph[place]) > 2 and self.is_first(paragraph[place]):
            n = draw.randrange(len(paragraph[place]))
            paragraph[place] = paragraph[place][:n] + paragraph[place][n + 1 :]
        elif what == "move":
            text.insert(draw.randrange(len(text)), text.pop(at))
        elif what == "sentence":
            moved = paragraph.pop(place)
            draw.choice(text).append(moved)
        elif what == "double":
            text.insert(draw.randrange(len(text) + 1), self.double(paragraph))
        elif what == "join" and at:
            text[at - 1 : at + 1] = [text[at - 1] + paragraph]
        elif what == "split":
            text[at : at + 1] = [paragraph[:place], paragraph[place:]]
        return [paragraph for paragraph in text if paragraph] or [[self.sentence(fresh=1)]]

    def is_first(self, sentence: Sentence) -> bool:
        """Whether these words were neither changed nor deleted nor copied before."""
        words = tuple(word.text.lower() for word in sentence)
        known = words in self.gone
        self.gone.add(words)
        return not known

    def double(self, paragraph: Paragraph) -> Paragraph:
        """The paragraph a second time."""
        found = [[replace(word, number=next(self.numbers)) for word in s] for s in paragraph]
        for one, two in zip(paragraph, found, strict=True):
            for first, second in zip(one, two, strict=True):
                self.roots[second.number] = self.roots.get(first.number, first.number)
        return found

    def annotate(self, text: list[Paragraph]) -> list[Paragraph]:
        """The text with citation marks after some sentences and words."""
        draw = self.random

        def marked(sentence: Sentence) -> Sentence:
            found = list(sentence)
            if draw.random() < 0.5 and found[-1].text.isalpha():
                found[-1] = replace(found[-1], mark=str(next(self.notes)))
            n = draw.randrange(len(found))
            if draw.random() < 0.1:
                found[n] = replace(found[n], mark=f"[{next(self.notes)}]")
            return found

        return [[marked(sentence) for sentence in paragraph] for paragraph in text]

    def restyle(self, text: list[Paragraph]) -> list[Paragraph]:
        """The text with other typography and citation marks."""
        draw = self.random
        style = draw.sample(
            ["straight", "angular", "spaces", "dashes", "soft", "strip", "annotate", "apart"],
            draw.randint(0, 4),
        )
        if "annotate" in style:
            text = self.annotate(text)

        def restyled(word: Word) -> Word:
            before, after, mark, gap, letters = (
                *(word.before, word.after, word.mark, word.gap),
                word.text,
            )
            if "straight" in style:
                before, after = before.replace("“", '"'), after.replace("”", '"')
            elif "angular" in style:
                before, after = before.replace("“", "«"), after.replace("”", "»")
                letters = letters.replace("'", "’")
            if "dashes" in style:
                gap, letters = gap.replace("—", "–"), letters.replace("-", "‑")
            if "spaces" in style and draw.random() < 0.3:
                gap = gap.replace(" ", draw.choice(["\u00a0", "  ", "\n", " \u200b"]))
            if "soft" in style and len(letters) > 5 and letters.isalpha():
                letters = f"{letters[:3]}\u00ad{letters[3:]}"
            if "strip" in style:
                mark = ""
            elif "apart" in style and mark:
                # By itself a new number between two sentences could be a word of either.
                is_known = mark.startswith("[") or self.old_notes > int(mark)
                mark = f" {mark}" if is_known else f" [{mark}]"
            return replace(word, text=letters, before=before, after=after, mark=mark, gap=gap)

        return [[[restyled(word) for word in s] for s in paragraph] for paragraph in text]


def written(text: list[Paragraph]) -> tuple[str, dict[int, tuple[int, int]]]:
    """The text, and where each numbered word stands in it."""
    parts: list[str] = []
    places: dict[int, tuple[int, int]] = {}
    at = 0
    for paragraph in text:
        for word in (w for sentence in paragraph for w in sentence):
            start = at + len(word.before)
            places[word.number] = (start, start + len(word.text))
            part = f"{word.before}{word.text}{word.after}{word.mark}{word.gap}"
            parts.append(part)
            at += len(part)
        parts.append("\n")
        at += 1
    return "".join(parts), places


def places_of(case: Case, numbers: list[int]) -> list[tuple[int, int]]:
    """Where the words are, in their order, with no other word between them.

    First where they were themselves, then where they were written again with their paragraph.
    """
    order = sorted(case.now, key=case.now.__getitem__)
    roots = [case.roots.get(number, number) for number in order]
    runs = [
        order[n : n + len(numbers)]
        for n, root in enumerate(roots)
        if root == numbers[0] and roots[n : n + len(numbers)] == numbers
    ]
    runs.sort(key=lambda run: run != numbers)
    return [(case.now[run[0]][0], case.now[run[-1]][1]) for run in runs]


def verdict(case: Case, numbers: list[int], place: Place) -> str:
    """What is to be said of one answer."""
    there = places_of(case, numbers)
    if place.span is None:
        return ("gone", "lost", "in two places")[min(len(there), 2)]
    start, end = place.span.start, place.span.end
    # What stands beside the words, such as a stop or a quotation mark, may be part of it.
    right = [start <= s and e <= end and end - start - (e - s) <= 8 for s, e in there]
    if any(right):
        return place.became if len(there) == 1 else "in two places"
    return f"{'wrong' if there else 'gone'}, {place.became}"


def tally(cases: int = CASES) -> Counter[str]:
    """What became of the passages of so many cases."""
    found: Counter[str] = Counter()
    for seed in range(cases):
        case = Case(seed)
        answers = again(case.old, case.new, [span for span, _ in case.passages])
        for (_, numbers), place in zip(case.passages, answers, strict=True):
            found[verdict(case, numbers, place)] += 1
    return found


def rate(found: Counter[str]) -> float:
    """Of the passages whose words survive, the share that is found at the right place."""
    right = found[Again.ANCHORED] + found[Again.MOVED]
    wrong = found[f"wrong, {Again.ANCHORED}"] + found[f"wrong, {Again.MOVED}"]
    return right / (right + wrong + found["lost"])


def offered(cases: int = CASES) -> Counter[str]:
    """Of the lost passages of which most words stand near each other still: whether that place is
    the first that is proposed, a later one, or none of them."""
    found: Counter[str] = Counter()
    for seed in range(cases):
        case = Case(seed)
        answers = again(case.old, case.new, [span for span, _ in case.passages])
        for (span, numbers), place in zip(case.passages, answers, strict=True):
            left = [case.now[number] for number in numbers if number in case.now]
            if place.span is not None or len(numbers) < 4 or len(left) < 0.6 * len(numbers):
                continue
            start, end = min(at for at, _ in left), max(at for _, at in left)
            if end - start > 1.5 * (span.end - span.start):
                continue
            hits = [
                min(end, c.span.end) - max(start, c.span.start) >= 0.6 * (end - start)
                for c in candidates(case.old, span, case.new)
            ]
            found["first" if hits[:1] == [True] else "later" if any(hits) else "not"] += 1
    return found


def large(size: int = 1_000_000, passages: int = 1000) -> tuple[str, str, list[Span]]:
    """A text of that many characters, an edited version, and passages."""
    draw = random.Random(7)
    letters = "abcdefghijklmnop"
    known = ["".join(draw.choices(letters, k=draw.randint(2, 9))) for _ in range(8000)]
    sentences = []
    length = 0
    while length < size:
        said = " ".join(draw.choices(known, k=draw.randint(5, 25)))
        sentences.append(said.capitalize() + draw.choice([".", ".", ".1", ".”12"]))
        length += len(sentences[-1]) + 1
    old = " ".join(sentences)[:size]
    for _ in range(300):
        at = draw.randrange(len(sentences))
        sentences[at : at + 1] = draw.choice([[], ["Quite new.", sentences[at]], ["Other words."]])
    starts = [draw.randrange(size - 200) for _ in range(passages)]
    return old, " ".join(sentences).replace(".”12", ".”"), [Span(s, s + 120) for s in starts]


def timed(size: int = 1_000_000) -> tuple[float, float]:
    """Seconds for all passages of a text of that size, and for a loop of str.find over them."""
    old, new, spans = large(size)
    begun = time.process_time()
    again(old, new, spans)
    middle = time.process_time()
    for span in spans:
        new.find(old[span.start : span.end])
    return middle - begun, time.process_time() - middle


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    cases = parser.parse_args().cases
    found = tally(cases)
    for what, number in sorted(found.items()):
        print(f"{number:7,} {what}")
    print(f"{rate(found):.2%} of the passages whose words survive are at the right place.")
    places = offered(cases)
    total = places.total()
    print(
        f"{total} lost ones are still near: {places['first'] / total:.0%} proposed first, "
        f"{places['later'] / total:.0%} among three, {places['not'] / total:.0%} not."
    )
    took, plainly = min(timed() for _ in range(3))
    print(f"1,000 passages in 1 MB: {took:.2f} s, {took / plainly:.1f} times a loop of str.find.")


if __name__ == "__main__":
    main()

"""The actors of the short texts in these tests, and what is asked about them."""

from datetime import date

from events.suggest import Known, suggest

ACTORS = (
    Known("A1", ("Anna Berger", "Berger")),
    Known("A2", ("Paul Morel", "Morel")),
    Known("A3", ("Марія Коваль", "Коваль")),
    Known("A4", ("Олег Сомов", "Сомов")),
    Known("A5", ("Norland", "NL", "Нордія"), is_person=False),
    Known("A6", ("Eastia",), is_person=False),
    Known("A7", ("Norland Foreign Ministry",), is_person=False),
)
DAY = date(2024, 5, 14)  # a Tuesday


def found(text, *kinds, day=DAY, actors=ACTORS, zone="UTC"):
    """The suggestions of some kinds."""
    return [s for s in suggest(text, actors=actors, day=day, zone=zone) if s.kind in kinds]


def quotations(text, actors=ACTORS):
    """Each quotation: its words, the words for the speaker, and the ref."""
    return [(q.exact, q.found.speaker, q.found.actor) for q in found(text, "quotation")]

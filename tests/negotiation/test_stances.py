"""Where statements leave an actor, and how long ago that was; by hand."""

from __future__ import annotations

from events.negotiation import Movement, Span, Statement, between, in_order, standing
from events.negotiation.shifts import Shift, shifts

DAY = 86_400


def on(day: int, key: int, stance: str = "open", **more: object) -> Statement:
    """A statement of an event known to the day, whose key is that of the statement."""
    return Statement(key, stance, key, day, day * DAY, (day + 1) * DAY, **more)  # type: ignore[arg-type]


def test_known_order_decides_on_one_day_alone() -> None:
    first, second, next_day = on(5, 1), on(5, 2), on(6, 3)
    undated = Statement(9, "open", 9)
    given = [next_day, second, undated, first]
    assert in_order(given) == [undated, first, second, next_day]
    assert in_order(given, [(1, 2), (2, 3)]) == [undated, second, first, next_day]


def test_latest_stance_passes_over_what_takes_no_side() -> None:
    first, latest, neither = on(1, 1, "opposes"), on(2, 2, "conditional"), on(3, 3, "none")
    found = standing([first, latest, neither])
    assert found is not None
    assert (found.latest, found.before, found.movement) == (latest, first, Movement.UP)
    assert standing([neither]) is None


def test_named_earlier_position_goes_before_the_one_before() -> None:
    first, between_them = on(1, 1, "opposes"), on(2, 2, "supports")
    latest = on(3, 3, "conditional", shifts_from=1)
    found = standing([first, between_them, latest])
    assert found is not None
    assert found.before == first
    denied = standing([first, on(2, 2, "denies_discussed")])
    assert denied is not None
    assert denied.movement == Movement.ASIDE
    hardened = standing([first, on(2, 2, "opposes", shift="hardens")])
    assert hardened is not None
    assert hardened.movement == Movement.DOWN


def test_days_count_by_the_calendar_and_hours_by_the_clock() -> None:
    day = 20_000 * DAY
    assert between(day, day + DAY, day + 2 * DAY, "UTC") == Span(1)
    assert between(day, day + DAY, day + DAY, "UTC") == Span(0)
    assert between(day, day + 60, day + 60 + 5 * 3_600, "UTC") == Span(0, 5)
    assert between(None, day, day + 3 * DAY, "UTC") == Span(3, at_least=True)
    assert between(day, None, day + DAY, "UTC") is None
    spans = (Span(0), Span(1), Span(13), Span(30), Span(620), Span(0, 5), Span(3, at_least=True))
    assert [(one.short, one.exact) for one in spans] == [
        ("today", "today"),
        ("1 d", "1 day"),
        ("13 d", "13 days"),
        ("4 wk", "30 days"),
        ("20 mo", "620 days"),
        ("5 h", "5 hours"),
        ("3 d", "at least 3 days"),
    ]


def test_only_what_is_new_or_moved_is_a_shift() -> None:
    was, same, now = on(1, 1, "open"), on(2, 2, "open"), on(3, 3, "supports")
    places = [standing([one]) for one in (was, same, now)]
    before = {"same": places[0], "moved": places[0]}
    after = {"same": places[1], "moved": places[2], "new": places[2], "none": None}
    after["at no known time"] = standing([Statement(9, "opposes", 9)])
    assert shifts(before, after) == [
        Shift("moved", places[0], places[2], Movement.UP),
        Shift("new", None, places[2], None),
    ]

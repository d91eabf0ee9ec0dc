"""A small dossier for the tests of the chart: the talks in Jeddah and what followed."""

from events.timeline import Item, Lane, Link
from events.timeline.scale import DAY, HOUR, days_of

LANES = (
    Lane("US", "United States", 1),
    Lane("UA", "Ukraine", 2),
    Lane("RU", "Russia", 3),
    Lane("EU", "Europe", 4),
    Lane("NATO", "NATO & others", 5),
)


def at(year: int, month: int, day: int, hour: float = 0) -> int:
    """An instant in UTC."""
    return days_of(year, month, day) * DAY + int(hour * HOUR)


def march(day: int, hour: float = 0) -> int:
    """An instant in March 2025, UTC."""
    return at(2025, 3, day, hour)


NOW = march(12, 9.67)


def item(
    number: int,
    title: str,
    lanes: str,
    kind: str = "statement",
    *,
    day: int | None = None,
    modality: str = "occurred",
    state: str = "reviewed",
    **fields: object,
) -> Item:
    """An item E<number>, known to the ``day`` of March 2025 unless ``earliest`` says otherwise."""
    bounds = {"earliest": march(day), "latest": march(day + 1)} if day else {}
    return Item(
        id=number,
        ref=f"E{number}",
        title=title,
        kind=kind,
        modality=modality,
        state=state,
        lanes=tuple(lanes.split()),
        url=f"/d/jeddah/events/E{number}/",
        **{"earliest": None, "latest": None, "when_label": "", **bounds, **fields},  # type: ignore[arg-type]
    )


TUESDAY = "Tue 11 March 2025, day precision"
ITEMS = (
    item(1, "Aid and intelligence sharing halted", "US", "decision",
         latest=march(11, 15), shape="interval", when_label="until 11 March 2025"),
    item(2, "Rubio: aid possible", "US", earliest=march(10, 9), latest=march(11, 6),
         when_label="before the talks", actors=("Rubio",)),
    item(3, "Zelenskyy and US leaders disagree", "UA US", "meeting",
         earliest=at(2025, 2, 28), latest=march(1), when_label="Fri 28 February 2025"),
    item(4, "Drone attack on Moscow", "UA", "attack",
         earliest=march(10, 20), latest=march(11, 6), when_label="night to 11 March 2025"),
    item(5, "Kovalenko: ‘signal to Putin’", "UA", day=11, order=0, when_label=TUESDAY),
    item(6, "Talks in Jeddah", "US UA", "talks", day=11, order=1, state="published",
         when_label=TUESDAY, link_count=6),
    item(7, "Joint statement: US to reinstate intelligence sharing and security assistance", "US",
         day=11, order=2, contested=True, when_label=f"{TUESDAY}, after E6", link_count=7),
    item(8, "US to resume aid and intelligence sharing", "US", "decision", day=11, order=2,
         contested=True, when_label=f"{TUESDAY}, after E6"),
    item(9, "Rubio, in Jeddah: Russia now holds the responsibility", "US", day=11, order=3,
         when_label=TUESDAY, actors=("Rubio",)),
    item(10, "Trump: ‘It takes two to tango’", "US", day=11, order=3, when_label=TUESDAY,
         actors=("Trump",)),
    item(11, "Waltz: shuttle diplomacy will continue", "US", day=11, order=3, when_label=TUESDAY,
         actors=("Waltz",)),
    item(12, "Rubio: ‘This is not Mean Girls’", "US", day=11, order=3, when_label=TUESDAY,
         actors=("Rubio",)),
    item(13, "Trump–Putin talk", "US", "call", modality="announced", when_label="no date stated"),
    item(14, "Ukraine agrees to 30-day ceasefire proposal", "UA", "decision", day=11, order=3,
         when_label=TUESDAY, link_count=2),
    item(15, "Officials: concessions not discussed", "UA", day=11, order=3, contested=True,
         when_label=TUESDAY),
    item(16, "Zarivna: Russia ‘should do the same’", "UA", day=11, order=3, when_label=TUESDAY),
    item(17, "Zakharova to TASS: contacts not ruled out", "RU", day=11, state="draft",
         when_label=TUESDAY),
    item(18, "Possible US contacts, ‘over the next few days’", "RU", "meeting",
         modality="not_ruled_out", earliest=march(12, 9), latest=march(15, 6), shape="interval",
         approximate=True, when_label="the days after 11 March 2025"),
    item(19, "von der Leyen on X", "EU", "post", day=11, order=3, when_label=TUESDAY,
         actors=("von der Leyen",)),
    item(20, "Tusk on X", "EU", "post", day=11, order=3, when_label=TUESDAY, actors=("Tusk",)),
    item(21, "Starmer: ‘ball is now in the Russian court’", "EU", day=11, order=3,
         when_label=TUESDAY),
    item(22, "Starmer convenes leaders", "EU", "meeting", day=15, modality="planned",
         when_label="Sat 15 March 2025, day precision"),
    item(23, "Leaders meet in Paris", "NATO", "meeting", modality="planned",
         when_label="no date stated"),
    item(24, "Kyiv ‘tried desperately to patch up relations’", "UA", "other"),
)  # fmt: skip
LINKS = (
    *(Link(f"E{number}", "E7", suggested=number == 17) for number in (9, 10, 11, 12, 17, 19, 21)),
    Link("E7", "E6", kind="follows_from"),
)


def dense() -> tuple[Item, ...]:
    """March 2025 of a large archive: crowds of a day each, and a few events among them."""
    kinds = ("mixed", "statement", "attack")
    crowds = (
        Item(
            id=1000 + number,
            ref="",
            title="",
            kind=kinds[number % 3],
            modality="occurred" if day < 13 else "planned",
            state="",
            lanes=tuple(lanes.split()),
            earliest=march(day),
            latest=march(day + 1),
            count=2 + (number * 7919) % 3001 // (1 + number % 5),
        )
        for number, (day, lanes) in enumerate(
            (day, lanes)
            for day in range(1, 29)
            for lanes in ("US", "UA", "RU", "EU", "NATO", "US UA")
            if (day * 5 + len(lanes)) % 7
        )
    )
    return (*crowds, ITEMS[5], ITEMS[6], ITEMS[18], ITEMS[20])

"""The whole chart: what is drawn of each kind of date, names, links, limits."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.timeline import Item, Lane, Link, Window, detail, layout, scale
from events.timeline.chart import Beyond, Branch, Chart, Cluster, Label, Mark, Tie
from events.timeline.detail import End, Extent
from events.timeline.lettering import LONGEST, text_width
from events.timeline.scale import DAY, HOUR, Scale
from tests.timeline.sample import ITEMS, LANES, LINKS, NOW, at, item, march

WEEK = Window(march(9), march(16))
WIDTH = 112 + 7 * 140  # a day is 140 pixels


def draw(*items: Item, selected: str | None = None, links: tuple[Link, ...] = (),
         window: Window = WEEK, now: int = NOW, as_of: int | None = None,
         lanes: tuple[Lane, ...] = LANES) -> Chart:  # fmt: skip
    return layout(items, lanes, window, WIDTH, "UTC", now, selected, links, as_of)


def marks(chart: Chart) -> dict[str, Mark | Cluster]:
    return {
        mark.ref if isinstance(mark, Mark) else mark.refs: mark
        for lane in chart.lanes
        for mark in lane.marks
    }


def only(chart: Chart) -> Mark:
    (mark,) = (mark for lane in chart.lanes for mark in lane.marks)
    assert isinstance(mark, Mark)
    return mark


def figure(one: Item, now: int = NOW, window: Window = WEEK) -> detail.Figure:
    (found,) = detail.view([one], Scale(window, 112, WIDTH), "UTC", now).figures
    return found


def whisker(left: int, right: int, start: End, end: End) -> Extent:
    return Extent(left, right, start, end, left, right)


K, O, V, C = End.KNOWN, End.OPEN, End.VAGUE, End.CUT  # noqa: E741


@pytest.mark.parametrize(
    ("fields", "x", "extent"),
    [
        # 14:30, stated
        ({"earliest": march(11, 14.5), "latest": march(11, 14.5) + 60}, 477, None),
        # 11 March
        ({"day": 11}, 462, None),
        # about 11 March
        ({"day": 11, "approximate": True}, 462, whisker(392, 532, V, V)),
        # between 10 and 12 March
        ({"earliest": march(10), "latest": march(13)}, 462, whisker(252, 672, K, K)),
        # 4 hours are 23 pixels: the disc itself
        ({"earliest": march(11, 8), "latest": march(11, 12)}, 450, None),
        # before the talks
        ({"latest": march(11, 12)}, 378, whisker(322, 462, O, K)),
        # after 11 March
        ({"earliest": march(12)}, 616, whisker(532, 672, K, O)),
        # planned, no date
        ({"modality": "planned"}, 722, whisker(602, 802, K, O)),
        # February and the first days of March: runs in from the left
        ({"earliest": at(2025, 2, 1), "latest": march(11)}, 252, whisker(112, 392, C, K)),
        # the whole year: runs through
        ({"earliest": at(2025, 1, 1), "latest": at(2026, 1, 1)}, 602, whisker(112, 1092, C, C)),
    ],
)
def test_how_precisely_a_point_is_known(
    fields: dict[str, object], x: int, extent: Extent | None
) -> None:
    found = figure(item(1, "Something", "US", **fields))  # type: ignore[arg-type]
    assert (found.x, found.extent, found.bar) == (x, extent, False)


@pytest.mark.parametrize(
    ("fields", "extent"),
    [
        # 10 to 12 March
        ({"earliest": march(10), "latest": march(13), "certain_from": march(11),
          "certain_to": march(12)}, Extent(252, 672, K, K, 252, 672)),
        # about 10 to 12 March
        ({"earliest": march(10), "latest": march(13), "approximate": True},
         Extent(252, 672, V, V, 276, 648)),
        # began some time before the 12th
        ({"earliest": march(9), "latest": march(13), "certain_from": march(12)},
         Extent(112, 672, V, K, 532, 672)),
        # from before 10 March to 11 March
        ({"latest": march(12), "certain_from": march(10)}, Extent(112, 532, O, K, 172, 532)),
        # from 11 March, ongoing: sure until now, open beyond
        ({"earliest": march(11)}, Extent(392, 648, K, O, 392, 588)),
        # from January to April
        ({"earliest": at(2025, 1, 1), "latest": at(2025, 4, 1)},
         Extent(112, 1092, C, C, 112, 1092)),
    ],
)  # fmt: skip
def test_how_precisely_an_interval_is_known(fields: dict[str, int], extent: Extent) -> None:
    found = figure(item(1, "Something", "US", shape="interval", **fields))  # type: ignore[arg-type]
    assert (found.extent, found.bar) == (extent, True)


def test_an_interval_too_short_to_see_is_a_mark() -> None:
    short = item(1, "Short", "US", earliest=march(11), latest=march(11, 3), shape="interval")
    assert (figure(short).x, figure(short).bar) == (401, False)


def test_a_day_becomes_a_whisker_when_one_looks_closely() -> None:
    found = figure(item(1, "Talks", "US", day=11), window=Window(march(11), march(12)))
    assert found.extent == whisker(112, 1092, K, K)
    assert found.x == 602


def test_events_of_a_day_stand_in_known_order() -> None:
    chart = draw(
        item(1, "Later", "US", day=11, order=2),
        item(2, "First", "UA", day=11, order=0),
        item(3, "Unknown", "RU", day=11),
        item(4, "Also first", "EU", day=11, order=0),
        item(5, "Next day", "US", day=12, order=9),
    )
    assert {ref: mark.x for ref, mark in marks(chart).items()} == {
        "E1": 462, "E2": 439, "E3": 485, "E4": 439, "E5": 602,
    }  # fmt: skip
    assert marks(chart)["E3"].name == "Unknown, order unknown, Russia, reviewed"


def test_events_of_a_day_stay_in_their_day() -> None:
    items = [item(n, "Event", "US", day=11, order=n) for n in range(1, 20)]
    xs = [mark.x for mark in marks(draw(*items)).values()]
    assert min(xs) >= 392 + 10
    assert max(xs) <= 532 - 10


def test_a_single_mark_whole() -> None:
    talks = item(
        6, "Talks in Jeddah", "US", "talks", day=11, state="published", contested=True,
        when_label="Tue 11 March 2025, day precision",
    )  # fmt: skip
    assert only(draw(talks, selected="E6")) == Mark(
        ref="E6",
        url="/d/jeddah/events/E6/",
        name="Talks in Jeddah, Tue 11 March 2025, day precision, United States, published, "
        "contested",
        lane="US",
        kind="talks",
        x=462,
        y=20,
        classes="s1 is-contested is-selected",
        tab=True,
        instant=march(11, 12),
        badge=(469, 12),
        whisker="",
        caps="",
        bar=None,
        label=Label(481, 24, "start", "Talks in Jeddah"),
    )


def test_a_planned_event_without_date_starts_at_now() -> None:
    mark = only(draw(item(13, "Call of the presidents", "US", "call", modality="announced")))
    assert (mark.classes, mark.whisker, mark.caps) == (
        "s1 is-planned",
        "M602 20H712M732 20H802",
        "M602 15V25M797 15L802 20L797 25",
    )
    assert mark.label == Label(810, 24, "start", "Call of the presidents, no date stated")
    assert mark.name == (
        "Call of the presidents, no date stated, United States, reviewed, announced"
    )


def test_undated_events_are_counted_not_drawn() -> None:
    chart = draw(item(1, "Some time", "US"), item(2, "Nor this", "US", modality="cancelled"))
    assert (chart.undated, chart.undated_text, chart.shown) == (2, "‹ 2 undated", 0)
    assert chart.lanes[0].count_text == "No events"


def test_an_event_of_two_sides_is_tied_and_labelled_once() -> None:
    chart = draw(item(6, "Talks", "US RU", "talks", day=11))
    us, _, ru = (lane.marks for lane in chart.lanes[:3])
    assert chart.ties == (Tie(462, 30, 90),)
    assert [mark.tab for mark in (*us, *ru)] == [True, False]
    assert [mark.label and mark.label.shown for mark in (*us, *ru)] == [True, False]
    assert us[0].name == ru[0].name == "Talks, United States and Russia, reviewed"


def test_an_event_of_no_side_stands_with_the_others() -> None:
    chart = draw(item(1, "Elsewhere", "", day=11), item(2, "Nowhere", "XX", day=12))
    assert [lane.label for lane in chart.lanes] == [
        "United States", "Ukraine", "Russia", "Europe", "NATO & others", "Others",
    ]  # fmt: skip
    assert [lane.count for lane in chart.lanes] == [0, 0, 0, 0, 0, 2]


def test_what_has_no_date_needs_no_lane() -> None:
    dated = item(1, "Halted", "US", day=11)
    chart = draw(dated, replace(item(2, "Nowhere", "", day=12), earliest=None, latest=None))
    assert [lane.label for lane in chart.lanes] == [lane.label for lane in LANES]
    assert chart.undated == 1


def test_a_folded_lane_is_one_low_row() -> None:
    lanes = tuple(replace(lane, folded=lane.key == "US") for lane in LANES)
    bar = item(1, "Halted", "US", earliest=march(9), latest=march(12), shape="interval")
    crowd = [item(n, "Said", "US", day=11) for n in range(2, 5)]
    chart = draw(bar, *crowd, item(5, "Before", "US", day=1), item(6, "Other", "UA", day=11),
                 lanes=lanes)  # fmt: skip
    us, ua = chart.lanes[:2]
    assert (us.top, us.height, us.folded, us.count, us.count_text) == (0, 24, True, 4, "4")
    assert {mark.y for mark in us.marks} == {12}
    assert [isinstance(mark, Cluster) for mark in us.marks] == [False, True]
    assert not any(mark.label and mark.label.shown for mark in us.marks)
    assert (us.name, us.earlier) == ("United States, 4 events, 1 earlier", None)
    assert ua.top == 24
    assert (us.fold, ua.fold) == ((), ("US", "UA"))


def test_others_may_have_a_lane_of_their_own_name() -> None:
    lanes = (LANES[0], Lane("", "No issue", 0, folded=True))
    assert [lane.label for lane in draw(item(1, "A", "US", day=11), lanes=lanes).lanes] == [
        "United States"
    ]
    both = draw(item(1, "A", "US", day=11), item(2, "B", "", day=11), lanes=lanes)
    assert [(lane.label, lane.count, lane.fold) for lane in both.lanes] == [
        ("United States", 1, ("US", "none")), ("No issue", 1, ()),
    ]  # fmt: skip


def test_lanes_grow_with_their_rows() -> None:
    items = [item(n, "The same moment", "US", day=11) for n in range(1, 4)]
    chart = draw(*items, item(9, "Other", "UA", day=11))
    assert [(lane.top, lane.height) for lane in chart.lanes] == [
        (0, 82), (82, 40), (122, 40), (162, 40), (202, 40),
    ]  # fmt: skip
    assert [mark.y for mark in chart.lanes[0].marks] == [17, 41, 65]
    assert chart.height == 242


def test_too_many_at_once_share_a_pill_that_opens_the_list() -> None:
    items = [
        item(n, f"Statement {n}", "US", day=11, actors=(name,))
        for n, name in enumerate(["Rubio", "Trump", "Waltz", "Rubio", "Witkoff"], 1)
    ]
    cluster = marks(draw(*items))["E4 E5"]
    assert isinstance(cluster, Cluster)
    assert (cluster.count, cluster.glyph, cluster.start, cluster.end, cluster.anchor) == (
        2, "kind-statement", "", "", "day-2025-03-11",
    )  # fmt: skip
    assert cluster.name == "Rubio, Witkoff: 2 statements, Tue 11 March 2025, United States"
    assert cluster.label == Label(486, 93, "start", "Rubio, Witkoff: 2 statements")
    assert (cluster.left, cluster.width) == (444, 36)


def test_a_pill_of_several_days_zooms_to_them() -> None:
    kinds = ("post", "talks", "call", "attack", "deadline", "meeting", "other", "decision", "talks")
    items = [item(n, "Event", "US", kind, day=10 + n) for n, kind in enumerate(kinds, 1)]
    chart = draw(*items, window=Window(at(2025, 1, 1), at(2026, 1, 1)))
    cluster = next(mark for mark in chart.lanes[0].marks if isinstance(mark, Cluster))
    assert cluster.glyph == "ui-dots"
    assert cluster.anchor == ""
    start, end = (scale.parse_instant(text) for text in (cluster.start, cluster.end))
    assert march(10) < start < end < march(22)


def test_events_outside_are_counted_at_the_edges() -> None:
    chart = draw(
        item(1, "Long ago", "US", day=1),
        item(2, "Before", "US", day=5),
        item(3, "After", "UA", earliest=march(20), latest=march(21)),
    )
    assert chart.shown == 0
    assert chart.lanes[0].earlier == Beyond(
        2, "2 earlier events, United States", "‹ 2", 104, 32, 82, 16, 24,
        "2025-03-02", "2025-03-09",
    )  # fmt: skip
    assert chart.lanes[1].later is not None
    assert chart.lanes[1].later.name == "1 later event, Ukraine"


def test_links_of_the_selected_event() -> None:
    chart = draw(
        item(1, "Offer", "US", day=11, order=1),
        item(2, "Answer below", "RU", day=12),
        item(3, "Contradiction", "EU", day=12),
        item(4, "Cause", "UA", day=10),
        item(5, "Much later", "EU", earliest=march(30), latest=march(31)),
        item(6, "Not linked", "RU", day=14),
        selected="E1",
        links=(
            Link("E2", "E1", suggested=True),
            Link("E3", "E1", "contradicts"),
            Link("E1", "E4", "follows_from"),
            Link("E5", "E1"),
            Link("E6", "E2"),
        ),
    )
    assert chart.branches == (
        Branch("E2", "M462 33V90Q462 100 472 100H584", "M590 100L583 96L583 104Z",
               "link-responds-to is-suggested"),
        Branch("E3", "M462 33V130Q462 140 472 140H584", "M582 136L590 144M590 136L582 144",
               "link-contradicts"),
        Branch("E4", "M322 47V30Q322 20 332 20H444", "M450 20L443 16L443 24Z",
               "link-follows-from"),
    )  # fmt: skip
    assert [(tag.count, tag.x, tag.y, tag.name) for tag in chart.tags] == [
        (1, 1078, 40, "1 linked, later")
    ]


def test_nothing_is_linked_without_a_selection() -> None:
    assert draw(*ITEMS, links=LINKS).branches == ()
    assert draw(*ITEMS, links=LINKS, selected="E99").branches == ()


def test_every_link() -> None:
    items = (
        item(1, "Offer", "US", day=11, order=1),
        item(2, "Answer", "RU", day=12),
        item(3, "Denial", "EU", day=12),
        item(4, "Cause", "UA", day=10),
        item(5, "Much later", "EU", earliest=march(30), latest=march(31)),
    )
    links = (
        Link("E2", "E1", suggested=True),
        Link("E2", "E1", "clarifies"),
        Link("E3", "E2", "contradicts"),
        Link("E1", "E4", "follows_from"),
        Link("E5", "E2"),
        Link("E2", "E99"),
    )
    quiet = [
        ("E2", "link-responds-to is-quiet is-suggested"),
        ("E3", "link-contradicts is-quiet"),
        ("E1", "link-follows-from is-quiet"),
    ]

    def drawn(selected: str | None) -> list[tuple[str, str]]:
        chart = layout(items, LANES, WEEK, WIDTH, "UTC", NOW, selected, links, every_link=True)
        return [(branch.ref, branch.classes) for branch in chart.branches]

    assert drawn(None) == quiet
    # Those of the selected event come last, so that they lie on top.
    assert drawn("E4") == [*quiet[:2], ("E1", "link-follows-from")]


def test_at_most_300_links_and_none_within_a_pill() -> None:
    items = [item(n, "Event", "US", day=10 + n % 5) for n in range(60)]
    links = [Link(f"E{a}", f"E{b}") for a in range(60) for b in range(a)]
    chart = layout(items, LANES, WEEK, 2500, "UTC", NOW, links=links, every_link=True)
    assert 20 < len(chart.branches) <= 300
    assert len({branch.path for branch in chart.branches}) == len(chart.branches)


def test_seen_from_an_earlier_instant() -> None:
    chart = draw(
        item(1, "Known", "US", day=10), item(2, "Not yet", "UA", day=12),
        selected="E1", links=(Link("E2", "E1"),), as_of=march(11),
    )  # fmt: skip
    assert (chart.veil_x, chart.veil_width, chart.branches) == (392, 700, ())
    known, not_yet = marks(chart)["E1"], marks(chart)[""]
    assert (known.label and known.label.text, not_yet.label) == ("Known", None)
    assert (not_yet.classes, not_yet.url) == ("s2 is-ghost", "")
    assert not_yet.name == "Later event, Ukraine"
    assert (chart.shown, chart.total) == (1, 1)
    assert [lane.count for lane in chart.lanes if lane.key in ("US", "UA")] == [1, 0]
    assert chart.flag == "Now"


def test_selecting_moves_nothing() -> None:
    places = {
        ref: [(mark.x, mark.y) for lane in chart.lanes for mark in lane.marks]
        for ref in (None, "E7", "E21")
        for chart in [draw(*ITEMS, selected=ref)]
    }
    assert places[None] == places["E7"] == places["E21"]


def test_one_tab_stop() -> None:
    for selected in (None, "E6", "E12", "E24"):
        chart = draw(*ITEMS, selected=selected)
        assert sum(mark.tab for lane in chart.lanes for mark in lane.marks) == 1
    assert sum(mark.tab for mark in draw().lanes[0].marks) == 0


def test_now_outside_the_window() -> None:
    before, after = draw(now=march(1)), draw(now=march(20))
    assert (before.now_x, before.future_x, before.future_width) == (None, 112, 980)
    assert (after.now_x, after.future_x, after.future_width) == (None, None, 0)


def random_item(draw: st.DrawFn) -> Item:
    start = draw(st.integers(march(1), march(24)) | st.integers(1, 23).map(march))
    length = draw(st.sampled_from([60, HOUR, 8 * HOUR, DAY, 3 * DAY, 20 * DAY]))
    earliest, latest = draw(
        st.sampled_from([(start, start + length), (start, None), (None, start), (None, None)])
    )
    return replace(
        item(0, draw(st.text("abcdefgh MW", max_size=60)), ""),
        kind=draw(st.sampled_from(["talks", "statement", "decision", "other"])),
        modality=draw(st.sampled_from(["occurred", "planned", "cancelled"])),
        lanes=tuple(draw(st.lists(st.sampled_from(["US", "UA", "", "?"]), max_size=2))),
        earliest=earliest,
        latest=latest,
        shape=draw(st.sampled_from(["point", "interval", "none"])),
        approximate=draw(st.booleans()),
        contested=draw(st.booleans()),
        order=draw(st.none() | st.integers(0, 5)),
    )


item_sets = st.lists(st.composite(random_item)(), max_size=40).map(
    lambda items: [replace(one, id=n, ref=f"E{n}") for n, one in enumerate(items, 1)]
)


def boxes(chart: Chart, mark: Mark | Cluster) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """The pixels of a mark (with bar or whisker) and those of its label if outside."""
    if isinstance(mark, Cluster):
        own = (mark.left, mark.left + mark.width)
    elif mark.bar:
        own = (mark.bar.x, mark.bar.x + mark.bar.width)
    else:
        own = (mark.x - 10, mark.x + 10)
    if mark.label is None or not mark.label.shown:
        return own, None
    width = text_width(mark.label.text)
    x = mark.label.x - width if mark.label.anchor == "end" else mark.label.x
    return own, (x, x + width)


@settings(max_examples=150, deadline=None)
@given(item_sets, st.integers(400, 1600), st.sampled_from([DAY, 7 * DAY, 30 * DAY, 700 * DAY]))
def test_nothing_covers_anything(items: list[Item], width: int, span: int) -> None:
    window = scale.clamp(march(11) - span // 2, span)
    chart = layout(items, LANES[:2], window, width, "UTC", NOW)
    for lane in chart.lanes:
        taken: dict[int, list[tuple[tuple[int, int], int]]] = {}
        for index, mark in enumerate(lane.marks):
            assert lane.top + 10 <= mark.y <= lane.bottom - 10
            for box in boxes(chart, mark):
                if box is None:
                    continue
                assert 112 <= box[0] <= box[1] <= chart.width
                for other, owner in taken.setdefault(mark.y, []):
                    inside = owner == index  # a label inside its own bar
                    assert inside or box[1] <= other[0] or other[1] <= box[0]
                taken[mark.y].append((box, index))
            if mark.label:
                assert len(mark.label.text) <= LONGEST
    assert chart.shown <= chart.total == len(items)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([500, 3000]), st.integers(1, 40))
def test_never_more_than_400_marks(seed: int, count: int, sides: int) -> None:
    lanes = tuple(Lane(str(n), f"Side {n}", n % 5 + 1) for n in range(sides))
    items = [
        item(n, f"Event {n}", f"{n % sides} {(n * 7) % sides}",
             earliest=march(9) + (n * 7919 + seed) % (7 * DAY),
             latest=march(9) + (n * 7919 + seed) % (7 * DAY) + 60)
        for n in range(1, count)
    ]  # fmt: skip
    chart = layout(items, lanes, WEEK, 1400, "UTC", NOW)
    assert sum(len(lane.marks) for lane in chart.lanes) <= 400
    assert all(lane.height <= 4 * 24 + 10 for lane in chart.lanes)
    assert chart.shown == len(items)


CROWD = tuple(
    item(number, f"Rubio speaks a {number}th time", "US", day=11) for number in range(20, 34)
)


def test_the_selected_event_is_never_swallowed_by_a_pill() -> None:
    for one in CROWD:
        assert one.ref in marks(draw(*CROWD, selected=one.ref))


def test_a_bar_stays_a_bar_while_marks_can_share_a_pill() -> None:
    bars = (
        item(1, "Halted", "US", earliest=march(7), latest=march(12), shape="interval"),
        item(2, "Joint work", "US", earliest=march(10), latest=march(13), shape="interval"),
    )
    assert {"E1", "E2"} <= marks(draw(*bars, *CROWD)).keys()

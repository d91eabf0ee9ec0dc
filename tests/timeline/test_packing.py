"""Rows, clusters and labels: nothing covers anything else."""

from hypothesis import given
from hypothesis import strategies as st

from events.timeline import packing
from events.timeline.lettering import cut, in_lines, text_width
from events.timeline.packing import Place, Shelf, Side, Spot, Unit


def disc(x: int, label: int = 0) -> Unit:
    places = (
        Place(Side.RIGHT, x + 16, x + 16 + label),
        Place(Side.LEFT, x - 16 - label, x - 16),
    )
    return Unit(x, x - 10, x + 10, True, places if label else ())


def bar(left: int, right: int) -> Unit:
    return Unit(left, left, right, False)


def rows(spots: tuple[Spot | None, ...]) -> list[int | None]:
    return [spot.row if spot else None for spot in spots]


def test_the_first_free_row_wins() -> None:
    assert rows(packing.pack([disc(100), disc(100), disc(122), disc(121)])) == [0, 1, 0, 2]


def test_bars_and_whiskers_want_more_room_than_discs() -> None:
    assert rows(packing.pack([bar(0, 100), disc(115), disc(116)])) == [0, 1, 0]


def test_a_fifth_row_there_is_not() -> None:
    assert rows(packing.pack([disc(100)] * 5)) == [0, 1, 2, 3, None]


def test_what_is_taken_is_taken_in_the_first_row_only() -> None:
    assert rows(packing.pack([disc(100), disc(100)], taken=(bar(90, 200),))) == [1, 2]


def test_a_label_goes_right_then_left() -> None:
    alone = packing.pack([disc(300, 80)])
    assert alone == (Spot(0, Place(Side.RIGHT, 316, 396)),)
    crowd = packing.pack([disc(300, 80), disc(330, 80), disc(330, 80)])
    assert [spot and spot.place and spot.place.side for spot in crowd] == [
        Side.LEFT,
        Side.RIGHT,
        Side.RIGHT,
    ]


def test_a_mark_is_worth_more_than_a_label() -> None:
    units = [Unit(100, 90, 110, True, (Place(Side.RIGHT, 116, 400),))] * 4 + [disc(200)]
    assert rows(packing.pack(units)) == [0, 1, 2, 3, 0]


def test_what_finds_no_row_joins_its_nearest_neighbour() -> None:
    xs = [100, 101, 102, 103, 104, 300]

    def unit_of(group: tuple[int, ...]) -> Unit:
        if len(group) == 1:
            return disc(xs[group[0]])
        middle = sum(xs[index] for index in group) // len(group)
        return Unit(middle, middle - 18, middle + 18, False)

    settled = packing.settle([(index,) for index in range(len(xs))], unit_of)
    assert [(group, spot.row) for group, _, spot in settled] == [
        ((0,), 0),
        ((1,), 1),
        ((2,), 2),
        ((3, 4), 3),
        ((5,), 0),
    ]


def test_a_shelf_gives_the_first_place_that_is_free() -> None:
    unit = disc(100)
    shelf = Shelf([(unit, Spot(0)), (disc(200), Spot(0))])
    right, left = Place(Side.RIGHT, 116, 190), Place(Side.LEFT, 10, 84)
    assert shelf.write(0, (right, left)) == left
    assert shelf.write(0, (right, left)) is None


units = st.builds(
    lambda x, reach, label, plain: (
        disc(x, label)
        if plain
        else Unit(x, x - reach, x + reach, False, (Place(Side.RIGHT, x + reach + 8, x + 300),))
    ),
    st.integers(0, 900),
    st.integers(12, 200),
    st.integers(0, 200),
    st.booleans(),
)


@given(st.lists(units, max_size=40), st.integers(1, 4))
def test_marks_never_overlap_in_a_row(units: list[Unit], rows: int) -> None:
    placed: dict[int, list[Unit]] = {}
    for unit, spot in zip(units, packing.pack(units, rows), strict=True):
        if spot:
            assert 0 <= spot.row < rows
            for other in placed.setdefault(spot.row, []):
                gap = packing.DISC_GAP if unit.disc and other.disc else packing.GAP
                assert unit.right + gap <= other.left or other.right + gap <= unit.left
            placed[spot.row].append(unit)


@given(st.lists(units, min_size=1, max_size=40))
def test_settling_keeps_everything(units: list[Unit]) -> None:
    def unit_of(group: tuple[int, ...]) -> Unit:
        if len(group) == 1:
            return units[group[0]]
        middle = sum(units[index].x for index in group) // len(group)
        return Unit(middle, middle - 18, middle + 18, False)

    settled = packing.settle([(index,) for index in range(len(units))], unit_of)
    assert sorted(index for group, _, _ in settled for index in group) == list(range(len(units)))


def test_labels_are_cut_after_a_word() -> None:
    assert cut("Joint statement: US to reinstate intelligence sharing") == (
        "Joint statement: US to reinstate…"
    )
    assert cut("Ukraine agrees to 30-day ceasefire proposal") == (
        "Ukraine agrees to 30-day ceasefire proposal"
    )
    assert cut("  two\n words ") == "two words"
    assert cut("x" * 50) == "x" * 43 + "…"
    assert cut("one, two", 6) == "one…"
    assert in_lines("NATO & others", 60, 1, 12, 600) == ["NATO &…"]
    assert in_lines("NATO & others", 60, 2, 12, 600) == ["NATO &", "others"]
    assert in_lines("Return of prisoners", 300, 2) == ["Return of prisoners"]
    assert in_lines("Unaussprechlichkeit der Dinge", 60, 2) == ["Unauss…"]
    assert in_lines("W", 1, 1) == ["W"]


@given(st.text(max_size=200), st.integers(2, 60))
def test_a_cut_label_is_never_too_long(text: str, longest: int) -> None:
    assert len(cut(text, longest)) <= longest


def test_widths_are_those_of_inter() -> None:
    assert text_width("Ukraine agrees to 30-day ceasefire proposal") == 255
    assert text_width("Ukraine agrees to 30-day ceasefire proposal", weight=600) == 265
    assert text_width("") == 0
    assert text_width("協議") == 24

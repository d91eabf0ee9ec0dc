"""The web fonts hold what the interface writes, and stay small."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tracker import fonts

# Building takes seconds: once, in one worker.
pytestmark = pytest.mark.xdist_group("fonts")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    fonts.build(folder)
    return folder


def test_both_are_small_and_variable_in_weight_alone(built: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in built.iterdir()}
    assert sorted(sizes) == ["inter.woff2", "source-serif-4.woff2"]
    assert sum(sizes.values()) < 155_000
    for name in sizes:
        with TTFont(built / name) as font:
            axes = [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes]
        assert axes == [("wght", 400.0, 700.0)]


def test_they_write_english_ukrainian_and_russian(built: Path) -> None:
    text = "Zelenskyy said: ‘a 30-day truce’ – £1,000 … Київ, Україна, ґанок; объявление, Ёлка → №5"
    for path in built.iterdir():
        with TTFont(path) as font:
            known = font.getBestCmap()
        missing = {sign for sign in text if ord(sign) not in known} - {"→"}
        assert missing == set()


def test_what_is_there_is_not_made_again(built: Path) -> None:
    assert fonts.build(built) == []

"""Web fonts, cut down from the variable fonts that two packages carry.

Latin and Cyrillic with the punctuation, arrows and currency signs of the interface: about 120 kB
for both, where the originals have 2 MB. System fonts stand in where this could not be done.
"""

from importlib.metadata import distribution
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# File name, package, font in it. The optical size is fixed at that of running text.
FONTS = (
    ("inter.woff2", "fontpkg-inter", "fontpkg_inter/files/Inter[opsz,wght].ttf"),
    (
        "source-serif-4.woff2",
        "fontpkg-source-serif-4",
        "fontpkg_source_serif_4/files/SourceSerif4[opsz,wght].ttf",
    ),
)
AXES = {"opsz": 14, "wght": (400, 700)}
FEATURES = [
    "ccmp",
    "locl",
    "mark",
    "mkmk",
    "kern",
    "liga",
    "calt",
    "rvrn",
    "case",
    "lnum",
    "pnum",
    "tnum",
]
CHARACTERS = (
    *range(0x20, 0x7F),  # Basic Latin
    *range(0xA0, 0x180),  # Latin-1 and Extended-A
    *range(0x218, 0x21C),  # Romanian
    *range(0x2B0, 0x2E0),  # modifier letters: apostrophes of transliteration
    *range(0x300, 0x310),  # combining accents
    *range(0x400, 0x530),  # Cyrillic
    *range(0x2010, 0x2028),  # dashes, quotation marks, ellipsis
    *(0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044),
    *(0x20AC, 0x20B4, 0x20BD, 0x2116, 0x2122),  # euro, hryvnia, rouble, numero, trade mark
    *range(0x2190, 0x219A),  # arrows
    *(0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x25CF, 0x2713, 0x2715),
)


def build(folder: Path, *, again: bool = False) -> list[Path]:
    """Make the fonts that `folder` lacks (all, with `again`); give the files made.

    Raises PackageNotFoundError or OSError when a font's package or the folder does not allow it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, package, font in FONTS:
        target = folder / name
        if again or not target.exists():
            draft = folder / f".{name}.draft"
            _cut(Path(str(distribution(package).locate_file(font))), draft)
            draft.replace(target)
            made.append(target)
    return made


def _cut(source: Path, target: Path) -> None:
    with TTFont(source) as font:
        options = subset.Options()
        options.layout_features = FEATURES
        options.hinting = False
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the licence stays in the file
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=CHARACTERS)
        subsetter.subset(font)
        instancer.instantiateVariableFont(font, AXES, inplace=True)
        font.flavor = "woff2"
        font.save(target)

"""How wide a label will be, and how it is cut.

The server has no font at hand when it packs labels, so widths come from a table of Inter's advance
widths (optical size 14, regular) in hundredths of the font size. Where another font stands in, the
style sheet matches its metrics to Inter's.
"""

from functools import lru_cache

_GROUPS = {
    24: "ijl", 26: "‘’", 28: "I  ", 30: "!,.:·;'", 33: "t|`", 36: "()/[]\\", 38: "fr‹›", 41: "1",
    44: "“”{}г", 47: "-_\"^т", 50: "*–з", 52: "?", 53: "s", 55: "kxzкхя", 56: "avyавуь",
    57: "7JLcсэ", 58: "eГелч", 59: "5Fhnuбийнп", 60: "EoЕоц", 61: "2bdgpqдр", 63: "3689З#0ZУ",
    65: "$&PRSРЯъ4BTБВТЬ", 67: "+<=>~KК", 69: "XYХAVАф", 72: "DЦCЧ", 74: "СЭHUНПы", 76: "GNИЙЛOQО",
    82: "wжмДЪш", 84: "щюФ", 88: "m…Ы", 90: "MМ", 97: "ЖШ@Щ", 100: "%W—Ю",
}  # fmt: skip
_WIDTHS = {char: width for width, chars in _GROUPS.items() for char in chars}
_LATIN = 60  # letters with accents and other alphabets
_WIDE = 100  # ideographs

LONGEST = 44
_PILL = 28  # a pill without its number: the glyph and what is free around it


@lru_cache(maxsize=8192)
def text_width(text: str, size: int = 12, weight: int = 400) -> int:
    """Width in whole pixels, rounded up, of ``text`` in Inter at ``size`` pixels."""
    hundredths = sum(
        _WIDTHS.get(char) or (_WIDE if ord(char) >= 0x2E80 else _LATIN) for char in text
    )
    heavier = 104 if weight >= 550 else 102 if weight >= 450 else 100
    return -(-hundredths * size * heavier // 10_000)


@lru_cache(maxsize=4096)
def cut(text: str, longest: int = LONGEST) -> str:
    """``text``, at most ``longest`` characters, cut after a word and ended with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    if not text[longest - 1].isspace():
        # A single word longer than the label is cut where it must be.
        head = head.rsplit(" ", 1)[0] if " " in head else head
    return head.rstrip(" ,;:–—-(") + "…"


def in_lines(text: str, width: int, lines: int, size: int = 12, weight: int = 400) -> list[str]:
    """``text`` in at most so many lines of this width; the last one is cut at a letter."""
    words = text.split()
    found: list[str] = []
    while words and len(found) < lines - 1:
        count = next(
            (n for n in range(len(words), 0, -1)
             if text_width(" ".join(words[:n]), size, weight) <= width), 0,
        )  # fmt: skip
        if not count:
            break
        found.append(" ".join(words[:count]))
        words = words[count:]
    rest = " ".join(words)
    for longest in range(len(rest), 0, -1):
        line = rest if longest == len(rest) else rest[:longest].rstrip() + "…"
        if text_width(line, size, weight) <= width or longest == 1:
            return [*found, line]
    return found


@lru_cache(maxsize=4096)
def pill_width(number: int) -> int:
    """Width in pixels of a pill with this number in it."""
    return _PILL + sum(4 if char == "," else 8 for char in f"{number:,}")

"""The present view of the timeline as a file to take away: SVG for any program, PNG from it.

The chart is the one of the page, drawn by the same template; what only a page can do (links, names
for screen readers, places to press) is taken out, and what only a file needs (its look,
a title, filters, sources and the address it came from) is put in. Nothing is loaded from elsewhere.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from bisect import bisect_right
from dataclasses import dataclass
from importlib.metadata import distribution
from typing import TYPE_CHECKING

# Only what our own templates wrote, never a file of others, is read with it.
from xml.etree import ElementTree as ET

import resvg_py
from django.template.loader import render_to_string

from events import chart_style, timeline
from events.filters import touching
from events.models import Source
from events.timeline import scale
from events.timeline.lettering import text_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest

    from events.charts import Drawn
    from events.filters import EventFilter

SVG = "http://www.w3.org/2000/svg"
MARGIN = 12
SIZES = {"title": (18, 600, 26), "words": (13, 400, 19), "foot": (11, 400, 16)}
"""Of each kind of line: size of its letters, their weight, pixels to the next line."""

LISTED = 40
"""Sources that the file names; of more it tells how many they are."""

EVENTS = 2_000
"""Events whose sources are looked for."""

ZOOM = 2
MOST_PIXELS = 16_000_000
"""Of a PNG: a chart that would have more is drawn smaller. 4 bytes each while it is drawn."""

_FONT = ("fontpkg-inter", "fontpkg_inter/files/Inter[opsz,wght].ttf")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_PRESSED = {"hit", "handle"}
_OWN = """
text{font-family:Inter,"Helvetica Neue",Arial,"Noto Sans",sans-serif;font-size:12px}
.paper{fill:#fff}
.head text,.foot text{fill:INK-2;font-size:13px}
.head .title{fill:INK;font-size:18px;font-weight:600}
.foot text{fill:INK-3;font-size:11px}
.file .axis-names{fill:none}
"""

ET.register_namespace("", SVG)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `y` is its base line."""

    text: str
    look: str
    y: int


@dataclass(frozen=True, slots=True)
class ChartFile:
    """What the file has besides the chart. The chart begins at `chart_y`, its lanes at `axis_y`."""

    title: str
    width: int
    height: int
    chart_y: int
    axis_y: int
    head: tuple[Line, ...]
    foot: tuple[Line, ...]


def svg(request: HttpRequest, wanted: EventFilter, drawn: Drawn, now: dt.datetime) -> str:
    """The chart as an SVG document, as `request` asked for it at `now`."""
    chart = drawn.chart
    room = chart.width - 2 * MARGIN
    head, chart_y = _lines(_head(request, wanted, chart), room, MARGIN)
    axis_y = chart_y + chart.axis_height
    said = [(one, "foot") for one in _foot(wanted, drawn, address(request, wanted), now)]
    foot, end = _lines(said, room, axis_y + chart.height + MARGIN)
    title = wanted.dossier.title
    file = ChartFile(title, chart.width, end + MARGIN, chart_y, axis_y, head, foot)
    context = {"file": file, "chart": chart}
    root = _read(render_to_string("timeline_file.svg", context, request))
    page = render_to_string("timeline_chart.html#chart", context, request)
    return _standing_alone(root, [_read(found) for found in _DRAWING.findall(page)], file)


def png(document: str) -> bytes:
    """An SVG document that `svg()` made, drawn at twice its size, smaller when that is too much.

    Letters are Inter's; for scripts that it lacks the fonts of the machine stand in.
    """
    root = ET.fromstring(document)
    pixels = int(root.get("width", "1")) * int(root.get("height", "1"))
    zoom = min(ZOOM, (MOST_PIXELS / pixels) ** 0.5)
    package, font = _FONT
    drawn: bytes = resvg_py.svg_to_bytes(
        svg_string=document,
        zoom=zoom,
        font_files=[str(distribution(package).locate_file(font))],
        font_family="Inter",
        sans_serif_family="Inter",
    )
    return drawn


def file_name(wanted: EventFilter, drawn: Drawn, ending: str) -> str:
    """ "ukraine-ceasefire-timeline-2025-03-10--2025-03-15.svg"; the last day is one shown."""
    zone, window = wanted.dossier.time_zone, drawn.window
    days = "--".join(scale.day_name(at, zone) for at in (window.start, window.end - 1))
    past = wanted.viewer.as_of
    then = f"-as-of-{past.text}" if past else ""
    return re.sub(
        r"[^\w.-]+", "-", f"{wanted.dossier.slug}-timeline-{days}{then}.{ending}", flags=re.A
    )


# --- Words


def _head(
    request: HttpRequest, wanted: EventFilter, chart: timeline.Chart
) -> Iterator[tuple[str, str]]:
    """Title, window, filters, instant, what could not be read: each a paragraph with its look."""
    yield wanted.dossier.title, "title"
    undated = f", {chart.undated} without a date" if chart.undated else ""
    yield f"{chart.name}{undated}. Times in {wanted.dossier.time_zone}.", "words"
    past = request.as_of_form.errors.values()  # type: ignore[attr-defined]
    unread = [f"{problem} This is the present." for problems in past for problem in problems]
    for said in (filters_in_words(wanted), as_of_in_words(wanted), *wanted.messages, *unread):
        if said:
            yield said, "words"


def filters_in_words(wanted: EventFilter) -> str:
    """ "Filters: side United States or Ukraine; kind Talks; words ‘aid’."; "" for none."""
    if not wanted.is_narrowed:
        return ""  # Without counting, which the boxes are for.
    said = []
    for group in wanted.groups:
        chosen = [option.label for option in group.options if option.checked]
        # What stands under "More" says by itself what it is.
        name = "" if group.name == "more" else f"{group.label.lower()} "
        if chosen:
            said.append(name + " or ".join(chosen))
    if wanted.values["q"]:
        said.append(f"words ‘{wanted.values['q']}’")
    return f"Filters: {'; '.join(said)}." if said else ""


def as_of_in_words(wanted: EventFilter) -> str:
    """What the instant looked back from means; "" for the present."""
    past = wanted.viewer.as_of
    if past is None:
        return ""
    what = (
        "what this dossier said then"
        if past.is_recorded
        else "what had happened by then, as the dossier tells it today"
    )
    return f"As of {past.label}: {what}."


def address(request: HttpRequest, wanted: EventFilter) -> str:
    """The page with this view, its instant written exactly."""
    past = wanted.viewer.as_of
    query = wanted.url(**(past.parameters if past else {})).removesuffix("?")
    return request.build_absolute_uri(wanted.dossier.get_absolute_url()) + query


def _foot(wanted: EventFilter, drawn: Drawn, page: str, now: dt.datetime) -> Iterator[str]:
    """Sources, who may see what is shown, and where and when it was taken."""
    yield sources_in_words(wanted, drawn)
    if wanted.viewer.is_member:
        yield "As members of the dossier see it: what is not yet published may be among it."
    at = now.astimezone(zoneinfo.ZoneInfo(wanted.dossier.time_zone))
    yield f"Truceline, {page}, exported {at.day} {at:%B %Y, %H:%M %Z}."


def sources_in_words(wanted: EventFilter, drawn: Drawn) -> str:
    """ "2 sources: S1 Joint statement; S3 Transcript." of the events in the window."""
    rows = wanted.events(everywhere=True).filter(touching(drawn.window.start, drawn.window.end))
    keys = list(rows.order_by().values_list("pk", flat=True)[: EVENTS + 1])
    if len(keys) > EVENTS:
        return "Sources: each event of the dossier names its own."
    sources = Source.objects.visible_to(wanted.viewer).filter(
        texts__passages__evidence__event__in=keys
    )
    found = list(sources.order_by("id").distinct().values_list("ref", "title")[: LISTED + 1])
    if not found:
        return "Sources: none is cited."
    named = "; ".join(f"{ref} {title}" for ref, title in found[:LISTED])
    if len(found) > LISTED:
        return f"Sources: {named}; and more."
    return f"{len(found)} source{'' if len(found) == 1 else 's'}: {named}."


def _lines(
    paragraphs: Iterable[tuple[str, str]], room: int, top: int
) -> tuple[tuple[Line, ...], int]:
    """Paragraphs with their looks as lines from `top` on, and where the next thing begins."""
    found, y = [], top
    for text, look in paragraphs:
        size, weight, step = SIZES[look]
        for part in wrapped(text, room, size, weight):
            y += step
            found.append(Line(part, look, y - step + size))
    return tuple(found), y + 6


def wrapped(text: str, room: int, size: int, weight: int) -> Iterator[str]:
    """The text in lines of at most `room` pixels; a longer word (an address) is broken."""
    line = ""
    for word in text.split():
        # No letter is narrower than a pixel: of a long address a line's worth is measured.
        while text_width(word[:room], size, weight) > room:
            if line:
                yield line
                line = ""
            lengths = range(1, room)
            fitting = bisect_right(lengths, room, key=lambda n: text_width(word[:n], size, weight))
            end = max(fitting, 1)
            yield word[:end]
            word = word[end:]
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, weight) > room:
            yield line
            longer = word
        line = longer
    if line:
        yield line


# --- From the page's drawing to one that stands alone


def in_xml(text: str) -> str:
    """A text without the signs that XML cannot have."""
    return _NOT_IN_XML.sub("", text)


def _read(drawing: str) -> ET.Element:
    """A drawing that a template wrote; what people typed may hold signs that XML cannot have."""
    text = in_xml(drawing)
    if "xmlns" not in text[:60]:
        text = text.replace("<svg", f'<svg xmlns="{SVG}"', 1)
    return ET.fromstring(text)


def _standing_alone(root: ET.Element, drawings: list[ET.Element], file: ChartFile) -> str:
    """The document with the chart in its place, and its look."""
    place = next(one for one in root if one.get("class") == "chart")
    y = file.chart_y
    for drawing in drawings:
        drawing.set("y", str(y))
        y += int(drawing.get("height", "0"))
        place.append(drawing)
    _strip(root)
    look = ET.Element(f"{{{SVG}}}style")
    classes = {name for one in root.iter() for name in one.get("class", "").split()}
    inks = {f"INK-{n}": chart_style.tokens()[f"--ink-{n}"] for n in (2, 3)}
    own = _OWN
    for name, value in (inks | {"INK": chart_style.tokens()["--ink"]}).items():
        own = own.replace(name, value)
    look.text = f"{own}{chart_style.style(classes)}\n"
    root.insert(1, look)
    return f"{ET.tostring(root, encoding='unicode')}\n"


def _strip(element: ET.Element) -> None:
    """Take out what a file has no use for, and let names be told as titles."""
    for child in list(element):
        classes = set(child.get("class", "").split())
        if classes & _PRESSED or {"label", "is-hidden"} <= classes:
            element.remove(child)
            continue
        name = child.get("aria-label", "")
        child.attrib = {
            attribute: value
            for attribute, value in child.attrib.items()
            if not attribute.startswith(("data-", "aria-", "hx-"))
            and attribute not in ("role", "tabindex")
            and (attribute != "href" or child.tag == f"{{{SVG}}}use")
        }
        is_link = child.tag == f"{{{SVG}}}a"
        if is_link:
            child.tag = f"{{{SVG}}}g"
        _strip(child)
        if name and (is_link or "mark" in classes):
            _call(child, name)


def _call(element: ET.Element, name: str) -> None:
    """Let a part be called what it is for who points at it, not what pressing it would do."""
    for title in element.findall(f"{{{SVG}}}title"):
        element.remove(title)
    title = ET.Element(f"{{{SVG}}}title")
    title.text = name
    element.insert(0, title)

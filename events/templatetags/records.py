"""Tags of the record pages: addresses within the dossier, who changed what, state buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import template
from django.apps import apps
from django.middleware.csrf import get_token
from django.template.defaulttags import querystring
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from events import dates
from events.forms.labels import labels_of
from events.forms.lookup import day_of
from events.marks import Sort
from events.telling.lines import version_of
from events.templatetags.truceline import STANCE_HUES, STANCES, glyph
from events.views.addresses import SCREENS, page_of, screen_of

if TYPE_CHECKING:
    import datetime as dt

    from django.template.context import RenderContext

    from events.marks import Opening, Paragraph
    from events.models import Change, Note, Passage, Position, Record

register = template.Library()

_DID = {
    "Created": "created it",
    "Marked as reviewed": "marked it as reviewed",
    "Published": "published it",
    "Withdrawn to draft": "withdrew it to draft",
    "Restored after deletion": "brought it back",
}


@register.simple_tag(takes_context=True)
def address(context: RenderContext, record: Record) -> str:
    """The page of `record` in the dossier at hand; unlike its own method it asks no database."""
    name = f"events:{record._meta.model_name}-detail"
    return reverse(name, args=[context["dossier"].slug, record.ref])


@register.simple_tag(takes_context=True)
def note_url(context: RenderContext, note: Note) -> str:
    """Where a note stands: on the page of its record, with the details of a source."""
    noun = str(note.target._meta.model_name)
    page = "details" if noun == "source" else "detail"
    return f"{record_url(context, noun, page, note.target.ref)}#{note.ref}"


@register.simple_tag
def page_url(record: Record) -> str:
    """The page that shows `record`, its own or that of what it belongs to."""
    return page_of(record)


@register.simple_tag(takes_context=True)
def record_url(context: RenderContext, noun: str, action: str, *args: Any) -> str:
    """A page of `noun`: {% record_url "event" "edit" record.ref %}; "" where there is none."""
    try:
        return reverse(f"events:{noun}-{action}", args=[context["dossier"].slug, *args])
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def passage_url(context: RenderContext, passage: Passage) -> str:
    """Where a passage stands in its source, a lost one in an older text; needs
    passage.source_text.source loaded."""
    text, viewer = passage.source_text, context.get("viewer")
    is_lost = passage.state in (passage.State.ORPHANED, passage.State.GONE)
    if is_lost and not (viewer and viewer.is_member):
        # The older text is for members, and the newest does not have the words.
        return record_url(context, "source", "detail", text.source.ref)
    if is_lost:
        at = record_url(context, "source", "text-detail", text.source.ref, text.number)
    else:
        at = record_url(context, "source", "detail", text.source.ref)
    return f"{at}#{passage.ref}"


@register.simple_tag
def strip_mark(position: Position) -> SafeString:
    """A statement on the strip of an issue: its stance by glyph and hue, 12 by 12."""
    hue, symbol = STANCE_HUES.get(position.stance, "none"), STANCES.get(position.stance)
    if symbol is None:
        return mark_safe('<circle class="no-stance" cx="6" cy="6" r="2"></circle>')
    return format_html(
        '<svg class="stance-glyph-{}" width="12" height="12" viewBox="0 0 16 16"><use href="{}#{}">'
        "</use></svg>",
        hue,
        static("glyphs.svg"),
        symbol[0],
    )


@register.simple_tag
def marked(paragraph: Paragraph) -> SafeString:
    """A paragraph of a source with its marks; its text content is the paragraph, unchanged.

    The first mark of a passage has its ref as id, so that a link to the source can name it.
    """
    parts: list[str] = []
    names: list[str] = []
    for piece in paragraph.pieces:
        parts += [f"</{names.pop()}>" for _ in range(piece.closed)]
        for opening in piece.opened:
            name, tag = _opened(opening)
            names.append(name)
            parts.append(tag)
        parts.append(escape(piece.text))
    parts += [f"</{name}>" for name in reversed(names)]
    return mark_safe("".join(parts))


_IN_TEXT = {
    Sort.CITATION: ("sup", '<sup class="citation">'),
    Sort.INSERTION: ("span", '<span class="insertion">'),
}


def _opened(opening: Opening) -> tuple[str, str]:
    """The name of the element that begins here, and its tag."""
    mark = opening.mark
    if mark.sort in _IN_TEXT:
        return _IN_TEXT[mark.sort]
    if mark.sort == Sort.CONTROL:
        return "span", format_html('<span class="control" data-name="{}">', mark.name)
    if mark.sort == Sort.SUGGESTION:
        shape = "is-off" if mark.kind == "off" else f"is-suggested is-{mark.kind}"
        own = "data-suggestion"
    else:
        shape, own = f"is-{mark.kind}", "data-mark"
    more = mark_safe("")
    if opening.is_first:
        more = format_html(' id="{}" tabindex="-1"', mark.ident)
        if mark.card:
            more = format_html('{} aria-details="{}"', more, mark.card)
        if mark.number:
            more = format_html('{} data-n="{}"', more, mark.number)
    return "mark", format_html('<mark class="{}" {}="{}"{}>', shape, own, mark.name, more)


@register.simple_tag(takes_context=True)
def lists(context: RenderContext, noun: str) -> list[dict[str, Any]]:
    """The lists of the screen that `noun` belongs to: name, address, whether it is this one."""
    found = []
    for other in SCREENS.get(screen_of(noun), ()):
        if href := record_url(context, other, "list"):
            plural = str(apps.get_model("events", other)._meta.verbose_name_plural)
            name = plural[0].upper() + plural[1:]
            found.append({"name": name, "href": href, "current": other == noun})
    return found


@register.simple_tag(takes_context=True)
def state_button(context: RenderContext, action: str, label: str, symbol: str) -> SafeString:
    """A button that moves the record at hand to another review state; works without script."""
    record = context["record"]
    url = record_url(context, record._meta.model_name, action, record.ref)
    attributes = mark_safe("")
    if context.get("drawer"):
        attributes = format_html(' hx-post="{}" hx-target="#drawer" hx-swap="innerHTML"', url)
    return format_html(
        '<form method="post" action="{}"{}><input type="hidden" name="csrfmiddlewaretoken"'
        ' value="{}"><button class="menu-item">{} {}</button></form>',
        url,
        attributes,
        get_token(context["request"]),
        glyph(symbol),
        label,
    )


@register.simple_tag(takes_context=True)
def last_change(context: RenderContext, change: Change) -> SafeString:
    """Who changed what and when: "T. Lindqvist changed the summary, 08:12"."""
    form_class = context.get("form_class")
    version = version_of(change, labels_of(type(context["record"]), form_class))
    if version.fields:
        did = "changed " + ", ".join(label[0].lower() + label[1:] for label in version.fields[:3])
    else:
        did = _DID.get(version.said, "changed it")
    name = change.revision.author.called
    return format_html("{} {}, {}", name, did, moment(context, change.revision.sealed_at))


@register.simple_tag(takes_context=True)
def moment(context: RenderContext, when: Any, form: str = "") -> SafeString:
    """A time in the dossier's zone as <time>: "08:12" for today, else "11 Mar 2025, 08:12".

    The form "clock" has the time of day alone, "full" always the date as well, and "zoned", for
    headings, the zone too: "11 March 2025, 08:12 UTC".
    """
    if when is None:
        return mark_safe("just now")
    zone = context["dossier"].time_zone
    seconds = int(when.timestamp())
    clock, day = dates.time_label(seconds, zone), day_of(seconds, zone)
    is_today = day == day_of(int(timezone.now().timestamp()), zone)
    if day is None or form == "clock" or (is_today and not form):
        words = clock
    elif form == "zoned":
        in_zone = when.astimezone(ZoneInfo(zone))
        words = f"{day.day} {day:%B %Y}, {clock} {in_zone:%Z}"
    else:
        words = f"{day.day} {day:%b %Y}, {clock}"
    return format_html('<time datetime="{}">{}</time>', when.isoformat(timespec="seconds"), words)


@register.simple_tag(takes_context=True)
def query_on(context: RenderContext, **changes: Any) -> str:
    """What follows an address: the query of this page with changes, "" when nothing is left."""
    return str(querystring(context, **changes)).removesuffix("?")  # type: ignore[arg-type]


@register.filter
def in_words(length: dt.timedelta) -> str:
    """A length of time, to the minute: "15 minutes", "1 hour"."""
    minutes = max(round(length.total_seconds() / 60), 1)
    count, word = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return f"{count} {word}{'' if count == 1 else 's'}"

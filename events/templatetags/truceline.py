"""Tags for our templates: glyphs, chips, quotations, fields of a record, navigation.

Every chip has a shape and a word, so that none depends on colour. What is needed once per row
is built here in Python; larger pieces are partials of components.html.
"""

from functools import cache
from typing import Any

from django import template
from django.forms import BoundField, Textarea
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from events.note_text import to_html

register = template.Library()

# Stance of the model (and the two that are never stored): glyph, short word.
STANCES = {
    "supports": ("stance-accept", "Supports"),
    "conditional": ("stance-cond", "Conditional"),
    "open": ("stance-open", "Open"),
    "unclear": ("stance-unclear", "Unclear"),
    "opposes": ("stance-oppose", "Opposes"),
    "denies_discussed": ("stance-denies", "Denies discussed"),
    "awaited": ("stance-await", "Awaited"),
}
STANCE_HUES = {
    "supports": "pos",
    "conditional": "pos",
    "open": "pos",
    "unclear": "mid",
    "opposes": "neg",
    "denies_discussed": "neg",
    "awaited": "mid",
}
STATES = {"draft": "Draft", "reviewed": "Reviewed", "published": "Published"}
COMMITMENTS = {
    "pending": ("ui-clock", "Pending"),
    "due": ("ui-clock", "Due"),
    "overdue": ("ui-warn", "Overdue"),
    "in_part": ("stance-cond", "Met in part"),
    "met": ("ui-check", "Met"),
    "broken": ("ui-x", "Broken"),
    "lapsed": ("ui-minus", "Lapsed"),
    "withdrawn": ("ui-undo", "Withdrawn"),
    "extended": ("ui-right", "Extended"),
    "signal": ("stance-open", "Signal"),
    "planned": ("ui-clock", "Planned"),
}
# Screen, name of its address, what it is called, its glyph, the key after G.
SCREENS = (
    ("timeline", "events:timeline", "Timeline", "ui-timeline", "t"),
    ("positions", "events:matrix", "Positions", "ui-table", "p"),
    ("table", "events:table", "On the table", "ui-handshake", "b"),
    ("sources", "events:source-list", "Sources", "ui-doc", "s"),
    ("actors", "events:actor-list", "Actors", "ui-users", "a"),
)


@cache
def _sprite() -> str:
    # Looked up once: a page of two hundred rows names it a thousand times.
    return static("glyphs.svg")


@register.filter
def thousands(number: Any) -> str:
    """``12,345``; what is no number stays as it is."""
    return f"{number:,}" if isinstance(number, int) else str(number)


@register.simple_tag
def glyph(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw a symbol of glyphs.svg; without `label` it is decoration, with one an image.

    `size` is "", "small" (12 px) or "large" (18 px).
    """
    classes = f"glyph {size}" if size else "glyph"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            classes,
            label,
            _sprite(),
            name,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        classes,
        _sprite(),
        name,
    )


@register.simple_tag
def side_chip(side: Any) -> SafeString:
    """Show a side's code in its hue, and its name to a screen reader; "" for no side."""
    if side is None or side == "":
        return mark_safe("")
    return format_html(
        '<span class="side slot-{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="sr">{}</span></span>',
        min(side.slot, 5),
        side.name,
        side.code,
        side.name,
    )


def stance_word(stance: str, needs_consent: bool = False) -> str:
    """Name a stance in one word or two.

    Only a party whose consent is needed accepts; anybody else supports.
    """
    if stance == "supports" and needs_consent:
        return "Accepts"
    if stance == "none":
        return "No for or against"
    return STANCES[stance][1] if stance in STANCES else "None recorded"


@register.simple_tag
def stance_chip(stance: str, needs_consent: bool = False, waiting: str = "") -> SafeString:
    """Show a stance: round for assent, square for refusal, dashed for no answer.

    Besides the model's stances it takes "awaited" (with the time of `waiting`); "" and anything
    else is shown as none recorded. "none" is a statement all the same, one that takes no side.
    """
    word = stance_word(stance, needs_consent)
    if stance not in STANCES:
        return format_html('<span class="chip stance stance-none">– {}</span>', word)
    if waiting:
        word = f"{word} {waiting}"
    return format_html(
        '<span class="chip stance stance-{}">{}{}</span>', stance, glyph(STANCES[stance][0]), word
    )


@register.simple_tag
def stance_glyph(stance: str, needs_consent: bool = False) -> SafeString:
    """Show a stance by its coloured glyph alone, with its word as the name."""
    if stance not in STANCES:
        return format_html('<span role="img" aria-label="{}">–</span>', stance_word(stance))
    return format_html(
        '<span class="stance-glyph-{}">{}</span>',
        STANCE_HUES[stance],
        glyph(STANCES[stance][0], stance_word(stance, needs_consent)),
    )


@register.simple_tag
def state_chip(state: str) -> SafeString:
    """Show a review state: dashed, half or full dot, and the word."""
    return format_html(
        '<span class="state state-{}">{}{}</span>', state, glyph(f"state-{state}"), STATES[state]
    )


@register.simple_tag
def contested_chip(supports: int = 0, disputes: int = 0, word: str = "Contested") -> SafeString:
    """Say that a record is contested, and by how many passages each way when that is known."""
    counts = ""
    if supports or disputes:
        counts = (
            f": {supports} {'supports' if supports == 1 else 'support'},"
            f" {disputes} {'disputes' if disputes == 1 else 'dispute'}"
        )
    return format_html(
        '<span class="chip contested">{}{}{}</span>', glyph("ui-contested"), word, counts
    )


@register.simple_tag
def source_count(count: int) -> SafeString:
    """Count the sources of a record, or say that it has none."""
    if not count:
        return format_html(
            '<span class="chip sources sources-none">{}No source</span>', glyph("ui-doc")
        )
    return format_html(
        '<span class="chip sources">{}{}<span class="sr"> {}</span></span>',
        glyph("ui-doc"),
        count,
        "source" if count == 1 else "sources",
    )


@register.simple_tag
def commitment_chip(status: str) -> SafeString:
    """Show what became of a commitment; "signal" is one that is not a commitment."""
    name, word = COMMITMENTS[status]
    return format_html(
        '<span class="chip commitment commitment-{}">{}<span>{}</span></span>',
        status,
        glyph(name),
        word,
    )


@register.simple_tag
def quote(text: str, shape: str = "inline") -> SafeString:
    """Show words of a source in its own voice, in single quotation marks.

    `shape` "block" gives a block of its own. Marks that came with the words are not doubled.
    """
    words = text.strip()
    for opening, closing in ("“”", "‘’", '""'):
        inner = words[1:-1]
        if words[:1] == opening and words[-1:] == closing and opening not in inner:
            words = inner
    quoted = format_html("<q>‘{}’</q>", words)
    return format_html("<blockquote>{}</blockquote>", quoted) if shape == "block" else quoted


@register.simple_tag
def added(text: str) -> SafeString:
    """Mark words that a change added, also for those who do not see the ground."""
    return format_html(
        '<ins><span class="sr">added: </span>{}<span class="sr"> (end)</span></ins>', text
    )


@register.simple_tag
def removed(text: str) -> SafeString:
    """Mark words that a change removed, also for those who do not see the line."""
    return format_html(
        '<del><span class="sr">removed: </span>{}<span class="sr"> (end)</span></del>', text
    )


@register.simple_tag
def key(name: str) -> SafeString:
    """Show a key. Hidden from screen readers: the control beside it says what it does."""
    return format_html('<kbd aria-hidden="true">{}</kbd>', name)


@register.inclusion_tag("components.html#evidence_item")
def evidence_item(evidence: Any, href: str = "") -> dict[str, Any]:
    """Show one passage that supports or disputes a record.

    `href` opens the source at the passage. Reads passage, source text, source and speaker: load
    them with select_related.
    """
    return {
        "evidence": evidence,
        "source": evidence.passage.source_text.source,
        "paragraph": getattr(evidence.passage, "paragraph", None),
        "href": href,
    }


@register.simple_block_tag(takes_context=True)
def field_row(
    context: Context,
    content: str,
    label: str,
    name: str = "",
    record: str = "",
    edit: str = "",
    form: str = "",
    empty: str = "",
) -> SafeString:
    """Show one field of a record with its value as content, editable in place if `edit` is given.

    `edit` is the address that answers the field's editor, `form` the page to edit the record
    without script, `empty` what stands there when the content is blank.
    """
    href = f"{form}#id_{name}" if form else edit
    return _partial(
        context,
        "field_row",
        {
            "label": label,
            "id": f"{record}-{name}" if name else "",
            "name": name,
            "edit": edit,
            "href": href,
            "value": mark_safe(content.strip()),
            "empty": empty,
        },
    )


@register.simple_tag(takes_context=True)
def field_editor(
    context: Context,
    label: str,
    field: BoundField,
    name: str,
    record: str,
    edit: str,
    version: int,
    conflict: str = "",
) -> SafeString:
    """Show the editor of one field; it takes the place of its row and is sent to `edit`.

    `version` is the record's version it starts from. `conflict` says who saved what meanwhile.
    """
    return _partial(
        context,
        "field_editor",
        {
            "label": label,
            "field": field,
            "name": name,
            "id": f"{record}-{name}",
            "edit": edit,
            "version": version,
            "conflict": conflict,
            "long_text": isinstance(field.field.widget, Textarea),
        },
    )


@register.simple_block_tag(takes_context=True)
def empty(context: Context, content: str, title: str, text: str = "", level: int = 3) -> SafeString:
    """Say what belongs here and how to start; the content is buttons.

    `level` is that of the heading: 2 right under the title of a page.
    """
    values = {"title": title, "text": text, "level": level}
    return _partial(context, "empty", values | {"buttons": mark_safe(content.strip())})


@register.simple_block_tag(takes_context=True)
def confirm_bar(
    context: Context, content: str, title: str, text: str = "", glyph: str = "ui-warn"
) -> SafeString:
    """Ask before an act by naming its effect, in the page; the content is a form's buttons."""
    return _partial(
        context,
        "confirm_bar",
        {"title": title, "text": text, "sign": glyph, "buttons": mark_safe(content.strip())},
    )


def _partial(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    partial = context.template.engine.get_template(f"components.html#{name}")  # type: ignore[union-attr]
    with context.push(**values):
        return partial.render(context)


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """Give an address, or "" when no page of that name is there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def screens(context: Context) -> list[dict[str, Any]]:
    """List the screens of the dossier in context that have an address, the current one marked."""
    slug = getattr(context.get("dossier"), "slug", "")
    if not slug:
        return []
    addresses = {screen[0]: url_if(screen[1], slug) for screen in SCREENS}
    path = getattr(context.get("request"), "path", "")
    # The timeline's address begins every other one, so the longest match is the screen.
    here = [screen for screen, href in addresses.items() if href and path.startswith(href)]
    nearest = max(here, key=lambda screen: len(addresses[screen]), default="")
    current = context.get("screen") or nearest
    return [
        {
            "href": addresses[screen],
            "title": title,
            "glyph": symbol,
            "key": letter,
            "current": screen == current,
        }
        for screen, _, title, symbol, letter in SCREENS
        if addresses[screen]
    ]


@register.simple_tag(takes_context=True)
def viewer_theme(context: Context) -> str:
    """Give "light" or "dark" where the viewer chose one, else "system"."""
    theme = str(getattr(context.get("user"), "theme", None) or _cookie(context, "theme"))
    return theme if theme in ("light", "dark") else "system"


def _cookie(context: Context, name: str) -> str:
    return str(getattr(context.get("request"), "COOKIES", {}).get(name, ""))


@register.simple_tag(takes_context=True)
def root_attributes(context: Context) -> SafeString:
    """Give <html> the viewer's choices: theme, and single keys switched off.

    Signed-in people keep theirs on their account, others in the cookies of the same names.
    """
    keys = getattr(context.get("user"), "single_keys", None)
    if keys is None:
        keys = _cookie(context, "single_keys") != "off"
    theme = viewer_theme(context)
    attributes = []
    if theme != "system":
        attributes.append(("data-theme", theme))
    if not keys:
        attributes.append(("data-single-keys", "off"))
    return format_html_join("", ' {}="{}"', attributes)


@register.filter
def undo_url(message: Any) -> str:
    """Give the address that undoes what a message tells of (extra tag "undo=…"), or ""."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo="):
            return tag.removeprefix("undo=")
    return ""


@register.filter
def initials(person: Any) -> str:
    """Give one or two letters for an avatar, from the full name or else the user name."""
    words = person.called.replace("-", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def markdown(text: str) -> SafeString:
    """Turn Markdown into safe HTML."""
    return to_html(text)

"""The fields of a record as its page shows them, each editable where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe

from events import dates
from events.forms.fields import CoordinatesField, DurationField, TargetField, WhenField
from events.models import Issue, Record, Source

if TYPE_CHECKING:
    from events.forms.records import RecordForm
    from events.roles import Viewer


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field at rest. `edit` and `form` are "" for those who may not change it."""

    name: str
    label: str
    value: SafeString
    edit: str
    form: str
    empty: str


def rows_of(
    record: Record,
    form_class: type[RecordForm] | None,
    viewer: Viewer,
    *,
    names: tuple[str, ...] | None = None,
) -> list[FieldRow]:
    """The fields of `record` in the form's order; those in `form_class.off_page` are left out.

    Who may not edit gets no row for an empty field. `names` narrows it.
    """
    if form_class is None:
        return []
    may_edit = viewer.may_edit
    hidden = getattr(form_class, "off_page", ())
    found = []
    for name, field in form_class.shown_fields().items():
        if name in hidden if names is None else name not in names:
            continue
        value = shown(record, name, field, viewer)
        if not value and not may_edit:
            continue
        label = str(field.label or name.replace("_", " ").capitalize())
        found.append(
            FieldRow(
                name=name,
                label=label,
                value=value,
                edit=_address(record, "field", name) if may_edit else "",
                form=_address(record, "edit") if may_edit else "",
                empty=form_class.when_empty.get(name, f"Add {_article(label)}"),
            )
        )
    return found


def _address(record: Record, action: str, *args: str) -> str:
    noun = record._meta.model_name
    try:
        return reverse(f"events:{noun}-{action}", args=[record.dossier.slug, record.ref, *args])
    except NoReverseMatch:
        return ""


def _article(label: str) -> str:
    word = label[0].lower() + label[1:]
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def shown(record: Record, name: str, field: Any, viewer: Viewer) -> SafeString:
    """The value of one field as HTML, "" when there is none that this viewer may see."""
    if isinstance(field, WhenField):
        return when(record, field.prefix, viewer)
    if isinstance(field, (TargetField, CoordinatesField)):
        value = field.initial_of(record)
    else:
        value = getattr(record, name)
    if value is None or value == "" or value == []:
        return mark_safe("")
    if isinstance(value, Record):
        return linked(value, record) if may_see(viewer, value) else mark_safe("")
    if isinstance(field, DurationField):
        return format_html("{}", field.label_of(value))
    if isinstance(value, list):
        return format_html_join(", ", "{}", ((item,) for item in value))
    if hasattr(record, f"get_{name}_display"):
        return format_html("{}", getattr(record, f"get_{name}_display")())
    if isinstance(value, str) and "\n" in value:
        return mark_safe(linebreaks(value, autoescape=True))
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return format_html('<a href="{}" rel="noreferrer">{}</a>', value, value)
    return format_html("{}", value)


def may_see(viewer: Viewer, other: Record) -> bool:
    """Whether a record named by another may be named to this viewer."""
    if viewer.is_member:
        return True
    if isinstance(other, Issue | Source):
        # A wider issue or an original that nothing published is about or cites.
        return bool(type(other).objects.visible_to(viewer).filter(pk=other.pk).exists())
    return getattr(other, "state", "published") == "published"


def linked(other: Record, record: Record) -> SafeString:
    """A record named by another: its headline, linked to its page where it has one."""
    if not hasattr(other, "get_absolute_url"):
        return format_html("{}", other.headline)
    # All of one dossier: its row need not be fetched again for each name.
    other.dossier = record.dossier
    return format_html(
        '<a href="{}" data-drawer="{}">{}</a> <span class="ref">{}</span>',
        other.get_absolute_url(),
        other.ref,
        other.headline,
        other.ref,
    )


def when(record: Any, prefix: str, viewer: Viewer) -> SafeString:
    """A date: as said, how it was read, the order known, and what it was worked out from."""
    text, edtf = getattr(record, f"{prefix}_text"), getattr(record, f"{prefix}_edtf")
    reading = dates.from_edtf(edtf, zone=record.dossier.time_zone, text=text)
    said = text or (dates.short_label(reading) if edtf else "")
    order = _order(record, viewer)
    if not said and not order:
        return mark_safe("")
    read = [reading.label] if edtf and said != reading.label else []
    lines = [format_html("{}", ", ".join(read)) if read else ""]
    lines[0] = format_html_join(", ", "{}", ((part,) for part in (lines[0], order) if part))
    if basis := basis_of(record, prefix, viewer):
        lines.append(format_html("({})", basis))
    under = format_html_join(
        "", '<span class="field-under">{}</span>', ((line,) for line in lines if line)
    )
    return format_html("{}{}", said or "No date stated", under)


def _order(record: Any, viewer: Viewer) -> SafeString:
    """ "after E9": the events it is known to have followed."""
    if not hasattr(record, "links_out"):
        return mark_safe("")
    earlier = record.links_out.visible_to(viewer).filter(kind="after").select_related("to_event")
    links = [link.to_event for link in earlier[:4]]
    for event in links:
        event.dossier = record.dossier
    names = ((event.get_absolute_url(), event.ref, event.title, event.ref) for event in links)
    listed = format_html_join(", ", '<a href="{}" data-drawer="{}" title="{}">{}</a>', names)
    return format_html("after {}", listed) if links else mark_safe("")


def basis_of(record: Any, prefix: str, viewer: Viewer) -> str:
    """What a date rests on, in words; "" when it was stated."""
    basis = getattr(record, f"{prefix}_basis", "")
    day = getattr(record, f"{prefix}_anchor_day", None)
    if basis == "derived_document":
        against = f", {day.day} {day:%b %Y}" if day else ""
        return f"worked out from the document’s date{against}"
    if basis == "derived_event":
        event = getattr(record, f"{prefix}_anchor_event", None)
        named = event is not None and may_see(viewer, event)
        against = f"{event.ref}, {event.title}" if named else "another event"
        return f"worked out from {against}"
    return basis if basis in ("inferred", "computed") else ""

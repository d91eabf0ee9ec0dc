"""The tags and the partials they draw, as whole HTML."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory

from events.models import Commitment, Event, Outcome, Position, User
from events.templatetags import truceline

US = SimpleNamespace(code="US", name="United States", slot=1)
NATO = SimpleNamespace(code="NATO", name="NATO & others", slot=7)


def drawn(source: str, **values: Any) -> str:
    """Render a template with our tags; white space between tags is dropped."""
    html = Template("{% load truceline %}" + source).render(Context(values))
    return re.sub(r">\s+<", "><", html).strip()


def symbol(name: str, classes: str = "glyph") -> str:
    """The markup of a decorative glyph."""
    use = f'<use href="/static/glyphs.svg#{name}"></use>'
    return f'<svg class="{classes}" aria-hidden="true">{use}</svg>'


def sprite_names() -> set[str]:
    """The names of all symbols of the sprite."""
    sprite = (Path(settings.BASE_DIR) / "static" / "glyphs.svg").read_text()
    return set(re.findall(r'<symbol id="([^"]+)"', sprite))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('{% glyph "kind-talks" %}', symbol("kind-talks")),
        ('{% glyph "ui-x" size="small" %}', symbol("ui-x", "glyph small")),
        (
            '{% glyph "kind-talks" "Talks" %}',
            '<svg class="glyph" role="img" aria-label="Talks">'
            '<use href="/static/glyphs.svg#kind-talks"></use></svg>',
        ),
        (
            "{% side_chip us %}",
            '<span class="side slot-1" title="United States"><span aria-hidden="true">US</span>'
            '<span class="sr">United States</span></span>',
        ),
        # More sides than hues: the last hue again, told apart by the code.
        (
            "{% side_chip nato %}",
            '<span class="side slot-5" title="NATO &amp; others">'
            '<span aria-hidden="true">NATO</span><span class="sr">NATO &amp; others</span></span>',
        ),
        ("{% side_chip nobody %}", ""),
        (
            '{% stance_chip "supports" %}',
            f'<span class="chip stance stance-supports">{symbol("stance-accept")}Supports</span>',
        ),
        (
            '{% stance_chip "supports" needs_consent=True %}',
            f'<span class="chip stance stance-supports">{symbol("stance-accept")}Accepts</span>',
        ),
        (
            '{% stance_chip "denies_discussed" needs_consent=True %}',
            '<span class="chip stance stance-denies_discussed">'
            f"{symbol('stance-denies')}Denies discussed</span>",
        ),
        (
            '{% stance_chip "awaited" waiting="1 day" %}',
            '<span class="chip stance stance-awaited">'
            f"{symbol('stance-await')}Awaited 1 day</span>",
        ),
        (
            '{% stance_chip "" %}',
            '<span class="chip stance stance-none">– None recorded</span>',
        ),
        (
            '{% stance_glyph "opposes" %}',
            '<span class="stance-glyph-neg"><svg class="glyph" role="img" aria-label="Opposes">'
            '<use href="/static/glyphs.svg#stance-oppose"></use></svg></span>',
        ),
        ('{% stance_glyph "" %}', '<span role="img" aria-label="None recorded">–</span>'),
        ('{% stance_glyph "none" %}', '<span role="img" aria-label="No for or against">–</span>'),
        (
            '{% state_chip "reviewed" %}',
            f'<span class="state state-reviewed">{symbol("state-reviewed")}Reviewed</span>',
        ),
        (
            "{% contested_chip %}",
            f'<span class="chip contested">{symbol("ui-contested")}Contested</span>',
        ),
        (
            "{% contested_chip 1 2 %}",
            f'<span class="chip contested">{symbol("ui-contested")}'
            "Contested: 1 supports, 2 dispute</span>",
        ),
        (
            "{% source_count 1 %}",
            f'<span class="chip sources">{symbol("ui-doc")}1<span class="sr"> source</span></span>',
        ),
        (
            "{% source_count 0 %}",
            f'<span class="chip sources sources-none">{symbol("ui-doc")}No source</span>',
        ),
        (
            '{% commitment_chip "lapsed" %}',
            f'<span class="chip commitment commitment-lapsed">{symbol("ui-minus")}'
            "<span>Lapsed</span></span>",
        ),
        (
            '{% added "after E6" %}',
            '<ins><span class="sr">added: </span>after E6<span class="sr"> (end)</span></ins>',
        ),
        (
            "{% removed words %}",
            '<del><span class="sr">removed: </span>&lt;b&gt;<span class="sr"> (end)</span></del>',
        ),
        ('{% key "N" %}', '<kbd aria-hidden="true">N</kbd>'),
    ],
)
def test_small_pieces(source: str, html: str) -> None:
    assert drawn(source, us=US, nato=NATO, nobody=None, words="<b>") == html


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("It takes two to tango.", "<q>‘It takes two to tango.’</q>"),
        ("“It takes two to tango.”", "<q>‘It takes two to tango.’</q>"),
        # Two quotations with words between: the marks at the ends belong to different ones.
        ("“Yes,” he said, “now.”", "<q>‘“Yes,” he said, “now.”’</q>"),
        ("a < b", "<q>‘a &lt; b’</q>"),
    ],
)
def test_quotations_get_their_marks_once(words: str, html: str) -> None:
    assert drawn("{% quote words %}", words=words) == html
    assert drawn('{% quote words "block" %}', words=words) == f"<blockquote>{html}</blockquote>"


def test_every_choice_of_the_models_has_a_sign() -> None:
    assert {*Position.Stance.values} - {"none"} | {"awaited"} == set(truceline.STANCES)
    assert set(truceline.STANCES) == set(truceline.STANCE_HUES)
    assert {*Event.State.values} == set(truceline.STATES)
    assert set(truceline.COMMITMENTS) >= {*Outcome.Result.values, *Commitment.Firmness.values} - {
        "firm"
    }


def test_every_glyph_named_is_in_the_sprite() -> None:
    root = Path(settings.BASE_DIR)
    named = {f"kind-{kind}" for kind in Event.Kind.values}
    named |= {f"state-{state}" for state in truceline.STATES}
    named |= {glyph for glyph, _ in (*truceline.STANCES.values(), *truceline.COMMITMENTS.values())}
    named |= {screen[3] for screen in truceline.SCREENS}
    for template in (root / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% glyph "([^"]+)"', template.read_text()))
    for script in (root / "static" / "js").glob("*.js"):
        named |= set(re.findall(r'"((?:ui|kind|stance|state)-[a-z]+)"', script.read_text()))
    assert named - sprite_names() == set()


EVIDENCE = SimpleNamespace(
    ref="EV2",
    bearing="disputes",
    get_bearing_display="Disputes",
    words="…contingent on Russia accepting a proposed ceasefire.",
    note="‘immediately’",
    speaker=None,
    manner="partial_quote",
    get_manner_display="Partial quotation",
    passage=SimpleNamespace(source_text=SimpleNamespace(source=SimpleNamespace(ref="S1"))),
)


def test_evidence_says_which_way_it_points_and_where_it_is_from() -> None:
    assert drawn('{% evidence_item evidence href="/s/S1/#P3" %}', evidence=EVIDENCE) == (
        '<div class="evidence evidence-disputes" id="EV2">'
        '<p class="bearing"><strong>Disputes</strong> ‘immediately’</p>'
        "<blockquote><q>‘…contingent on Russia accepting a proposed ceasefire.’</q></blockquote>"
        '<p class="meta"><a href="/s/S1/#P3">Source S1</a>. Partial quotation</p></div>'
    )


def test_field_can_be_edited_where_it_stands() -> None:
    tag = (
        '{% field_row "Where" name="place" record="E7" edit="/f/" form="/e/" empty="Add a place" %}'
    )
    assert drawn(tag + "Jeddah{% endfield_row %}") == (
        '<div class="field-row is-editable" id="E7-place" data-field="place" data-edit="/f/">'
        '<dt>Where</dt><dd><div class="field-value">Jeddah</div>'
        '<a class="field-edit" href="/e/#id_place" aria-label="Edit where">'
        f"{symbol('ui-pencil')}</a></dd></div>"
    )


def test_readers_see_no_way_to_edit() -> None:
    assert drawn('{% field_row "Where" %} {% endfield_row %}') == (
        '<div class="field-row"><dt>Where</dt><dd>'
        '<div class="field-value"><span class="field-empty">–</span></div></dd></div>'
    )


class DateForm(forms.Form):
    """One field that refuses what it is given."""

    when = forms.CharField(help_text="As said.")

    def clean_when(self) -> str:
        """Refuse."""
        raise forms.ValidationError("‘31 Feb’ is not a date.")


def test_editor_keeps_the_text_and_names_the_mistake() -> None:
    form = DateForm({"when": "31 Feb"})
    tag = '{% field_editor "When" field=form.when name="when" record="E7" edit="/f/" version=3 %}'
    assert drawn(tag, form=form) == (
        '<div class="field-row is-editing" id="E7-when" data-field="when" data-edit="/f/">'
        '<dt><label for="id_when">When</label></dt><dd>'
        '<form class="field-editor" method="post" action="/f/" hx-post="/f/"'
        ' hx-target="closest .field-row" hx-swap="outerHTML" data-inline novalidate>'
        '<input type="hidden" name="version" value="3">'
        '<input type="text" name="when" value="31 Feb" required aria-invalid="true"'
        ' aria-describedby="id_when_helptext id_when_error" id="id_when">'
        f'<ul class="errors" id="id_when_error"><li>{symbol("ui-warn")}'
        "<span>‘31 Feb’ is not a date.</span></li></ul>"
        '<p class="help meta" id="id_when_helptext">As said.</p>'
        '<div class="button-row"><button class="button primary">Save'
        ' <kbd aria-hidden="true">↵</kbd></button>'
        '<button class="button" type="button" data-cancel>Cancel'
        ' <kbd aria-hidden="true">Esc</kbd></button></div></form></dd></div>'
    )


def test_form_fields_and_their_summary() -> None:
    form = DateForm({"when": "31 Feb"})
    assert drawn("{{ form }}", form=form) == (
        '<div class="field"><label for="id_when">When</label>'
        '<input type="text" name="when" value="31 Feb" required aria-invalid="true"'
        ' aria-describedby="id_when_helptext id_when_error" id="id_when">'
        f'<ul class="errors" id="id_when_error"><li>{symbol("ui-warn")}'
        "<span>‘31 Feb’ is not a date.</span></li></ul>"
        '<p class="help" id="id_when_helptext">As said.</p></div>'
    )
    assert drawn('{% include "components.html#error_summary" %}', form=form) == (
        '<section class="error-summary" aria-labelledby="error-summary-title" tabindex="-1"'
        f' data-take-focus><h2 id="error-summary-title">{symbol("ui-warn")}'
        " 1 field needs attention</h2>"
        '<ul><li><a href="#id_when">When</a>: ‘31 Feb’ is not a date.</li></ul></section>'
    )


def test_empty_state_and_confirmation() -> None:
    assert drawn('{% empty "No events yet" "Add a source." %}<a>Add</a>{% endempty %}') == (
        '<div class="empty"><h3>No events yet</h3><p>Add a source.</p>'
        '<div class="button-row"><a>Add</a></div></div>'
    )
    assert drawn(
        '{% confirm_bar "Delete E7?" "It can be undone." %}<b>x</b>{% endconfirm_bar %}'
    ) == (
        f'<section class="confirm-bar" aria-label="Delete E7?">{symbol("ui-warn")}'
        "<div><h2>Delete E7?</h2><p>It can be undone.</p></div>"
        '<div class="button-row"><b>x</b></div></section>'
    )


def test_message_offers_to_undo_what_it_tells_of() -> None:
    message = Message(25, "E7 saved", extra_tags="undo=/undo/9/")
    assert drawn('{% include "components.html#messages" %}', messages=[message]) == (
        '<div hx-swap-oob="innerHTML:#toasts"><div class="toast" data-toast>'
        f"{symbol('ui-check')}<p>E7 saved</p>"
        '<form method="post" action="/undo/9/"><button class="button" data-key="u">Undo'
        ' <kbd aria-hidden="true">U</kbd></button></form></div></div>'
    )
    assert truceline.undo_url(Message(25, "Saved", extra_tags="other")) == ""
    assert truceline.undo_url(Message(25, "Saved")) == ""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "**Bold** and [a link](https://example.org)",
            '<p><strong>Bold</strong> and <a href="https://example.org"'
            ' rel="noreferrer nofollow">a link</a></p>\n',
        ),
        ("<b hx-get='/x'>raw</b>", "<p>&lt;b hx-get='/x'&gt;raw&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("", ""),
    ],
)
def test_markdown_is_safe(text: str, html: str) -> None:
    assert truceline.markdown(text) == html


@pytest.mark.parametrize(
    ("user", "cookies", "attributes"),
    [
        (AnonymousUser(), {}, ""),
        (AnonymousUser(), {"theme": "dark"}, ' data-theme="dark"'),
        (AnonymousUser(), {"theme": '"><script>'}, ""),
        (AnonymousUser(), {"single_keys": "off"}, ' data-single-keys="off"'),
        (
            SimpleNamespace(theme="light", single_keys=True),
            {"theme": "dark"},
            ' data-theme="light"',
        ),
        (SimpleNamespace(theme="system", single_keys=False), {}, ' data-single-keys="off"'),
    ],
)
def test_choices_of_the_viewer(user: Any, cookies: dict[str, str], attributes: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES = cookies
    assert truceline.root_attributes(Context({"request": request, "user": user})) == attributes


@pytest.mark.parametrize(
    ("full", "name", "letters"),
    [("Ines Okafor", "ines", "IO"), ("", "analyst", "A"), ("Ursula von der Leyen", "u", "UL")],
)
def test_initials(full: str, name: str, letters: str) -> None:
    first, _, last = full.partition(" ")
    person = User(username=name, first_name=first, last_name=last)
    assert truceline.initials(person) == letters


def test_screens_without_a_dossier_or_an_address() -> None:
    assert truceline.screens(Context({})) == []
    assert truceline.url_if("events:no-such-page", "x") == ""


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0"), (999, "999"), (12345, "12,345"), ("1,000+", "1,000+")]
)
def test_numbers_have_separators(number: int | str, shown: str) -> None:
    assert drawn("{{ number|thousands }}", number=number) == shown

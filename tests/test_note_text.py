"""Markdown of notes: what it becomes, that nothing in it acts, and that it is soon done."""

from __future__ import annotations

import re
import time

import pytest

from events.note_text import names_in, refs_in, to_html
from tests.browser.test_injection import LONG
from tests.markup import parse

MANY = 50_000


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Bold** and *light*", "<p><strong>Bold</strong> and <em>light</em></p>\n"),
        ("# Title\n\ntext", '<p class="heading">Title</p>\n<p>text</p>\n'),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("```py\nx < 1\n```", "<pre><code>x &lt; 1\n</code></pre>\n"),
        (
            "[here](https://example.org)",
            '<p><a href="https://example.org" rel="noreferrer nofollow">here</a></p>\n',
        ),
        # What would be asked for from elsewhere stays a word and a link.
        (
            "![map](https://example.org/a.png)",
            '<p>!<a href="https://example.org/a.png" rel="noreferrer nofollow">map</a></p>\n',
        ),
        ("<b hx-get=/>x</b>", "<p>&lt;b hx-get=/&gt;x&lt;/b&gt;</p>\n"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>\n"),
        ("https://example.org", "<p>https://example.org</p>\n"),
    ],
)
def test_markdown(text: str, html: str) -> None:
    assert to_html(text) == html


def test_nothing_in_it_acts() -> None:
    texts = [LONG, f"# {LONG}", f"- {LONG}", f"|{LONG}|b|\n|-|-|\n|{LONG}|x|", f"[{LONG}]({LONG})"]
    for text in [*texts, f'[a](/x "{LONG}")', f"```{LONG}\n{LONG}\n```", f"[a]: /x '{LONG}'\n[a]"]:
        page = parse(to_html(text).encode())
        named = {name for element in page.all() for name in element.attributes}
        assert named <= {"href", "title", "rel", "class"}, text
        assert all(not re.match(r"\s*javascript:", a["href"]) for a in page.all("a")), text
        assert [page.all(tag) for tag in ("img", "script", "svg", "xss", "style")] == [[]] * 5, text


HOSTILE = {
    "brackets": "[" * MANY,
    "few brackets": "[" * 200 + " a*" * (MANY // 3),
    "images": "![" * (MANY // 2),
    "references": "[a][" * (MANY // 4),
    "links in links": "[a](" * (MANY // 4),
    "quotes": "> " * (MANY // 2),
    "quotes without end": ">" * MANY,
    "lists": "- " * (MANY // 2),
    "deep list": "".join("  " * at + "- a\n" for at in range(220)),
    "stars": "*a " * (MANY // 3),
    "stars and lines": "*_" * (MANY // 2),
    "strong": "a**b" * (MANY // 4),
    "ticks": "".join("`" * at + " " for at in range(1, 315)),
    "angles": "<" * MANY,
    "table": "a|b\n-|-\n" + "a|b\n" * 12_000,
    "wide table": "|a" * 5000 + "\n" + "|-" * 5000 + "\n" + ("|x" * 5000 + "\n") * 3,
    "definitions": "[a]: b\n" * 7000,
    "names": " @a" * (MANY // 3),
    "at signs": "@" * MANY,
    "refs": " E1" * (MANY // 3),
    "digits": "E" + "1" * MANY,
    "backslashes": "\\" * MANY,
    "entities": "&amp;" * (MANY // 5),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_nesting_answers_soon(name: str) -> None:
    text = HOSTILE[name]

    def took() -> float:
        # Of the processor's time: other work on the machine is not the text's doing.
        start = time.process_time()
        html = to_html(text, lambda match: match[0])
        names_in(text)
        refs_in(text)
        assert html or name == "definitions"
        return time.process_time() - start

    # Unbounded, the worst of these take three seconds and more; a busy machine may spoil one try.
    assert any(took() < 2 for _ in range(3))


def test_names_and_refs() -> None:
    text = (
        "@ida, (@Lars.T.) x@y.org /@z @@q @ida@x.org E7, E7a XE7 PO12. e7 E-7 #E8 E9-10 www.E1.org"
    )
    assert names_in(text) == {"ida", "lars.t", "ida@x.org"}
    assert refs_in(text) == {"E7", "XE7", "PO12"}

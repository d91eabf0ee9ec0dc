"""The view taken away: what the SVG holds, how the PNG looks, what is printed, for whom."""

from __future__ import annotations

import os
import re
import struct
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client

from events import chart_file, chronicle, dates, history, printed
from events.models import Dossier, Event, User
from events.views import chart_file as views
from tests import factories as make
from tests.markup import parse

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent.parent / "golden" / "chart-file.svg"
WINDOW = "from=2025-03-10&to=2025-03-16&width=840"
HOSTILE = "</title></text><script>alert(1)</script> ]]> &amp; \x0b\ufffe \U0001f54a سلام"


@pytest.fixture
def ida() -> User:
    user: User = make.UserFactory(username="ida")
    return user


@pytest.fixture
def dossier(ida: User) -> Dossier:
    """Talks and a statement that the public reads, and a draft with a source of its own."""
    with history.recording(by=ida):
        dossier: Dossier = make.DossierFactory(
            slug="jeddah", title="Ukraine <ceasefire>", visibility="public"
        )
        make.MembershipFactory(dossier=dossier, user=ida, role="analyst")
        us = make.SideFactory(dossier=dossier, code="US", name="United States", order=1, slot=1)
        rubio = make.ActorFactory(dossier=dossier, name="Rubio", side=us)
        for title, edtf, kind, state, words in (
            ("Talks in Jeddah", "2025-03-11", "talks", "published", "They talked all day."),
            ("Joint & final", "2025-03-12", "statement", "published", "A “statement” was made."),
            ("Secret", "2025-03-13", "call", "draft", "Nobody knows of this call."),
        ):
            event = make.EventFactory.build(dossier=dossier, title=title, kind=kind, state=state)
            event.set_when(dates.from_edtf(edtf))
            event.save()
            make.ParticipationFactory(dossier=dossier, event=event, actor=rubio, role="speaker")
            source = make.SourceFactory(dossier=dossier, title=f"On {title}")
            text = make.SourceTextFactory(dossier=dossier, source=source, text=words)
            passage = make.PassageFactory(
                dossier=dossier, source_text=text, start=0, end=len(words), exact=words
            )
            make.EvidenceFactory(dossier=dossier, event=event, passage=passage)
    cache.clear()
    return dossier


@pytest.fixture
def member(ida: User, dossier: Dossier) -> Client:
    client = Client()
    client.force_login(ida)
    return client


def texts(document: str) -> list[str]:
    """All that is written in the drawing, titles that a pointer shows included."""
    return [one.text for one in ET.fromstring(document).iter() if one.text and one.text.strip()]


def pixels(png: bytes) -> tuple[int, int, int]:
    """Width, height, and how many different bytes the rows hold: a blank picture has one or two."""
    width, height = struct.unpack(">II", png[16:24])
    rows, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            rows += png[at + 8 : at + 8 + length]
        at += length + 12
    return width, height, len(set(zlib.decompress(rows)))


# --- SVG


def test_the_file(dossier: Dossier) -> None:
    answer = Client().get(f"/d/jeddah/chart.svg?{WINDOW}&kind=talks&kind=statement")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["Content-Disposition"] == (
        'attachment; filename="jeddah-timeline-2025-03-10--2025-03-15.svg"'
    )
    drawn = re.sub(r"exported .*?\.<", "exported THEN.<", answer.text)
    if os.environ.get("TRUCELINE_GOLDEN") == "write":
        GOLDEN.write_text(drawn, encoding="utf-8")
    assert drawn == GOLDEN.read_text(encoding="utf-8")


def test_it_stands_alone(member: Client) -> None:
    document = member.get(f"/d/jeddah/chart.svg?{WINDOW}&selected=E1").text
    root = ET.fromstring(document)
    names = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert names <= {
        *("svg", "g", "title", "style", "defs", "symbol", "use", "rect", "path", "circle", "text"),
        *("pattern", "linearGradient", "stop"),
    }
    ids = {f"#{one.get('id')}" for one in root.iter() if one.get("id")}
    assert {one.get("href") for one in root.iter() if one.get("href")} <= ids
    assert {f"#{found}" for found in re.findall(r"url\(#([\w-]+)\)", document)} <= ids
    assert "url(http" not in document
    assert "@import" not in document
    attributes = {name for one in root.iter() for name in one.attrib}
    assert not {name for name in attributes if re.match("on|data-|hx-|aria-label$", name)}


def test_what_it_says(member: Client) -> None:
    address = "/d/jeddah/chart.svg?from=2025-03-10&to=2025-03-16&side=US&q=talks&as_of=12+Mar+2025"
    said = " ".join(texts(member.get(address).text))
    for words in (
        "Ukraine <ceasefire>",
        "Timeline, Mon 10 March 2025 to Sat 15 March 2025, 1 of 1 event",
        "Times in UTC.",
        "Filters: side United States; words ‘talks’.",
        "what had happened by then, as the dossier tells it today.",
        "1 source: S1 On Talks in Jeddah.",
        "As members of the dossier see it",
        "Truceline, http://testserver/d/jeddah/?from=2025-03-10&to=2025-03-16&side=US&q=talks",
        "as_of=2025-03-12&clock=happened",
    ):
        assert words in said


def test_what_cannot_be_read_is_said(dossier: Dossier) -> None:
    address = "/d/jeddah/chart.svg?as_of=31+Feb+2025&from=2025-03-12&to=2025-03-11"
    said = texts(Client().get(address).text)
    assert "The window ends before it starts; all dates are shown." in said
    assert [one for one in said if one.endswith("This is the present.")] != []


def test_the_public_gets_what_the_public_sees(member: Client) -> None:
    address = f"/d/jeddah/chart.svg?{WINDOW}"
    seen, inside = Client().get(address).text, member.get(address).text
    assert "2 sources: S1 On Talks in Jeddah; S2 On Joint &amp; final." in seen
    assert ["Secret" in one for one in (seen, inside)] == [False, True]
    assert ["As members" in one for one in (seen, inside)] == [False, True]


def test_hostile_words(member: Client, ida: User, dossier: Dossier) -> None:
    with history.recording(by=ida):
        dossier.title = HOSTILE
        dossier.save()
        for event in Event.objects.all():
            event.title = HOSTILE
            event.save()
    document = member.get(f"/d/jeddah/chart.svg?{WINDOW}").text
    root = ET.fromstring(document)
    assert [one for one in root.iter() if one.tag.endswith("script")] == []
    plain = "</title></text><script>alert(1)</script> ]]> &amp; \U0001f54a سلام"
    said = [" ".join(one.split()) for one in texts(document)]
    assert said.count(plain) == 1
    assert len([one for one in said if one.startswith(f"{plain}, ")]) == 3
    assert ET.fromstring(member.get(f"/d/jeddah/chart.svg?{WINDOW}&q=%3Cb%3E%00%0B").text).tag
    name = member.get(f"/d/jeddah/chart.svg?{WINDOW}")["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="[\w.-]+\.svg"', name)


def test_long_words_are_broken() -> None:
    lines = list(chart_file.wrapped("a " + "x" * 400 + " b", 300, 13, 400))
    assert "".join(lines).replace(" ", "") == "a" + "x" * 400 + "b"
    assert all(chart_file.text_width(line, 13, 400) <= 300 for line in lines)


def test_an_address_of_any_length_is_broken_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured grows with its length, not with the square of it."""
    measured = []
    width = chart_file.text_width

    def counted(text: str, *given: Any) -> int:
        measured.append(len(text))
        return width(text, *given)

    monkeypatch.setattr(chart_file, "text_width", counted)
    lines = list(chart_file.wrapped("x" * 20_000, 1_416, 11, 400))
    assert "".join(lines) == "x" * 20_000
    assert sum(measured) < 100 * 20_000


def test_many_sources_are_cut(
    member: Client, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chart_file, "LISTED", 1)
    document = member.get(f"/d/jeddah/chart.svg?{WINDOW}").text
    assert "Sources: S1 On Talks in Jeddah; and more." in texts(document)
    monkeypatch.setattr(chart_file, "EVENTS", 1)
    document = member.get(f"/d/jeddah/chart.svg?{WINDOW}").text
    assert "Sources: each event of the dossier names its own." in texts(document)


def test_a_window_may_reach_beyond_all_dates(member: Client, dossier: Dossier, ida: User) -> None:
    """It fits what is there, with room on both sides."""
    with history.recording(by=ida):
        Event.objects.filter(dossier=dossier).delete()
        for when in ("-4712", "9999"):
            event = make.EventFactory.build(dossier=dossier)
            event.set_when(dates.read(when, zone="UTC"))
            event.save()
    for page in ("chart.svg", "print"):
        assert member.get(f"/d/jeddah/{page}").status_code == 200


def test_answered_once(member: Client) -> None:
    first = member.get(f"/d/jeddah/chart.svg?{WINDOW}")
    assert first["Cache-Control"] == "private, no-cache"
    again = member.get(f"/d/jeddah/chart.svg?{WINDOW}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(f"/d/jeddah/chart.svg?{WINDOW}")["ETag"] != first["ETag"]
    assert member.get(f"/d/jeddah/chart.png?{WINDOW}")["ETag"] != first["ETag"]


# --- PNG


def test_png(dossier: Dossier) -> None:
    root = ET.fromstring(Client().get(f"/d/jeddah/chart.svg?{WINDOW}").text)
    answer = Client().get(f"/d/jeddah/chart.png?{WINDOW}")
    assert answer["Content-Type"] == "image/png"
    assert 'filename="jeddah-timeline-2025-03-10--2025-03-15.png"' in answer["Content-Disposition"]
    width, height, different = pixels(answer.content)
    assert (width, height) == (1680, 2 * int(root.get("height", "0")))
    assert different > 60


def test_png_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_file, "MOST_PIXELS", 40_000)
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"></svg>'
    assert pixels(chart_file.png(svg))[:2] == (200, 200)


def test_too_many_pictures(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "A_MINUTE", 2)
    codes = [Client().get(f"/d/jeddah/chart.png?{WINDOW}").status_code for _ in range(3)]
    refused = Client().get(f"/d/jeddah/chart.png?{WINDOW}")
    assert codes == [200, 200, 429]
    assert refused["Retry-After"] == "60"
    assert "take the SVG" in refused.text
    cache.clear()


# --- Paper


def test_the_sheet(member: Client) -> None:
    page = parse(member.get("/d/jeddah/print?from=2025-03-10&to=2025-03-16&side=US").content)
    sheet = page.one("article", "sheet")
    assert sheet.one("h1").text == "Ukraine <ceasefire>"
    assert "Filters: side United States." in sheet.text
    assert sheet.one("svg", "chart-lanes")["width"] == "840"
    assert [row.one("h3").text for row in sheet.all("div", "sheet-row")] == [
        "Talks in Jeddah E1",
        "Joint & final E2",
        "Secret E3",
    ]
    assert sheet.all("p", "sheet-quote")[1].text == "‘A “statement” was made.’ S2 On Joint & final"
    head = page.one("p", "print-head").text
    assert "http://testserver/d/jeddah/?from=2025-03-10&to=2025-03-16&side=US" in head


def test_the_sheet_of_the_public(dossier: Dossier) -> None:
    page = Client().get("/d/jeddah/print").text
    assert ("Joint &amp; final" in page, "Secret" in page, "Nobody knows" in page) == (
        True,
        False,
        False,
    )


def test_the_sheet_has_all_pages_of_the_list(
    member: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(chronicle, "PAGE", 1)
    rows = parse(member.get("/d/jeddah/print").content).all("div", "sheet-row")
    assert len(rows) == 3
    monkeypatch.setattr(printed, "MOST", 2)
    page = parse(member.get("/d/jeddah/print").content)
    assert len(page.all("div", "sheet-row")) == 2
    assert "The list goes on after E2." in page.one("article", "sheet").text
    with django_assert_max_num_queries(45):
        member.get("/d/jeddah/print")


@pytest.mark.parametrize("page", ["chart.svg", "chart.png", "print"])
def test_a_private_dossier_is_not_there_for_others(page: str, dossier: Dossier, ida: User) -> None:
    with history.recording(by=ida):
        dossier.visibility = "private"
        dossier.save()
    assert Client().get(f"/d/jeddah/{page}").status_code == 404

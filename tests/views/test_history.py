"""The history of one record: versions, what belongs to it, any two points compared, who, paging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from events import history
from events.models import Evidence, Link, Position, Revision, Term
from events.telling import versions
from tests.factories import (
    ConflictFactory,
    ConflictMemberFactory,
    EventFactory,
    EvidenceFactory,
    LinkFactory,
    PassageFactory,
    PositionFactory,
    SourceFactory,
    SourceTextFactory,
    TermFactory,
)
from tests.markup import Element, parse
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)

E1 = "/d/room/events/E1/history"
TEXT = "Talks will go on.\nAid resumes, contingent on Russia accepting a proposed ceasefire."
DISPUTED = "contingent on Russia accepting a proposed ceasefire"


def shown(client: Client, address: str = E1) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200
    return parse(answer.content)


def lines(page: Element) -> list[tuple[str, str]]:
    return [
        (row.one("span", "number").text, row.one("div").one("a").text)
        for row in page.all("li", "version")
    ]


def fields(page: Element) -> dict[str, str]:
    """What differs, by label; what is the same stands in a list of its own."""
    rows = page.all("dl", "diff")[0].all("div")
    return {row.one("dt").text: row.one("dd").text for row in rows if row.all("dt")}


def scene(room: Room) -> None:
    """An event with six revisions: its making, links and positions, review, evidence, people."""
    by = room.people
    with history.recording(by=by["owner"]):
        source = SourceFactory(dossier=room.dossier, title="The report")
        text = SourceTextFactory(dossier=room.dossier, source=source, text=TEXT)
        at = TEXT.index(DISPUTED)
        disputed = PassageFactory(
            dossier=room.dossier,
            source_text=text,
            start=at,
            end=at + len(DISPUTED),
            exact=DISPUTED,
        )
        plain = PassageFactory(
            dossier=room.dossier, source_text=text, start=0, end=17, exact="Talks will go on."
        )
        earlier = EventFactory(dossier=room.dossier, title="Talks in Riyadh")
    with history.recording(by=by["owner"]):
        EvidenceFactory(dossier=room.dossier, event=room.event, passage=plain)
    with history.recording(by=by["analyst"]):
        LinkFactory(
            dossier=room.dossier, from_event=room.event, to_event=earlier, kind="follows_from"
        )
    with history.recording(by=by["owner"]):
        PositionFactory.create_batch(3, dossier=room.dossier, event=room.event)
    with history.recording(by=by["reviewer"]):
        room.now().review()
    with history.recording(by=by["analyst"], note="As the source has it"):
        event = room.now()
        event.when_text, event.when_edtf = "11 Mar 2025, after the talks", "2025-03-11"
        event.when_anchor_event = earlier
        event.place = "Jeddah, Saudi Arabia"
        event.save()
        EvidenceFactory(dossier=room.dossier, event=event, passage=disputed, bearing="disputes")


def test_what_belongs_to_a_record_is_told_in_its_history() -> None:
    room = Room()
    scene(room)
    page = shown(room.client("reader"))
    assert lines(page) == [
        ("3", "When, Where, Evidence. Back to draft"),
        ("2", "Marked as reviewed"),
        ("", "Positions expressed, 3 added"),
        ("", "Link added: follows from E2"),
        ("", "Evidence, 1 added"),
        ("1", "Created"),
    ]
    assert page.one("h2", id="versions-title").text == "History 3 versions"
    assert page.one("h2", id="difference-title").text.startswith("Version 3 by Analyst X, ")
    found = fields(page)
    assert found["Where"] == "Jeddahadded: , Saudi Arabia (end)"
    assert found["Evidence"] == (f"+ Disputes added: {DISPUTED} (end) Source S1, paragraph 2")
    assert found["Standing"] == "Became contested"
    assert "Precision: none →, now day, ordered" in found["When"]
    assert page.one("details", "unchanged").one("summary").text == "› 5 fields unchanged"


def test_any_two_points_can_be_compared() -> None:
    room = Room()
    scene(room)
    client = room.client("reader")
    page = shown(client, f"{E1}/3?compared=1")
    assert list(fields(page)) == [
        "When",
        "Worked out from the event",
        "Where",
        "Evidence",
        "Links",
        "Positions expressed",
        "Standing",
    ]
    chosen = page.one("select", id="id_compared").all("option")
    assert [(option["value"], option.text) for option in chosen][:3] == [
        ("2", "version 2"),
        ("r5", "revision 5"),
        ("r4", "revision 4"),
    ]
    back = fields(shown(client, f"{E1}/1?compared=3"))
    assert back["Where"] == "Jeddahremoved: , Saudi Arabia (end)"
    assert back["Standing"] == "No longer contested"
    assert back["Links"].startswith("−")
    beside = shown(client, f"{E1}?at=r4")
    assert beside.one("h2", id="difference-title").text.startswith("Revision 4 by Analyst X")
    assert list(fields(beside)) == ["Links"]
    (then,) = beside.one("section", "difference").all("a", href="/d/room/?as_of=r4")
    assert then.text == "See the dossier at this time"


@pytest.mark.parametrize(
    "tail", ["?at=r999", "?compared=77", "?compared=r0", "?at=x&compared=%00&person=%00&before=-1"]
)
def test_an_odd_address_shows_the_newest(tail: str) -> None:
    room = Room()
    scene(room)
    page = shown(room.client("reader"), E1 + tail)
    assert page.one("h2", id="difference-title").text.startswith("Version 3 ")


def test_what_left_the_record_is_told_too() -> None:
    room = Room()
    scene(room)
    by = room.people["analyst"]
    with history.recording(by=by):
        Link.objects.get().delete()
    position = Position.objects.order_by("id").first()
    with history.recording(by=by):
        Evidence.objects.filter(bearing="disputes").update(event=None, position=position)
    with history.recording(by=by):
        Evidence.objects.filter(bearing="disputes").delete()
    page = shown(room.client("reader"))
    assert [what for _, what in lines(page)[:3]] == [
        "Evidence, 1 removed",
        "Link removed: follows from E2",
        "When, Where, Evidence. Back to draft",
    ]
    assert fields(page)["Standing"] == "No longer contested"
    there = shown(room.client("reader"), f"/d/room/positions/{position.ref}/history")
    assert [what for _, what in lines(there)] == [
        "Evidence, 1 removed",
        "Evidence, 1 added",
        "Created",
    ]


def test_a_changed_row_says_what_changed_in_it() -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        term = TermFactory(dossier=room.dossier, text="All fire ceases.")
    with history.recording(by=room.people["owner"]):
        Term.objects.filter(pk=term.pk).update(text="All fire at sea ceases.")
    page = shown(room.client("reader"), f"/d/room/proposals/{term.proposal.ref}/history")
    assert lines(page)[0] == ("", "Terms, 1 changed")

    assert fields(page)["Terms"] == (
        "± All fire at sea ceases. Text: All fire added: at sea (end)ceases."
    )


def test_an_open_conflict_makes_contested() -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        conflict = ConflictFactory(dossier=room.dossier)
    with history.recording(by=room.people["owner"]):
        ConflictMemberFactory(dossier=room.dossier, conflict=conflict, event=room.event)
    page = shown(room.client("reader"))
    assert (lines(page)[0], fields(page)["Standing"]) == (
        ("", "Conflicts, 1 added"),
        "Became contested",
    )


def test_by_one_person() -> None:
    room = Room()
    scene(room)
    client = room.client("reader")
    name = room.people["analyst"].username
    page = shown(client, f"{E1}?person={name}")
    assert [what for _, what in lines(page)] == [
        "When, Where, Evidence. Back to draft",
        "Link added: follows from E2",
    ]
    nobody = shown(client, f"{E1}?person=nobody")
    assert lines(nobody) == []
    assert "Nothing by this person" in nobody.one("section", "versions").text


def test_pages_by_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "PAGE", 3)
    room = Room()
    for place in "ABCDEF":
        room.changed("analyst", place=place)
    client = room.client("reader")
    page = shown(client)
    walked = [[number for number, _ in lines(page)]]
    while older := page.all("a", rel="next"):
        page = shown(client, E1 + older[0]["href"])
        walked.append([number for number, _ in lines(page)])
    assert walked == [["7", "6", "5"], ["4", "3", "2"], ["1"]]
    assert [number for number, _ in lines(shown(client, f"{E1}/3"))] == ["3", "2", "1"]


def test_the_page_costs_the_same_for_a_longer_history(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    room = Room()
    scene(room)
    client = room.client("reader")
    with django_assert_num_queries(22):
        client.get(E1)
    for place in "ABCDEF":
        room.changed("analyst", place=place)
    with history.recording(by=room.people["owner"]):
        for _ in range(5):
            EvidenceFactory(
                dossier=room.dossier,
                event=room.event,
                passage__exact="Aid",
                passage__start=18,
                passage__end=21,
                passage__source_text__text=TEXT,
            )
    with django_assert_num_queries(22):
        client.get(E1)


def test_long_texts_keep_the_page_small() -> None:
    room = Room()
    words = " ".join(f"word{n}" for n in range(7000))
    room.changed("analyst", summary=words, title="One")
    room.changed("analyst", summary=words.replace("word1", "other"), title="Two")
    page = room.client("reader").get(E1).content
    assert len(page) < 60_000
    assert len(fields(parse(page))["Summary"]) < 5_000


def test_the_heading_names_the_zone() -> None:
    room = Room(time_zone="Asia/Kolkata")
    room.changed("owner", place="Doha")
    client = room.client("reader")
    sealed = Revision.objects.get(number=2).sealed_at
    assert sealed is not None
    there = sealed.astimezone(ZoneInfo("Asia/Kolkata"))
    moment = f"{there.day} {there:%B %Y, %H:%M} IST"
    headings = (
        shown(client).one("h2", id="difference-title").text,
        shown(client, "/d/room/history/2/").one("h2", id="revision-title").text,
    )
    assert headings == (f"Version 2 by Owner X, {moment}", f"Revision 2 by Owner X, {moment}")


def test_no_link_ends_in_a_question_mark_alone() -> None:
    room = Room()
    room.changed("owner", place="Doha")
    client = room.client("owner")
    addresses = (E1, f"{E1}/1", f"{E1}?before=2", "/d/room/history/", "/d/room/history/?before=2")
    links = [a["href"] for where in addresses for a in shown(client, where).one("main").all("a")]
    assert f"{E1}/1" in links
    assert "/d/room/history/2/" in links
    assert [link for link in links if link.endswith("?")] == []


def test_the_question_to_restore_stands_with_what_it_is_about() -> None:
    room = Room()
    room.changed("owner", place="Doha")
    page = shown(room.client("owner"), f"{E1}/1/restoration")
    bar = page.one("section", "difference").one("form", "restore").one("section", "confirm-bar")
    assert bar.one("h2").text == "Restore version 1?"
    assert bar.parts[1].one("use")["href"].endswith("#ui-undo")

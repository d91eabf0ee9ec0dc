"""Notes on records: who writes and reads them, what they call, the page of all of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history
from events.models import Change, Event, Membership, Note
from tests import factories as make
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db

NEW, ALL = "/d/room/notes/new", "/d/room/notes/"
PANEL = {"headers": {"HX-Request": "true", "HX-Target": "div#notes-E1"}}


@pytest.fixture
def room() -> Negotiation:
    return Negotiation()


def noted(room: Negotiation, role: str, text: str, **about: Any) -> Note:
    """A note by someone of that role, about the talks unless said otherwise."""
    about = about or {"event": room.talks}
    if "event" not in about:
        about["event"] = None
    with history.recording(by=room.people[role]):
        note: Note = make.NoteFactory(
            dossier=room.dossier, author=room.people[role], text=text, **about
        )
    return note


def rename(room: Negotiation, **names: str) -> None:
    for role, name in names.items():
        room.people[role].username = name
        room.people[role].save()


@pytest.mark.parametrize(
    ("address", "noun"),
    [
        ("events/E1/", "talks"),
        ("positions/PO1/", "answer"),
        ("commitments/C1/", "commitment"),
        ("proposals/PR1/", "proposal"),
        ("sources/S1/details", "source"),
        ("actors/A2/", "rubio"),
        ("conflicts/X1/", "conflict"),
    ],
)
def test_note_is_written_on_the_page_of_a_record(
    room: Negotiation, address: str, noun: str
) -> None:
    client = room.client("analyst")
    form = parse(client.get(f"/d/room/{address}").content).one("form", "note-form")
    record = getattr(room, noun)
    sent = {"about": form.one("input", name="about")["value"], "text": "Is this **right**?"}
    answer = client.post(form["action"], sent)
    assert answer["Location"] == f"/d/room/{address}#N1"
    note = Note.objects.get()
    assert (note.target, note.author, note.resolved) == (record, room.people["analyst"], False)
    panel = parse(client.get(f"/d/room/{address}").content).one("section", "notes")
    assert panel.all("span", "count")[0].text == "1 open"
    assert panel.one("li", "note").one("div", "field-value").text == "Is this right?"
    drawer = {"headers": {"HX-Request": "true", "HX-Target": "aside#drawer"}}
    panel = parse(client.get(f"/d/room/{address}", **drawer).content).one("section", "notes")
    assert panel.all("h3")[0].text == "Notes 1 open"


@pytest.mark.django_db(transaction=True)
def test_only_members_see_notes() -> None:
    room = Negotiation(visibility="public")
    noted(room, "analyst", "Between us")
    seen = {}
    for role in ("", "outsider", "reader", "analyst"):
        client = room.client(role)
        page = client.get("/d/room/events/E1/")
        panels = parse(page.content).all("section", "notes")
        forms = [form for panel in panels for form in panel.all("form")]
        statuses = [client.get(a).status_code for a in (ALL, "/d/room/notes/N1/history")]
        seen[role] = (b"Between us" in page.content, len(panels), len(forms), statuses)
    assert seen == {
        "": (False, 0, 0, [404, 404]),
        "outsider": (False, 0, 0, [404, 404]),
        "reader": (True, 1, 0, [200, 200]),
        "analyst": (True, 1, 2, [200, 200]),
    }


def test_a_reader_writes_none(room: Negotiation) -> None:
    noted(room, "analyst", "Between us")
    client, changes = room.client("reader"), Change.objects.count()
    tails = ("N1/edit", "N1/fields/text/", "N1/deletion", "N1/resolution", "N1/reopening", "new")
    sent = {"about": "E1", "text": "Mine", "version": "1"}
    answers = {client.post(f"{ALL}{tail}", sent).status_code for tail in tails}
    assert (answers, client.get(f"{ALL}people").status_code) == ({403}, 403)
    assert Change.objects.count() == changes


def test_who_changes_deletes_and_resolves(room: Negotiation) -> None:
    tried = {}
    for role in ("analyst", "reviewer", "owner"):
        for name in ("edit", "fields/text/", "deletion", "resolution"):
            note = noted(room, "analyst", "A word")
            sent = {"text": "Another word", "version": "1"}
            answer = room.client(role).post(f"{ALL}{note.ref}/{name}", sent)
            left = Note.objects.filter(pk=note.pk).first()
            done = left is None or (left.text, left.resolved) != ("A word", False)
            tried[role, name] = (answer.status_code, done)
    done, refused = (302, True), (403, False)
    assert tried == {
        ("analyst", "edit"): done,
        ("analyst", "fields/text/"): done,
        ("analyst", "deletion"): done,
        ("analyst", "resolution"): done,
        ("reviewer", "edit"): refused,
        ("reviewer", "fields/text/"): refused,
        ("reviewer", "deletion"): refused,
        ("reviewer", "resolution"): done,
        ("owner", "edit"): refused,
        ("owner", "fields/text/"): refused,
        ("owner", "deletion"): done,
        ("owner", "resolution"): done,
    }


def test_refusal_says_whose_words_they_are(room: Negotiation) -> None:
    noted(room, "analyst", "A word")
    page = parse(room.client("owner").get(f"{ALL}N1/edit").content)
    assert "N1 is by Analyst X. A note is changed by who wrote it." in page.one("main").text


@pytest.mark.django_db(transaction=True)
def test_another_version_of_somebody_elses_note_is_not_restored(room: Negotiation) -> None:
    noted(room, "analyst", "A word")
    room.client("analyst").post(f"{ALL}N1/edit", {"text": "Another", "version": "1"})
    answer = room.client("owner").post(f"{ALL}N1/history/1/restoration")
    assert (answer.status_code, Note.objects.get().text) == (403, "Another")
    room.client("analyst").post(f"{ALL}N1/history/1/restoration", {"version": "2"})
    assert Note.objects.get().text == "A word"


def test_empty_note_is_refused_beside_the_field(room: Negotiation) -> None:
    client = room.client("analyst")
    answer = client.post(NEW, {"about": "E1", "text": "  "}, **PANEL)
    form = parse(answer.content).one("form", "note-form")
    assert answer.status_code == 422
    assert form.one("ul", "errors").text == "This is needed and still empty."
    answer = client.post(NEW, {"about": "E99", "text": "A word"})
    assert answer.status_code == 422
    assert parse(answer.content).one("textarea", name="text").text == "A word"
    assert Note.objects.count() == 0


def test_longest_note(room: Negotiation) -> None:
    client = room.client("analyst")
    sizes = {
        n: client.post(NEW, {"about": "E1", "text": "x" * n}).status_code for n in (10_000, 10_001)
    }
    assert sizes == {10_000: 302, 10_001: 422}


def test_answer_in_place_holds_the_notes_and_their_number(room: Negotiation) -> None:
    client = room.client("analyst")
    noted(room, "owner", "First")
    answer = parse(client.post(NEW, {"about": "E1", "text": "Second"}, **PANEL).content)
    assert [note.one("div", "field-value").text for note in answer.all("li", "note")] == [
        "First",
        "Second",
    ]
    assert answer.one("span", id="E1-note-count").text == "2 open"
    answer = parse(client.post(f"{ALL}N1/resolution", **PANEL).content)
    assert answer.one("details").one("li", "note")["id"] == "N1"
    assert answer.one("span", id="E1-note-count").text == "1 open"
    answer = parse(client.post(f"{ALL}N1/reopening", **PANEL).content)
    assert (answer.all("details"), answer.one("span", id="E1-note-count").text) == ([], "2 open")


def test_two_edits_of_one_note(room: Negotiation) -> None:
    noted(room, "analyst", "A word")
    client = room.client("analyst")
    client.post(f"{ALL}N1/edit", {"text": "From the desk", "version": "1"})
    answer = client.post(f"{ALL}N1/edit", {"text": "From the phone", "version": "1"})
    assert (answer.status_code, Note.objects.get().text) == (409, "From the desk")
    assert "From the phone" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_deleted_note_comes_back(room: Negotiation) -> None:
    noted(room, "analyst", "A word")
    client = room.client("analyst")
    answer = client.post(f"{ALL}N1/deletion", {"version": 1}, follow=True)
    assert Note.objects.count() == 0
    undo = parse(answer.content).one("div", id="toasts").one("form")["action"]
    client.post(undo)
    assert Note.objects.get().text == "A word"


def test_notes_of_somebody_who_left_stay(room: Negotiation) -> None:
    rename(room, analyst="ida")
    noted(room, "analyst", "My last word, @ida")
    with history.recording(by=room.people["owner"]):
        Membership.objects.get(user=room.people["analyst"]).delete()
    note = parse(room.client("owner").get("/d/room/events/E1/").content).one("li", "note")
    assert note.one("p", "note-head").one("strong").text == "Analyst X"
    assert note.all("span", "mention") == []


# --- Mentions and refs


def test_members_are_called_and_nobody_else_is_known(room: Negotiation) -> None:
    rename(room, owner="lars.t", reader="Mia", outsider="eve")
    noted(room, "analyst", "@lars.t. and @mia, not @eve nor @nobody; mail ida@mia")
    note = parse(room.client("owner").get("/d/room/events/E1/").content).one("li", "note")
    chips = [(c.text, "is-you" in c["class"], c["title"]) for c in note.all("span", "mention")]
    assert chips == [("@lars.t", True, "Owner X"), ("@Mia", False, "Reader X")]
    words = note.one("div", "field-value").text
    assert words == "@lars.t. and @Mia, not @eve nor @nobody; mail ida@mia"


def test_refs_of_records_that_are_here_become_links(room: Negotiation) -> None:
    noted(room, "analyst", "As E2 and S1 say, not E99 or F16; see `E1` and [E1](https://x.org)")
    note = parse(room.client("reader").get("/d/room/events/E1/").content).one("li", "note")
    assert [(a["href"], a.text) for a in note.one("div", "field-value").all("a")] == [
        ("/d/room/events/E2/", "E2"),
        ("/d/room/sources/S1/", "S1"),
        ("https://x.org", "E1"),
    ]


def test_offered_are_members_of_this_dossier_alone(room: Negotiation) -> None:
    rename(room, owner="lars", reader="laura", outsider="latif")
    client = room.client("analyst")
    offered = {}
    for q in ("la", "Own", "nobody", "%00", ""):
        options = parse(client.get(f"{ALL}people?q={q}").content).all("li", role="option")
        offered[q] = [option["data-name"] for option in options]
    people = sorted(
        [room.people[role].username for role in ("owner", "reader", "analyst", "reviewer")]
    )
    assert offered == {
        "la": ["lars", "laura"],
        "Own": ["lars"],
        "nobody": [],
        "%00": people,
        "": people,
    }


def test_menu_counts_the_open_notes_that_call_the_reader(room: Negotiation) -> None:
    rename(room, reader="mia")
    for text in ("@mia look", "@Mia, and again @mia", "@miami", "mia@mia.org"):
        noted(room, "analyst", text)
    done = noted(room, "analyst", "@mia done")
    with history.recording(by=room.people["owner"]):
        done.settle(True)
    page = parse(room.client("reader").get("/d/room/actors/").content)
    (link,) = page.one("details", "dossier-switch").all("a", href=f"{ALL}?show=mentions")
    assert link.text == "Notes 2 open that mention you"
    page = parse(room.client("analyst").get("/d/room/actors/").content)
    assert page.one("details", "dossier-switch").all("a", href=ALL)[0].text == "Notes"


# --- The page of all notes


def listed(room: Negotiation, role: str, query: str = "") -> list[str]:
    page = parse(room.client(role).get(f"{ALL}{query}").content)
    return [row["id"].removeprefix("row-") for row in page.all("li", "row")]


def test_open_mine_mentions_and_resolved(room: Negotiation) -> None:
    rename(room, owner="lars")
    noted(room, "analyst", "First, @lars", position=room.said)
    noted(room, "owner", "Second")
    done = noted(room, "analyst", "Third, @lars", source=room.source)
    with history.recording(by=room.people["owner"]):
        done.settle(True)
    shown = {
        query: listed(room, "owner", query)
        for query in (
            *("", "?show=mentions", "?show=mine", "?show=resolved", "?show=%00"),
            *("?on=po2", "?on=E1&q=second", "?q=N1", "?on=S1&show=resolved", "?after=x"),
        )
    }
    assert shown == {
        "": ["N2", "N1"],
        "?show=mentions": ["N1"],
        "?show=mine": ["N2"],
        "?show=resolved": ["N3"],
        "?show=%00": ["N2", "N1"],
        "?on=po2": ["N1"],
        "?on=E1&q=second": ["N2"],
        "?q=N1": ["N1"],
        "?on=S1&show=resolved": ["N3"],
        "?after=x": ["N2", "N1"],
    }


def test_list_is_read_page_by_page(room: Negotiation) -> None:
    for number in range(1, 53):
        noted(room, "analyst", f"Note {number}")
    client = room.client("reader")
    page = parse(client.get(ALL).content)
    assert [page.all("li", "row")[at]["id"] for at in (0, -1)] == ["row-N52", "row-N3"]
    further = page.one("a", rel="next")["href"]
    page = parse(client.get(f"{ALL}{further}").content)
    assert [row["id"] for row in page.all("li", "row")] == ["row-N2", "row-N1"]
    back = page.one("a", rel="prev")["href"]
    page = parse(client.get(f"{ALL}{back}").content)
    assert [page.all("li", "row")[at]["id"] for at in (0, -1)] == ["row-N52", "row-N3"]


def test_list_costs_the_same_however_many_there_are(room: Negotiation) -> None:
    client, costs = room.client("reader"), []
    for _ in range(3):
        for about in ({"position": room.said}, {"proposal": room.proposal}, {}):
            noted(room, "analyst", "@lars on E1 and S1", **about)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ALL).status_code == 200
        costs.append(len(queries))
    # Six for an empty list; what positions and proposals are called; names and refs in the text.
    assert costs == [10, 10, 10]


def test_long_note_is_cut_in_the_list(room: Negotiation) -> None:
    noted(room, "analyst", f"{'word ' * 300}end")
    row = parse(room.client("reader").get(ALL).content).one("li", "row")
    assert row.one("div", "field-value").text.endswith("word … Read on")
    assert row.all("a", href="/d/room/events/E1/#N1")


def test_resolved_in_the_list_one_comes_back_to_it(room: Negotiation) -> None:
    noted(room, "owner", "A word")
    client = room.client("analyst")
    form = parse(client.get(f"{ALL}?on=E1").content).one("div", "note-tools").one("form")
    sent = {"next": form.one("input", name="next")["value"]}
    answer = client.post(form["action"], sent)
    assert (answer["Location"], Note.objects.get().resolved) == (f"{ALL}?on=E1", True)
    assert Event.objects.get(ref="E1").version == room.talks.version

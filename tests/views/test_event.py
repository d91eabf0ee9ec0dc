"""The pages of events: reading, creating, editing, deleting, history, undo, who may."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import dates, history
from events.models import Change, Event, Evidence, Link, Passage
from tests import factories
from tests.markup import parse
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)

INLINE = {"headers": {"HX-Request": "true", "HX-Target": "div#E1-when"}}
DRAWER = {"headers": {"HX-Request": "true", "HX-Target": "aside#drawer"}}
E1 = "/d/room/events/E1/"


@pytest.fixture
def room() -> Room:
    return Room()


def words(html: bytes) -> str:
    """What a person reads: no tags, single spaces."""
    plain = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", html.decode(), flags=re.S)
    return " ".join(plain.split())


def test_date_edited_inline_is_kept_and_signed(room: Room) -> None:
    client = room.client("analyst")
    editor = client.get(f"{E1}fields/when/", **INLINE)
    assert re.search(
        rb'<input[^>]*name="when"[^>]*data-date-preview="/d/room/dates', editor.content
    )
    answer = client.post(
        f"{E1}fields/when/", {"version": 1, "when": "about 10 to 12 March 2025"}, **INLINE
    )
    assert answer.status_code == 200
    told = {"ref": "E1", "noun": "event", "version": 2}
    assert json.loads(answer["HX-Trigger"]) == {"record-changed": told}
    assert b'id="E1-when"' in answer.content
    assert "about Mon 10 to Wed 12 March 2025, day precision" in words(answer.content)
    event = room.now()
    assert (event.when_text, event.when_edtf, event.version, event.when_basis) == (
        "about 10 to 12 March 2025",
        "2025-03-10~/2025-03-12~",
        2,
        "stated",
    )
    assert history.changes_of(event).first().revision.author == room.people["analyst"]
    page = words(client.get(f"{E1}history").content)
    assert "2 versions" in page
    assert "Analyst X When" in page


def test_bad_date_keeps_text_and_says_what_works(room: Room) -> None:
    answer = room.client("analyst").post(
        f"{E1}fields/when/", {"version": 1, "when": "31 Feb 2025"}, **INLINE
    )
    assert answer.status_code == 422
    assert b'value="31 Feb 2025"' in answer.content
    assert "&#x27;31 Feb 2025&#x27; is not a date." in answer.content.decode()
    assert (room.now().version, room.now().when_text) == (1, "")


def test_order_in_the_words_becomes_a_link(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        said = factories.EventFactory(dossier=room.dossier, title="Joint statement")
        room.event.set_when(dates.read("11 March 2025"))
        room.event.save()
    answer = room.client("analyst").post(
        "/d/room/events/E2/fields/when/",
        {"version": 1, "when": "11 Mar, after the talks"},
        **INLINE,
    )
    assert "Tue 11 March 2025, day precision, after E1" in words(answer.content)
    assert [(link.from_event, link.kind, link.to_event) for link in Link.objects.all()] == [
        (said, "after", room.event)
    ]


def test_merge_of_two_edits_and_refusal_of_a_third(room: Room) -> None:
    form = room.form()
    room.changed("owner", place="Riyadh")
    client = room.client("analyst")
    answer = client.post(f"{E1}edit", form | {"title": "Talks on 11 March"}, follow=True)
    assert answer.redirect_chain == [(E1, 302)]
    assert "E1 saved, beside what others changed meanwhile: Where" in words(answer.content)
    assert (room.now().title, room.now().place) == ("Talks on 11 March", "Riyadh")
    answer = client.post(f"{E1}edit", form | {"place": "Jeddah, Saudi Arabia", "summary": "Mine"})
    assert answer.status_code == 409
    said = words(answer.content)
    assert "Owner X saved E1 while you were editing" in said
    assert "One field was changed by both of you; two more were merged." in said
    assert (room.now().version, room.now().place) == (3, "Riyadh")


def test_field_that_others_saved_meanwhile_keeps_the_text(room: Room) -> None:
    room.changed("owner", place="Riyadh")
    client = room.client("analyst")
    sent = {"version": 1, "place": "Jeddah, Saudi Arabia"}
    answer = client.post(f"{E1}fields/place/", sent, **INLINE)
    assert answer.status_code == 409
    assert "Owner X saved 'Riyadh'" in words(answer.content).replace("&#x27;", "'")
    assert b'value="Jeddah, Saudi Arabia"' in answer.content
    # Still made from version 1: the same, sent as a page, is answered with the merge page.
    assert re.search(rb'name="version" value="1"', answer.content)
    answer = client.post(f"{E1}fields/place/", sent)
    assert answer.status_code == 409
    assert b'action="/d/room/events/E1/merge"' in answer.content
    assert (room.now().place, room.now().version) == ("Riyadh", 2)


@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "x"}, {"version": "99"}])
def test_edit_that_does_not_say_its_version_is_refused(room: Room, version: dict[str, str]) -> None:
    room.changed("owner", place="Riyadh")
    client, form = room.client("analyst"), room.form(title="Mine")
    del form["version"]
    answer = client.post(f"{E1}edit", form | version)
    assert answer.status_code == 422
    assert "does not say which version of E1 it was made from" in words(answer.content)
    assert b'value="Mine"' in answer.content
    assert b'name="version" value="2"' in answer.content
    answer = client.post(f"{E1}fields/title/", {"title": "Mine"} | version, **INLINE)
    assert answer.status_code == 422
    assert "does not say which version of E1" in words(answer.content)
    assert (room.now().title, room.now().version) == ("Talks in Jeddah", 2)


def test_editing_a_published_event_makes_it_a_draft_and_says_so(room: Room) -> None:
    with history.recording(by=room.people["reviewer"]):
        room.now().publish()
    answer = room.client("analyst").post(
        f"{E1}fields/place/", {"version": 2, "place": "Riyadh"}, **INLINE
    )
    assert "E1 saved. It was published and is a draft again" in words(answer.content)
    assert room.now().state == "draft"


def test_create_delete_and_undo(room: Room) -> None:
    client = room.client("analyst")
    form = {"title": "Call", "when": "12 March 2025", "when_basis": "stated", "kind": "call"}
    form |= {"modality": "planned"}
    answer = client.post("/d/room/events/new", form | {"channel": "phone", "reason": "From S1"})
    assert (answer.status_code, answer["Location"]) == (302, "/d/room/events/E2/")
    event = Event.objects.get(ref="E2")
    assert (event.title, event.when_edtf, event.modality, event.dossier) == (
        "Call",
        "2025-03-12",
        "planned",
        room.dossier,
    )
    assert history.changes_of(event).first().revision.note == "From S1"
    asked = client.get("/d/room/events/E2/deletion")
    assert "Delete E2? Its history stays, and you can undo this." in words(asked.content)
    answer = client.post("/d/room/events/E2/deletion", {"version": 1}, follow=True)
    assert not Event.objects.filter(ref="E2").exists()
    assert "E2 deleted" in words(answer.content)
    undo = re.search(r'action="(/d/room/revisions/\d+/undo)"', answer.content.decode())
    assert undo is not None
    client.post(undo[1])
    assert Event.objects.get(ref="E2").title == "Call"
    assert "Restored after deletion" in words(client.get("/d/room/events/E2/history").content)


def test_basis_follows_the_words_unless_it_is_chosen(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        source = factories.SourceFactory.build(dossier=room.dossier)
        type(source).published.set(source, dates.read("11 March 2025"))
        source.save()
    client = room.client("analyst")
    form = {"title": "A", "when": "this Saturday", "when_basis": "stated", "kind": "call"}
    form |= {"modality": "planned", "channel": "phone"}
    client.post("/d/room/events/new", form)
    client.post("/d/room/events/new", form | {"when_basis": "inferred"})
    found = Event.objects.filter(title="A").order_by("id").values_list("when_edtf", "when_basis")
    assert list(found) == [("2025-03-15", "derived_document"), ("2025-03-15", "inferred")]


def test_history_of_a_deleted_event_brings_it_back(room: Room) -> None:
    room.client("owner").post(f"{E1}deletion", {"version": 1})
    assert "Bring E1 back" not in words(room.client("analyst").get(f"{E1}history").content)
    page = room.client("reviewer").get(f"{E1}history").content.decode()
    assert "Deleted by Owner X" in words(page.encode())
    undo = re.search(r'action="(/d/room/revisions/\d+/undo)"', page)
    assert undo is not None
    room.client("reviewer").post(undo[1])
    assert (room.now().title, room.now().version) == ("Talks in Jeddah", 2)


def test_undo_after_others_went_on_is_refused(room: Room) -> None:
    client = room.client("analyst")
    client.post(f"{E1}fields/place/", {"version": 1, "place": "Riyadh"}, **INLINE)
    number = history.changes_of(room.event).first().revision.number
    room.changed("owner", place="Doha")
    answer = client.post(f"/d/room/revisions/{number}/undo")
    assert answer.status_code == 409
    assert "Changed again since: E1." in words(answer.content)
    assert room.now().place == "Doha"


def test_only_author_or_reviewer_undoes(room: Room) -> None:
    room.changed("owner", place="Riyadh")
    number = history.changes_of(room.event).first().revision.number
    address = f"/d/room/revisions/{number}/undo"
    assert room.client("analyst").post(address).status_code == 403
    assert room.now().place == "Riyadh"
    assert room.client("reviewer").post(address).status_code == 302
    assert room.now().place == "Jeddah"


def test_restore_asks_and_makes_a_new_version(room: Room) -> None:
    room.changed("owner", place="Riyadh")
    client = room.client("analyst")
    asked = words(client.get(f"{E1}history/1/restoration").content)
    assert "Restore version 1?" in asked
    assert "Makes a new version 3 equal to version 1." in asked
    assert "1 field will change: Where" in asked
    assert (
        parse(client.get(f"{E1}history/1/restoration").content).one("input", name="version")[
            "value"
        ]
        == "2"
    )
    # Changed since it was asked, or not said: nothing is restored, and it is asked again.
    room.changed("owner", title="Talks in Riyadh")
    for sent in ({"version": "2"}, {}, {"version": "x"}):
        answer = client.post(f"{E1}history/1/restoration", sent)
        assert answer.status_code == 409
        assert "Version 3 of E1 is the newest by now. Nothing was restored" in words(answer.content)
        assert "2 fields will change: Title, Where" in words(answer.content)
    assert (room.now().place, room.now().version) == ("Riyadh", 3)
    client.post(f"{E1}history/1/restoration", {"version": "3"})
    assert (room.now().place, room.now().version) == ("Jeddah", 4)


def test_history_shows_words_that_came_and_went(room: Room) -> None:
    room.changed("owner", summary="The US will resume sharing, according to the article.")
    room.changed("analyst", summary="The US will immediately resume sharing.")
    page = room.client("reader").get(f"{E1}history").content.decode()
    inserted = re.findall(r"<ins><span[^>]*>added: </span>(.*?)<span", page)
    removed = re.findall(r"<del><span[^>]*>removed: </span>(.*?)<span", page)
    assert (inserted, removed) == (["immediately "], [", according to the article"])


def test_review_and_publication_are_resources(room: Room) -> None:
    client = room.client("reviewer")
    assert client.post(f"{E1}review").status_code == 302
    assert room.now().state == "reviewed"
    drawn = client.post(f"{E1}publication", **DRAWER)
    assert room.now().state == "published"
    assert "Published" in words(drawn.content)
    assert "record-changed" in drawn["HX-Trigger"]
    client.delete(f"{E1}publication")
    assert room.now().state == "draft"


@pytest.mark.parametrize("role", ["reader", "analyst"])
def test_reviewing_needs_a_reviewer(room: Room, role: str) -> None:
    answer = room.client(role).post(f"{E1}review")
    assert answer.status_code == 403
    assert "Only reviewers and owners can review here." in words(answer.content)
    assert room.now().state == "draft"


def test_reader_sees_no_edit(room: Room) -> None:
    page = room.client("reader").get(E1).content.decode()
    assert "Talks in Jeddah" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert re.findall(r'href="[^"]*(?:/edit|/new|/deletion|/fields/)[^"]*"', main) == []
    assert "field-edit" not in main
    assert room.client("reader").post(f"{E1}edit", room.form()).status_code == 403
    assert room.now().version == 1


def test_private_dossier_does_not_exist_for_others(room: Room) -> None:
    addresses = ["", "edit", "history", "deletion", "fields/when/"]
    for role in ("outsider", ""):
        found = {room.client(role).get(f"{E1}{tail}").status_code for tail in addresses}
        assert found == {404}


def test_public_sees_published_only() -> None:
    room = Room(visibility="public")
    visitor = Client()
    assert visitor.get(E1).status_code == 404
    with history.recording(by=room.people["owner"]):
        room.now().publish()
        factories.EventFactory(dossier=room.dossier, title="Hidden plan")
        hidden = Event.objects.get(title="Hidden plan")
        factories.LinkFactory(dossier=room.dossier, from_event=room.event, to_event=hidden)
    page = visitor.get(E1).content.decode()
    assert "Talks in Jeddah" in page
    assert "Hidden plan" not in page
    assert visitor.get(f"{E1}history").status_code == 404
    listed = visitor.get("/d/room/events/").content.decode()
    assert re.findall(r'data-ref="(E\d+)"', listed) == ["E1"]


def test_drawer_is_a_fragment(room: Room) -> None:
    answer = room.client("analyst").get(E1, **DRAWER)
    assert answer.content.lstrip().startswith(b'<header class="drawer-head">')
    assert b"<!doctype" not in answer.content
    assert "HX-Target" in answer["Vary"]


def test_field_without_script_leads_to_the_form(room: Room) -> None:
    client = room.client("analyst")
    assert client.get(f"{E1}fields/when/")["Location"] == f"{E1}edit#id_when"
    answer = client.post(f"{E1}fields/place/", {"version": 1, "place": "Riyadh"})
    assert (answer["Location"], room.now().place) == (E1, "Riyadh")


def test_participant_by_name(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        factories.ActorFactory(dossier=room.dossier, name="Marco Rubio", short_name="Rubio")
    client = room.client("analyst")
    form = {"event": "E1", "actor": "Rubo", "role": "speaker"}
    refused = client.post("/d/room/participations/new", form)
    assert refused.status_code == 422
    hint = "'Rubo' is not an actor here. Did you mean 'Marco Rubio'?"
    assert hint in words(refused.content).replace("&#x27;", "'")
    answer = client.post("/d/room/participations/new", form | {"actor": "rubio"})
    assert answer["Location"] == E1
    assert "Speaker Rubio" in words(client.get(E1).content)
    twice = client.post("/d/room/participations/new", form | {"actor": "A1"})
    assert "This actor already has this role in the event." in words(twice.content)


TEXT = "The envoys met. They will meet again.1 The envoys met. Nothing was signed."


def test_evidence_is_found_in_the_text(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        source = factories.SourceFactory(dossier=room.dossier, title="Report")
        factories.SourceTextFactory(dossier=room.dossier, source=source, text=TEXT)
    client = room.client("analyst")
    form = {"about": "E1", "source": "S1", "bearing": "supports", "manner": "direct_quote"}
    form |= {"credibility": "6", "note": "", "speaker": ""}
    address = "/d/room/evidence/new"
    none = client.post(address, form | {"quote": "They parted."})
    assert none.status_code == 422
    assert "is not in the text of S1" in words(none.content)
    several = client.post(address, form | {"quote": "The envoys met."})
    assert several.status_code == 422
    assert "These words are at 2 places of the text." in words(several.content)
    offered = re.findall(
        r'<input type="radio" name="place" value="(\d+)"', several.content.decode()
    )
    assert offered == ["0", "39"]
    assert Evidence.objects.count() == 0
    answer = client.post(address, form | {"quote": "The envoys met.", "place": "39"})
    assert answer["Location"] == E1
    client.post(address, form | {"quote": "They will meet again. The envoys"})
    assert [(p.start, p.end, p.exact) for p in Passage.objects.order_by("id")] == [
        (39, 54, "The envoys met."),
        (16, 49, "They will meet again.1 The envoys"),
    ]
    assert [(e.event, e.clean_text) for e in Evidence.objects.order_by("id")] == [
        (room.event, ""),
        (room.event, "They will meet again. The envoys"),
    ]


def test_deletion_names_what_goes_with_it(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        for _ in range(2):
            factories.EvidenceFactory(dossier=room.dossier, event=room.event)
        factories.LinkFactory(dossier=room.dossier, from_event=room.event)
    asked = words(room.client("analyst").get(f"{E1}deletion").content)
    assert (
        "With it go: 2 pieces of evidence, 1 link. Its history stays, and you can undo this."
        in asked
    )


def test_named_records_hold_back_a_deletion(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        factories.OutcomeFactory(dossier=room.dossier, event=room.event)
    answer = room.client("analyst").post(f"{E1}deletion", {"version": 1})
    assert answer.status_code == 409
    assert "E1 is not deleted: 1 other record names it." in words(answer.content)
    assert Event.objects.filter(ref="E1").exists()


def test_change_outside_the_dossier_is_refused(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        factories.EventFactory(title="Elsewhere")
    answer = room.client("analyst").post(f"{E1}edit", room.form(part_of="Elsewhere"))
    assert answer.status_code == 422
    assert "is not an event here." in words(answer.content)
    answer = room.client("analyst").post(f"{E1}edit", room.form(part_of="E1"))
    assert "E1 cannot be part of itself." in words(answer.content)


def test_list_pages_by_keyset_with_a_fixed_number_of_queries(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        for day in range(60):
            event = factories.EventFactory.build(dossier=room.dossier, title=f"Event {day}")
            event.set_when(dates.read(f"{day % 28 + 1} March 2025"))
            event.save()
    client = room.client("reader")
    with CaptureQueriesContext(connection) as queries:
        first = client.get("/d/room/events/").content.decode()
    # Session, user, dossier, membership, the page's rows, other dossiers.
    assert len(queries) == 6
    refs = re.findall(r'data-ref="(E\d+)"', first)
    following = re.search(r'rel="next" href="(\?after=[^"]+)"', first)
    assert (len(refs), following is not None) == (50, True)
    second = client.get(f"/d/room/events/{following[1]}").content.decode()
    refs += re.findall(r'data-ref="(E\d+)"', second)
    in_time = list(Event.objects.in_time().values_list("ref", flat=True))
    assert refs == in_time
    back = re.search(r'rel="prev" href="(\?before=[^"]+)"', second)
    again = client.get(f"/d/room/events/{back[1]}").content.decode()
    assert re.findall(r'data-ref="(E\d+)"', again) == in_time[:50]


def test_detail_costs_the_same_however_much_is_linked(room: Room) -> None:
    client = room.client("reader")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(E1, **DRAWER)
        return len(queries)

    def add() -> None:
        dossier, event = room.dossier, room.event
        with history.recording(by=room.people["owner"]):
            factories.ParticipationFactory(dossier=dossier, event=event)
            factories.EvidenceFactory(dossier=dossier, event=event)
            factories.PositionFactory(dossier=dossier, event=event)
            factories.CommitmentFactory(dossier=dossier, event=event)
            factories.LinkFactory(dossier=dossier, from_event=event)
            factories.LinkFactory(dossier=dossier, to_event=event)
            factories.ConflictMemberFactory(dossier=dossier, event=event)

    add()
    one = cost()
    add()
    add()
    assert cost() == one


def test_options_for_an_input(room: Room) -> None:
    answer = room.client("analyst").get("/d/room/events/options?of=part_of&part_of=jed")
    assert answer.content.decode().strip() == '<option value="E1 Talks in Jeddah"></option>'


def test_reading_of_a_date(room: Room) -> None:
    client = room.client("analyst")
    read = client.get("/d/room/dates", {"text": "11 March 2025"})
    assert (read.status_code, words(read.content)) == (200, "Tue 11 March 2025, day precision")
    refused = client.get("/d/room/dates", {"text": "31 Feb 2025"})
    assert refused.status_code == 422
    assert "is not a date" in words(refused.content)
    assert room.client("reader").get("/d/room/dates?text=2025").status_code == 403


def test_a_moved_date_is_asked_for(room: Room) -> None:
    with history.recording(by=room.people["analyst"]):
        event = room.now()
        event.set_when(dates.read("2025-03-11"))
        event.save()
    client, version = room.client("analyst"), event.version
    asked = f"{E1}moved-date"
    bar = client.get(asked, {"part": "whole", "level": "days", "by": "86400"})
    assert bar.status_code == 200
    assert words(bar.content) == (
        "Move ‘Talks in Jeddah’ from Tue 11 March 2025 to Wed 12 March 2025, day precision? "
        "Save Edit as text Cancel Esc"
    )
    form = parse(bar.content).one("form")
    assert form["action"] == f"{E1}fields/when/"
    sent = {one["name"]: one["value"] for one in parse(bar.content).all("input", type="hidden")}
    assert (sent["when"], sent["version"]) == ("12 Mar 2025", str(version))
    assert room.now().version == version
    refused = client.get(asked, {"part": "end", "level": "days", "by": "many"})
    assert refused.status_code == 422
    assert "cannot be moved there" in words(refused.content)
    assert room.client("reader").get(asked).status_code == 403


def test_a_moved_date_says_what_it_gives_up(room: Room) -> None:
    with history.recording(by=room.people["analyst"]):
        event = room.now()
        event.set_when(dates.read("about 10 March 2025 09:30"))
        event.when_basis = "inferred"
        event.state = "published"
        event.save()
    bar = room.client("analyst").get(
        f"{E1}moved-date", {"part": "whole", "level": "days", "by": "86400"}
    )
    said = words(bar.content)
    assert (
        "to Tue 11 March 2025, day precision? It was known to the minute; that is given up. "
        in (said)
    )
    assert "It was approximate; the new date does not say ‘about’." in said
    assert "Its basis was ‘inferred’; the new date counts as stated." in said
    assert "It is published and becomes a draft again." in said


def test_no_change_writes_nothing(room: Room) -> None:
    before = Change.objects.count()
    answer = room.client("analyst").post(f"{E1}edit", room.form(), follow=True)
    assert "Nothing changed" in words(answer.content)
    assert Change.objects.count() == before


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("events/new", "/d/room/events/"),
        ("evidence/new?about=E1", E1),
        ("evidence/new?about=nothing", "/d/room/"),
        ("participations/new?event=E1", E1),
        ("participations/new", "/d/room/"),
        ("links/new?from_event=E1", E1),
        ("links/new?from_event=E1&next=/d/room/links/", "/d/room/links/"),
        ("links/new?from_event=E1&next=//elsewhere.example/", E1),
        ("links/new?from_event=E1&next=timeline", E1),
        ("links/new?from_event=%00", "/d/room/links/"),
        ("commitments/new?event=E1", E1),
    ],
)
def test_cancelling_leads_back(room: Room, address: str, back: str) -> None:
    page = room.client("analyst").get(f"/d/room/{address}").content.decode()
    assert re.findall(r'href="([^"]*)" data-draft-cancel>Cancel</a>', page) == [back]


def test_a_record_made_from_another_leads_back_to_it(room: Room) -> None:
    with history.recording(by=room.people["owner"]):
        factories.EventFactory(dossier=room.dossier, title="Statement")
    client = room.client("analyst")
    sent = {"from_event": "E1", "to_event": "Statement"}
    address = "/d/room/links/new?from_event=E1"
    kinds = dict(Link.Kind.choices)
    answer = client.post(address, sent | {"kind": next(iter(kinds))})
    assert (answer.status_code, answer["Location"]) == (302, E1)
    link = Link.objects.get()
    assert f"Link {link.ref} created" in words(client.get(E1).content)
    # A browser forgets what it kept for the form.
    assert answer.cookies["saved"].value == "/d/room/links/new%3Ffrom_event%3DE1"


def test_what_others_changed_is_looked_at_before_it_is_deleted(room: Room) -> None:
    client = room.client("analyst")
    asked = parse(client.get(f"{E1}deletion").content)
    seen = asked.one("input", name="version")["value"]
    room.changed("owner", title="Talks that matter")
    answer = client.post(f"{E1}deletion", {"version": seen})
    assert answer.status_code == 409
    page = parse(answer.content)
    assert (
        "Version 2 of E1 is the newest by now. Nothing was deleted: look what it says." in page.text
    )
    assert "Talks that matter" in page.one("main").text
    assert client.post(f"{E1}deletion").status_code == 409
    assert Event.objects.filter(ref="E1").exists()
    client.post(f"{E1}deletion", {"version": page.one("input", name="version")["value"]})
    assert not Event.objects.filter(ref="E1").exists()

"""The history of a dossier: who sees it, what it tells, filters, pages, undo, bringing back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from events import history
from events.forms import revision as paging
from events.models import Change, Dossier, Event, Membership, Participation, Revision
from tests.factories import ActorFactory, EventFactory, LinkFactory, ParticipationFactory
from tests.markup import Element, parse
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/d/room/history/"


def shown(client: Client, tail: str = "") -> Element:
    answer = client.get(URL + tail)
    assert answer.status_code == 200
    return parse(answer.content)


def numbers(page: Element) -> list[int]:
    return [int(row.one("span", "number").text) for row in page.all("li", "version")]


def deeds(page: Element) -> list[tuple[str, str]]:
    """Ref and what was done, of each record of the revision in view."""
    return [
        (deed.all("", "ref")[0].text, deed.one("summary").text) for deed in page.all("li", "deed")
    ]


def undo(room: Room, number: int, by: str = "owner") -> Any:
    return room.client(by).post(f"/d/room/revisions/{number}/undo")


def forgetful(room: Room) -> dict[str, dict[int, dict[str, Any]]]:
    """Every row as it stands now, but for the columns that only ever go on."""
    number = history.sealed_number(room.dossier.pk)
    return {
        table: {
            key: {k: v for k, v in row.items() if k not in ("version", "updated_at")}
            for key, row in rows.items()
        }
        for table, rows in history.as_recorded(room.dossier.pk, number).items()
    }


def import_many(room: Room, count: int) -> int:
    """An import of `count` events; its number."""
    with history.recording(by=room.people["reviewer"], note="From a file", origin="import"):
        EventFactory.create_batch(count, dossier=room.dossier)
    return history.sealed_number(room.dossier.pk)


@pytest.mark.parametrize("visibility", ["private", "public"])
def test_members_only(visibility: str) -> None:
    room = Room(visibility=visibility)
    for role in ("reader", "analyst", "reviewer", "owner"):
        assert numbers(shown(room.client(role))) == [1]
    for role in ("outsider", ""):
        for tail in ("", "1/"):
            assert room.client(role).get(URL + tail).status_code == 404
    assert room.client("reader").get(f"{URL}99/").status_code == 404
    assert room.client("reader").get(f"{URL}{10**30}/").status_code == 404


def test_a_revision_tells_who_how_why_and_what() -> None:
    room = Room()
    room.changed("analyst", summary="They will resume sharing.", place="Jeddah")
    with history.recording(by=room.people["analyst"], note="As the source has it", origin="admin"):
        event = room.now()
        event.summary, event.place = "They will now resume sharing.", "Riyadh"
        event.save()
    page = shown(room.client("reader"))
    assert numbers(page) == [3, 2, 1]
    first = page.all("li", "version")[0]
    assert (first.one("strong").text, first.one("a").text) == (
        "Analyst X",
        "Revision 3: E1 Where, Summary",
    )
    assert [line.text for line in first.one("div").all("p", "meta")] == [
        "Note: As the source has it",
        "By admin",
    ]
    assert deeds(page) == [("E1", "Talks in Jeddah Where, Summary")]
    fields = {row.one("dt").text: row.one("dd").text for row in page.one("dl", "diff").all("div")}
    assert fields == {
        "Where": "removed: Jeddah (end)added: Riyadh (end)",
        "Summary": "They willadded: now (end) resume sharing.",
    }
    assert page.one("li", "deed").one("a", "ref")["href"] == "/d/room/events/E1/"


def test_fields_that_refer_to_records_say_their_names() -> None:
    room = Room()
    with history.recording(by=room.people["analyst"]):
        actor = ActorFactory(dossier=room.dossier, name="Marco Rubio")
        part = ParticipationFactory(
            dossier=room.dossier, event=room.event, actor=actor, role="host"
        )
    page = shown(room.client("reader"))
    assert [ref for ref, _ in deeds(page)] == [actor.ref, part.ref]
    fields = {
        row.one("dt").text: row.one("dd").text
        for row in page.all("li", "deed")[1].one("dl").all("div")
    }
    assert fields == {
        "Event": "E1 Talks in Jeddah",
        "Actor": f"{actor.ref} Marco Rubio",
        "Role": "Host",
    }


def test_an_import_of_many_shows_a_count_and_twenty() -> None:
    room = Room()
    number = import_many(room, 45)
    page = shown(room.client("reader"))
    assert page.all("li", "version")[0].one("a").text == f"Revision {number}: Created 45 events"
    assert [ref for ref, _ in deeds(page)] == [f"E{n}" for n in range(2, 22)]
    seen = []
    address = page.one("nav", "pagination", aria_label="Records of this revision").all(rel="next")
    while address:
        page = parse(room.client("reader").get(address[0]["href"]).content)
        seen += [ref for ref, _ in deeds(page)]
        nav = page.one("nav", "pagination", aria_label="Records of this revision")
        address = nav.all(rel="next")
    assert seen == [f"E{n}" for n in range(22, 47)]


def test_more_than_a_thousand_are_not_counted_out() -> None:
    room = Room()
    with history.recording(by=room.people["reviewer"]):
        Event.objects.bulk_create(
            Event(dossier=room.dossier, title=f"One of many {n}") for n in range(1003)
        )
    words = shown(room.client("reader")).all("li", "version")[0].one("a").text
    assert words == "Revision 2: Created 1001 events and more"


def test_the_page_costs_the_same_for_more_and_larger_revisions(
    django_assert_num_queries: Callable,
) -> None:
    room = Room()
    client = room.client("analyst")
    room.changed("analyst", place="Riyadh")
    # Session, user, dossier, membership, people of the filter, newest number, revisions, counts,
    # small revisions, changes of the one in view, whether it is an owner's or a withdrawal, own
    # last revision, other dossiers, steps of the record's clock.
    with django_assert_num_queries(13):
        client.get(URL)
    for place in ("A", "B", "C", "D", "E", "F"):
        room.changed("analyst", place=place)
    import_many(room, 60)
    room.changed("analyst", place="G")
    with django_assert_num_queries(13):
        client.get(URL)


def test_pages_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PER_PAGE", 3)
    room = Room()
    for place in "ABCDEF":
        room.changed("analyst", place=place)
    client = room.client("reader")
    page = shown(client)
    walked = [numbers(page)]
    while older := page.one("nav", "pagination", aria_label="Pages of the history").all(rel="next"):
        page = parse(client.get(older[0]["href"]).content)
        walked.append(numbers(page))
    assert walked == [[7, 6, 5], [4, 3, 2], [1]]
    assert [numbers(shown(client, f"{n}/")) for n in (6, 3)] == [[7, 6, 5], [3, 2, 1]]


def test_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    room.changed("analyst", place="Riyadh")
    imported = import_many(room, 2)
    with history.recording(by=room.people["reviewer"]):
        Event.objects.get(ref="E3").delete()
    client = room.client("reader")
    name = room.people["analyst"].username
    found = {
        query: numbers(shown(client, f"?{query}"))
        for query in (
            f"person={name}",
            "origin=import",
            "kind=event",
            "kind=membership",
            "deleted=on",
            "kind=actor",
            "kind=event&deleted=on",
            "person=nobody%00&origin=x&kind=x&before=x&start=x",
            f"before={10**30}",
        )
    }
    assert list(found.values()) == [
        [2],
        [imported],
        [4, 3, 2, 1],
        [1],
        [4],
        [],
        [4],
        [4, 3, 2, 1],
        [4, 3, 2, 1],
    ]
    assert [ref for ref, _ in deeds(shown(client, "1/?kind=membership"))] == [
        member.ref for member in Membership.objects.order_by("id")
    ]
    monkeypatch.setattr(paging, "WINDOW", 2)
    page = shown(client, f"?person={name}")
    assert (numbers(page), page.one("p", "searched").text) == (
        [],
        "Looked through as far as revision 3.",
    )
    further = page.one("nav", "pagination").one(rel="next")["href"]
    assert numbers(parse(client.get(further).content)) == [2]


def test_days() -> None:
    room = Room(time_zone="Asia/Riyadh")
    for place in "AB":
        room.changed("analyst", place=place)
    client = room.client("reader")
    # Two days, where midnight comes between the changes.
    first, last = (
        found.sealed_at.astimezone(ZoneInfo("Asia/Riyadh")).date()
        for found in (Revision.objects.earliest("number"), Revision.objects.latest("number"))
    )
    day = dt.timedelta(1)
    found = {
        query: numbers(shown(client, f"?{query}"))
        for query in (
            f"since={first}",
            f"since={first - day}&until={last}",
            f"until={first - day}",
            f"since={last + day}",
            "until=9999-12-31&since=0001-01-01",
        )
    }
    assert list(found.values()) == [[3, 2, 1], [3, 2, 1], [], [], [3, 2, 1]]
    odd = shown(client, "?since=yesterday&until=%00")
    assert numbers(odd) == [3, 2, 1]
    assert "'yesterday' is no day. Write it as 2025-03-11." in odd.one("main").text


def test_undo_of_an_import_asks_and_then_brings_the_whole_state_back() -> None:
    room = Room()
    before = forgetful(room)
    number = import_many(room, 30)
    asked = parse(room.client("reviewer").get(f"/d/room/revisions/{number}/undo").content)
    bar = asked.one("section", "confirm-bar")
    assert bar["aria-label"] == f"Undo revision {number}?"
    named = ", ".join(f"E{n}" for n in range(2, 14))
    assert bar.one("p").text == (
        f"30 events will go ({named} and 18 more). Nothing is erased: the history keeps both."
    )
    assert undo(room, number, by="reviewer").status_code == 302
    assert forgetful(room) == before


def test_what_was_changed_again_is_named_and_not_undone() -> None:
    room = Room()
    number = import_many(room, 3)
    with history.recording(by=room.people["analyst"]):
        Event.objects.filter(ref__in=["E2", "E4"]).update(place="Elsewhere")
    state = forgetful(room)
    asked = parse(room.client("owner").get(f"/d/room/revisions/{number}/undo").content)
    assert asked.one("section", "confirm-bar").one("p").text == (
        "Changed again since: E2, E4. Undo the later changes first, or restore a version."
    )
    assert not asked.one("main").all("button", "primary")
    refused = undo(room, number)
    assert refused.status_code == 409
    assert "E2, E4" in parse(refused.content).one("main").text
    assert forgetful(room) == state


def test_settings_that_stand_in_the_way_of_an_undo_are_called_so() -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        Dossier.objects.filter(pk=room.dossier.pk).update(title="Another title")
    asked = parse(room.client("owner").get("/d/room/revisions/1/undo").content)
    assert asked.one("section", "confirm-bar").one("p").text == (
        "Changed again since: settings. Undo the later changes first, or restore a version."
    )


def test_an_import_that_was_published_meanwhile_is_not_undone() -> None:
    room = Room()
    number = import_many(room, 3)
    with history.recording(by=room.people["reviewer"]):
        Event.objects.get(ref="E3").publish()
    asked = parse(room.client("owner").get(f"/d/room/revisions/{number}/undo").content)
    assert asked.one("section", "confirm-bar").one("p").text == (
        "Changed again since: E3. Undo the later changes first, or restore a version."
    )
    assert undo(room, number).status_code == 409
    # What was done later is taken back, and then the import is as it was made.
    assert undo(room, number + 1).status_code == 302
    assert undo(room, number).status_code == 302
    assert Event.objects.values_list("ref", flat=True).get() == "E1"


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [("reader", None, 403), ("analyst", 302, 403), ("reviewer", 302, 302), ("owner", 302, 302)],
)
def test_who_undoes_what(role: str, own: int | None, others: int) -> None:
    room = Room()
    if own is not None:
        room.changed(role, place="Riyadh")
        number = history.sealed_number(room.dossier.pk)
        page = shown(room.client(role))
        assert page.one("a", data_key="u")["href"] == f"/d/room/revisions/{number}/undo"
        assert undo(room, number, by=role).status_code == own
    other = "owner" if role != "owner" else "analyst"
    room.changed(other, place="Paris")
    number = history.sealed_number(room.dossier.pk)
    page = shown(room.client(role), f"{number}/")
    offered = page.all("a", href=f"/d/room/revisions/{number}/undo")
    assert bool(offered) == (others == 302)
    client = room.client(role)
    assert client.get(f"/d/room/revisions/{number}/undo").status_code == (
        200 if others == 302 else 403
    )
    assert undo(room, number, by=role).status_code == others


def test_a_deleted_record_comes_back_with_what_went_with_it() -> None:
    room = Room()
    with history.recording(by=room.people["analyst"]):
        room.event.publish()
        child = EventFactory(dossier=room.dossier, part_of=room.event)
        ParticipationFactory(dossier=room.dossier, event=room.event)
        LinkFactory(dossier=room.dossier, from_event=child, to_event=room.event)
    with history.recording(by=room.people["analyst"]):
        room.event.delete()
    number = history.sealed_number(room.dossier.pk)
    # The child lost its part_of and was changed after: the revision cannot be undone as a whole.
    with history.recording(by=room.people["reviewer"]):
        Event.objects.filter(pk=child.pk).update(place="Elsewhere")
    assert undo(room, number).status_code == 409
    client = room.client("analyst")
    # Whoever follows a link to what is gone is told where it is kept; the public is not.
    kept = "/d/room/history/?deleted=on"
    told = [room.client(role).get("/d/room/events/E1/") for role in ("reader", "outsider")]
    assert [(each.status_code, kept in each.text) for each in told] == [(404, True), (404, False)]
    page = shown(client, "?deleted=on&kind=event")
    (form,) = page.one("main").all("form", action=f"{URL}{number}/E1/restoration")
    assert form.one("button").text == "Bring E1 back"
    for role, status in (("reader", 403), ("outsider", 404), ("", 404)):
        assert room.client(role).post(form["action"]).status_code == status
    answer = client.post(form["action"], follow=True)
    assert "E1 is back, with 2 more" in parse(answer.content).one("div", "toasts").text
    back = Event.objects.get(ref="E1")
    assert (back.state, back.title, Participation.objects.get().event) == (
        "published",
        "Talks in Jeddah",
        back,
    )
    child.refresh_from_db()
    assert (child.part_of, child.place) == (None, "Elsewhere")
    assert client.post(form["action"]).status_code == 409


def test_a_record_whose_owner_is_gone_says_so() -> None:
    room = Room()
    with history.recording(by=room.people["analyst"]):
        part = ParticipationFactory(dossier=room.dossier, event=room.event)
    with history.recording(by=room.people["analyst"]):
        part.delete()
    number = history.sealed_number(room.dossier.pk)
    with history.recording(by=room.people["analyst"]):
        room.event.delete()
    answer = room.client("analyst").post(f"{URL}{number}/{part.ref or 'PT1'}/restoration")
    assert answer.status_code == 409
    assert "belongs to records that are gone too" in parse(answer.content).one("main").text


def test_history_of_a_dossier_stays_within_it() -> None:
    room = Room()
    with history.recording(by=room.people["outsider"]):
        EventFactory(title="Somewhere else")
    page = shown(room.client("owner"))
    assert numbers(page) == [1]
    assert "Somewhere else" not in page.text
    others = Revision.objects.exclude(dossier_id=room.dossier.pk).get()
    assert Change.objects.filter(revision=others).exists()

"""Every page as of an earlier instant: read-only, every link leads on, counts and lists agree."""

from __future__ import annotations

import re
from typing import Any

import pytest

from events import history
from events.models import Event, Note, Revision
from events.roles import Access
from tests.markup import parse
from tests.views.negotiation import Negotiation
from tests.views.test_access import TOKEN, addresses

pytestmark = pytest.mark.django_db(transaction=True)

LEADING_OUT = {"/", "/preferences", "/sign-out", "/sign-in/", "/admin/"}
DRAWER = {"HX-Request": "true", "HX-Target": "aside#drawer"}
THEN = "as_of=10+March+2025&clock=happened"


@pytest.fixture
def room() -> Negotiation:
    """A public dossier with something of every day, and a change after the first writing."""
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        room.event_on("1 March 2025", "An early call", kind="call")
        room.event_on("20 March 2025", "A late call", kind="call")
    return room


def revision(room: Negotiation) -> int:
    """The newest revision."""
    numbers = Revision.objects.filter(dossier_id=room.dossier.pk).order_by("-number")
    return int(numbers.values_list("number", flat=True)[0])


def test_what_people_wrote_is_not_taken_for_a_link(room: Negotiation) -> None:
    words = 'href="/d/room/events/" and `data-x-url="?q=1"`'
    with history.recording(by=room.people["owner"]):
        Note.objects.create(
            dossier=room.dossier, event=room.talks, author=room.people["owner"], text=words
        )
    page = room.client("owner").get(f"/d/room/notes/?as_of=r{revision(room)}").text
    assert words.replace("`", "") in parse(page.encode()).one("main").text


@pytest.mark.parametrize(
    ("role", "query"),
    [("", THEN), ("reader", "as_of=r3"), ("owner", THEN), ("owner", "as_of=r2&clock=recorded")],
)
def test_every_page_leads_on_and_changes_nothing(room: Negotiation, role: str, query: str) -> None:
    client, wrong, seen = room.client(role), [], 0
    for address, access, _ in addresses("room"):
        if access != Access.READ:
            continue
        answer = client.get(f"{address}?{query}", headers=DRAWER if seen % 2 else {})
        if answer.status_code in (403, 404, 405) or b"\x89PNG" in answer.content[:4]:
            continue
        page = answer.content.decode()
        seen += "text/html" in answer.headers.get("Content-Type", "")
        for link in re.findall(r'(?:href|hx-get|data-[a-z]+-url)="([^"#]*)', page):
            inside = link.startswith(("?", "/d/room/")) and link != "?"
            back = f'href="{link}">Back to now' in page
            if inside and not back and "as_of=" not in link:
                wrong.append((address, link))
        for form in re.findall(r'<form[^>]*method="post"[^>]*>', page):
            if not any(f'action="{way_out}"' in form for way_out in LEADING_OUT):
                wrong.append((address, form))
    assert wrong == []
    assert seen > 15


@pytest.mark.parametrize("role", ["reader", "owner"])
def test_nothing_can_be_written_in_the_past(room: Negotiation, role: str) -> None:
    client, before, answered = room.client(role), revision(room), set()
    for address, *_ in addresses("room"):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(f"{address}?{THEN}", {"title": "x"})
            answered.add(answer.status_code)
    assert answered <= {403, 404, 405}
    assert revision(room) == before
    refused = room.client("owner").get(f"/d/room/events/E1/edit?{THEN}&reason=why")
    assert refused.status_code == 403
    page = refused.content.decode()
    assert "This is the dossier as it was. It can be read, not changed." in page
    assert 'href="?reason=why&amp;as_of="' in page


def test_what_had_happened_by_then(room: Negotiation) -> None:
    client = room.client("analyst")
    page = client.get(f"/d/room/?{THEN}").content.decode()
    assert "An early call" in page
    assert "A late call" not in page
    total = Event.objects.filter(dossier=room.dossier).exclude(earliest__gte=1_741_651_200).count()
    assert f"{total} of {total}" in page
    assert "Mon 10 March 2025" in page
    assert "What had happened by then, as the dossier tells it today." in page
    assert "New event" not in page
    # The late ones are places on the chart and no more.
    assert "Later event" in page
    late = Event.objects.get(title="A late call").ref
    assert f'data-ref="{late}"' not in page
    answer = client.get(f"/d/room/events/{late}/?{THEN}")
    assert answer.status_code == 404
    assert "What came later is not there yet." in answer.content.decode()
    found = client.get(f"/d/room/search?q=call&{THEN}").content.decode()
    assert ("early" in found, "late" in found) == (True, False)


def test_what_the_dossier_said(room: Negotiation) -> None:
    client, number = room.client("analyst"), revision(room)
    was = room.event.title
    room.changed("analyst", title="Renamed since")
    page = "/d/room/events/E1/"
    now = client.get(page).content.decode()
    then = client.get(f"{page}?as_of=r{number}").content.decode()
    assert ("Renamed since" in now, was in now) == (True, False)
    assert ("Renamed since" in then, was in then) == (False, True)
    assert f"(revision {number})" in then
    assert "What this dossier said then." in then
    history_then = client.get(f"/d/room/events/E1/history?as_of=r{number}").content.decode()
    assert "Renamed since" not in history_then


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("as_of=31+Feb", "&#x27;31 Feb&#x27; is not a date. Try &#x27;28 Feb&#x27;."),
        ("as_of=r99", "There is no revision r99."),
        ("as_of=11+Mar+2025&clock=sundial", "Select a valid choice."),
        ("as_of=" + "9" * 300, "Ensure this value has at most"),
    ],
)
def test_an_instant_that_is_none_shows_the_present(
    room: Negotiation, query: str, problem: str
) -> None:
    answer = room.client("reader").get(f"/d/room/?{query}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert problem in page
    assert "This is the present." in page
    assert "A late call" in page


def test_steps_lead_to_the_neighbouring_changes(room: Negotiation) -> None:
    client, newest = room.client("reader"), revision(room)

    def steps(query: str) -> list[str]:
        page = parse(client.get(f"/d/room/?kind=call&{query}").content.decode())
        return [link["href"] for link in page.all("a") if link.get("data-key") in ("[", "]")]

    assert steps(f"as_of=r{newest}") == [f"?kind=call&as_of=r{newest - 1}&clock=recorded"]
    assert steps("as_of=r0") == ["?kind=call&as_of=r1&clock=recorded"]
    assert steps("as_of=1+March+2025")[-1] == "?kind=call&as_of=2025-03-11&clock=happened"
    assert steps(THEN)[0] == "?kind=call&as_of=2025-03-01&clock=happened"


def test_a_visitor_cannot_ask_for_drafts_by_name(room: Negotiation) -> None:
    with history.recording(by=room.people["owner"]):
        Event.objects.get(title="A late call").withdraw()
    answers = {
        role: room.client(role).get("/d/room/?as_of=before+the+call").content.decode()
        for role in ("", "reader")
    }
    assert "late call" in answers["reader"].lower()
    assert "late call" not in answers[""].lower()


def test_a_private_dossier_tells_nothing_of_its_past() -> None:
    room = Negotiation()
    for query in (THEN, "as_of=r1", "as_of=nonsense"):
        client = room.client("outsider")
        pages = [
            TOKEN.sub("", client.get(f"{path}?{query}").content.decode()).replace(path, "")
            for path in ("/d/room/", "/d/none/")
        ]
        assert pages[0] == pages[1]


def test_visitors_do_not_look_back_to_when_it_was_private() -> None:
    room = Negotiation(visibility="private")
    owner = room.people["owner"]
    with history.recording(by=owner):
        room.talks.title = "Words for members"
        room.talks.save()
        room.talks.publish()
    private = revision(room)
    with history.recording(by=owner):
        room.talks.title = "Words for all"
        room.talks.save()
        room.talks.publish()
    with history.recording(by=owner):
        room.dossier.visibility = "public"
        room.dossier.save()
    told = []
    for role in ("", "outsider", "reader"):
        for number in (private, revision(room)):
            page = room.client(role).get(f"/d/room/events/?as_of=r{number}").text
            words = ("Words for members", "Words for all", "This dossier was not public then.")
            told.append([text in page for text in words])
    refused, seen = [False, True, True], [False, True, False]
    assert told == [refused, seen, refused, seen, [True, False, False], seen]


def test_the_chart_alone(room: Negotiation) -> None:
    client = room.client("reader")
    tags: dict[str, Any] = {}
    for query in ("", f"?{THEN}", "?as_of=r1", "?as_of=r2"):
        answer = client.get(f"/d/room/chart{query}")
        assert answer.status_code == 200
        tags[answer["ETag"]] = answer.content
    assert len(tags) == 4
    again = client.get(f"/d/room/chart?{THEN}", headers={"If-None-Match": list(tags)[1]})
    assert again.status_code == 304

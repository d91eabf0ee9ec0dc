"""The merge page: what it asks for each kind of field, and what is saved as decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from events import dates, history
from events.models import Event, Record
from events.models.base import merged_list
from tests.markup import Element, parse
from tests.views.negotiation import Negotiation
from tests.views.room import Room

pytestmark = pytest.mark.django_db(transaction=True)


def sent_by(page: Element) -> dict[str, str]:
    """What a form would send: its texts, its hidden fields, and what is chosen."""
    found: dict[str, str] = {}
    for one in page.all("input"):
        if one.get("type") != "radio" or "checked" in one.attributes:
            found[one.get("name")] = one.get("value")
    for one in page.all("textarea"):
        found[one.get("name")] = "".join(map(str, one.parts)).removeprefix("\n")
    for one in page.all("select"):
        chosen = [o for o in one.all("option") if "selected" in o.attributes]
        found[one.get("name")] = chosen[0].get("value") if chosen else ""
    return found


def edited(client: Client, address: str, **changes: str) -> dict[str, str]:
    """What the form page at `address` would send with these changes."""
    form = parse(client.get(f"{address}edit").content).one("form", "form")
    return {name: text for name, text in sent_by(form).items() if name} | changes


def merge_form(answer: Any) -> tuple[dict[str, str], Element]:
    """What the merge page would send, and its form."""
    form = parse(answer.content).one("form", "merge")
    return {name: text for name, text in sent_by(form).items() if name}, form


def asked(form: Element) -> dict[str, list[str]]:
    """The fields to decide: label -> before, theirs, yours."""
    return {
        row.one("h2").text: [radio.get("data-text") for radio in row.all("input", type="radio")[:3]]
        for row in form.all("div", "is-asked")
    }


KINDS = [
    # noun, ref, field of the form, theirs, mine, the three texts, what "theirs" and "yours" keep
    ("events", "E1", "summary", "Ours", "Mine", ["", "Ours", "Mine"]),
    ("events", "E1", "when", "12 March 2025", "about 11 March 2025", None),
    ("events", "E1", "coordinates", "24.7, 46.7", "21.5, 39.2", ["", "24.7, 46.7", "21.5, 39.2"]),
    ("events", "E1", "kind", "meeting", "call", ["Talks", "Meeting", "Call"]),
    ("events", "E2", "part_of", "E1", "E1 Talks in Jeddah", None),
    ("positions", "PO1", "actor", "United States", "Russia", None),
    ("proposals", "PR1", "duration", "60 days", "P10D", ["30 days", "60 days", "10 days"]),
    ("commitments", "C1", "due", "1 April 2025", "May 2025", ["", "1 April 2025", "May 2025"]),
    ("actors", "A2", "side", "UA", "", None),
    ("links", "L1", "note", "Ours", "Mine", ["", "Ours", "Mine"]),
    ("evidence", "EV1", "about", "E1", "E2", None),
    ("evidence", "EV2", "quote", "Rubio said", "is now in their court", None),
]


@pytest.mark.parametrize("choice", ["before", "theirs", "yours"])
@pytest.mark.parametrize(
    ("noun", "ref", "name", "theirs", "mine", "texts"), KINDS, ids=[f"{k[0]}-{k[2]}" for k in KINDS]
)
def test_each_kind_of_field(
    noun: str,
    ref: str,
    name: str,
    theirs: str,
    mine: str,
    texts: list[str] | None,
    choice: str,
) -> None:
    room = Negotiation()
    one, two = room.client("owner"), room.client("analyst")
    address = f"/d/room/{noun}/{ref}/"
    before = edited(one, address)
    ours, yours = before | {name: theirs}, before | {name: mine}
    states = {"before": kept(one, address), "theirs": {}, "yours": {}}
    assert one.post(f"{address}edit", ours).status_code == 302
    states["theirs"] = kept(one, address)
    answer = two.post(f"{address}edit", yours)
    if answer.status_code == 302:
        # Both wrote the same in other words, or one of them changed nothing.
        assert kept(one, address) in (states["theirs"], states["before"])
        assert name == "part_of"
        return
    assert answer.status_code == 409
    sent, form = merge_form(answer)
    (label,) = asked(form)
    if texts:
        assert asked(form)[label] == texts
    assert kept(one, address) == states["theirs"]
    lead = next(
        key for key in (f"choice-{name}", "choice-source") if key.encode() in answer.content
    )
    answer = two.post(f"{address}merge", sent | {lead: choice, "act": "save"})
    assert answer.status_code == 302
    now = kept(one, address)
    if choice == "yours":
        assert now not in (states["theirs"], states["before"])
    else:
        assert now == states[choice]


def kept(client: Client, address: str) -> dict[str, str]:
    """What the form of a record shows, but for its version."""
    unsaid = ("version", "csrfmiddlewaretoken")
    return {name: text for name, text in edited(client, address).items() if name not in unsaid}


def test_date_and_its_basis_stand_together() -> None:
    """A basis chosen by one person is not put to the words of another."""
    room = Room()
    client = room.client("analyst")
    with history.recording(by=room.people["owner"]):
        event = room.now()
        event.set_when(dates.read("11 March 2025"))
        event.save()
    mine = room.form(when="12 March 2025")
    room.client("owner").post("/d/room/events/E1/edit", room.form(when_basis="inferred"))
    answer = client.post("/d/room/events/E1/edit", mine)
    sent, form = merge_form(answer)
    assert asked(form) == {
        "When": ["11 March 2025 (Stated)", "11 March 2025 (Inferred)", "12 March 2025 (Stated)"]
    }
    client.post("/d/room/events/E1/merge", sent | {"choice-when": "theirs"})
    assert (room.now().when_text, room.now().when_basis) == ("11 March 2025", "inferred")


def test_a_pair_of_coordinates_is_never_made_of_two() -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        Event.objects.update(latitude="21.5", longitude="39.2")
    mine = room.form(coordinates="21.5, 46.7")
    owner = room.client("owner")
    owner.post("/d/room/events/E1/edit", room.form(coordinates="24.7, 39.2"))
    answer = room.client("analyst").post("/d/room/events/E1/edit", mine)
    assert answer.status_code == 409
    assert asked(merge_form(answer)[1]) == {
        "Coordinates": ["21.5, 39.2", "24.7, 39.2", "21.5, 46.7"]
    }


def test_lists_that_both_added_to_have_the_items_of_both() -> None:
    room = Negotiation()
    one, two = room.client("owner"), room.client("analyst")
    address = "/d/room/actors/A2/"
    one.post(f"{address}edit", edited(one, address, aliases="Secretary Rubio\nM. Rubio"))
    ours = edited(one, address, aliases="Secretary Rubio\nSenator Rubio")
    mine = edited(two, address, aliases="Secretary Rubio\nM. Rubio\nMarco Antonio Rubio")
    one.post(f"{address}edit", ours)
    answer = two.post(f"{address}edit", mine, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "beside what others changed meanwhile: Other names" in answer.content.decode()
    room.rubio.refresh_from_db()
    assert room.rubio.aliases == ["Secretary Rubio", "Senator Rubio", "Marco Antonio Rubio"]


@pytest.mark.parametrize(
    ("before", "theirs", "yours", "both"),
    [
        (["a"], ["a", "b"], ["a", "c"], ["a", "b", "c"]),
        (["a", "b"], ["a"], ["a", "b", "c"], ["a", "c"]),
        (["a", "b"], ["b"], ["a"], []),
        ([], ["x"], ["x", "y"], ["x", "y"]),
        (["a"], ["b"], ["c"], None),
        (["a", "b"], ["b", "a"], ["a", "b", "c"], None),
        ("a", ["b"], ["c"], None),
    ],
)
def test_lists_of_two_people(before: Any, theirs: Any, yours: Any, both: Any) -> None:
    assert merged_list(before, theirs, yours) == both


@pytest.fixture
def met() -> tuple[Room, Client, dict[str, str]]:
    """A room, somebody who met the changes of others in two fields, and the page's form."""
    room = Room()
    mine = room.form(place="Jeddah, Saudi Arabia", summary="Mine", channel="direct", reason="Why")
    room.changed("owner", place="Riyadh", summary="Theirs", title="Talks in Riyadh")
    client = room.client("analyst")
    answer = client.post("/d/room/events/E1/edit", mine)
    assert answer.status_code == 409
    return room, client, merge_form(answer)[0]


MERGE = "/d/room/events/E1/merge"


def test_what_is_merged_and_what_is_asked(met: tuple[Room, Client, dict[str, str]]) -> None:
    room, client, sent = met
    answer = client.post(MERGE, sent | {"choice-place": "yours"})
    page = parse(answer.content)
    assert answer.status_code == 422
    (error,) = page.all("ul", "errors")
    assert error.text == "Choose one of the three, or a text of your own."
    assert page.one("span", data_progress="").text == "1 of 2 decided"
    (sign,) = page.one("div", "merge-record").all("use")
    assert sign["href"].endswith("#kind-talks")
    answer = client.post(
        MERGE, sent | {"choice-place": "yours", "choice-summary": "typed", "typed-summary": "Both"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/d/room/events/E1/")
    now = room.now()
    assert (now.title, now.place, now.summary, now.channel, now.version) == (
        "Talks in Riyadh",
        "Jeddah, Saudi Arabia",
        "Both",
        "direct",
        3,
    )
    change = history.changes_of(now).first()
    assert (change.revision.author, change.revision.note) == (room.people["analyst"], "Why")
    forgotten = answer.cookies["saved"].value.split("|")
    assert forgotten[:2] == [MERGE, "/d/room/events/E1/edit"]
    assert "/d/room/events/E1/fields/summary/" in forgotten


def test_a_fourth_person_is_asked_about_as_well(met: tuple[Room, Client, dict[str, str]]) -> None:
    room, client, sent = met
    room.changed("reviewer", summary="Theirs again")
    decided = {"choice-place": "yours", "choice-summary": "typed", "typed-summary": "Both"}
    answer = client.post(MERGE, sent | decided)
    assert answer.status_code == 409
    again, form = merge_form(answer)
    # What they changed is open again, what was written and decided is kept.
    assert asked(form)["Summary"] == ["", "Theirs again", "Mine"]
    assert again["typed-summary"] == "Both"
    assert (again["choice-place"], again.get("choice-summary")) == ("yours", None)
    assert again["version"] == "3"
    assert client.post(MERGE, again | {"choice-summary": "typed"}).status_code == 302
    assert (room.now().place, room.now().summary) == ("Jeddah, Saudi Arabia", "Both")


def test_a_fourth_person_in_another_field_does_not_matter(
    met: tuple[Room, Client, dict[str, str]],
) -> None:
    room, client, sent = met
    room.changed("reviewer", modality="planned")
    answer = client.post(MERGE, sent | {"choice-place": "theirs", "choice-summary": "yours"})
    assert answer.status_code == 302
    now = room.now()
    assert (now.place, now.summary, now.modality) == ("Riyadh", "Mine", "planned")


def test_text_of_ones_own_that_is_refused_stays(met: tuple[Room, Client, dict[str, str]]) -> None:
    room, client, _ = met
    mine = {"version": "1", "when": "11 March 2025"}
    with history.recording(by=room.people["owner"]):
        event = room.now()
        event.set_when(dates.read("12 March 2025"))
        event.save()
    sent, _ = merge_form(client.post("/d/room/events/E1/fields/when/", mine))
    answer = client.post(MERGE, sent | {"choice-when": "typed", "typed-when": "31 Feb 2025"})
    assert answer.status_code == 422
    again, form = merge_form(answer)
    assert again["typed-when"] == "31 Feb 2025"
    assert "'31 Feb 2025' is not a date." in form.one("ul", "errors").text
    assert room.now().when_text == "12 March 2025"


def test_discarding_and_keeping_apart(met: tuple[Room, Client, dict[str, str]]) -> None:
    room, client, sent = met
    answer = client.post(MERGE, sent | {"act": "apart"}, follow=True)
    (own,) = Event.objects.exclude(pk=room.event.pk)
    assert answer.redirect_chain == [(f"/d/room/events/{own.ref}/", 302)]
    assert f"Your text is kept as {own.ref}, a draft." in answer.content.decode()
    assert (own.title, own.place, own.summary, own.channel, own.state) == (
        "Talks in Jeddah",
        "Jeddah, Saudi Arabia",
        "Mine",
        "direct",
        "draft",
    )
    answer = client.post(MERGE, sent | {"act": "discard"}, follow=True)
    assert "Your changes to E1 are discarded. Nothing was saved." in answer.content.decode()
    assert (room.now().summary, room.now().version, Event.objects.count()) == ("Theirs", 2, 2)


@pytest.mark.parametrize("version", ["", "x", "99"])
def test_a_merge_that_does_not_say_its_version_is_refused(
    met: tuple[Room, Client, dict[str, str]], version: str
) -> None:
    room, client, sent = met
    answer = client.post(MERGE, sent | {"base": version, "choice-place": "yours"})
    assert answer.status_code == 422
    page = parse(answer.content)
    assert "does not say which version of E1" in page.one("section", "error-summary").text
    assert page.one("textarea", id="id_summary").text == "Mine"
    assert page.one("form", "form")["action"] == "/d/room/events/E1/edit"
    assert room.now().version == 2


def test_a_version_that_decisions_were_not_made_from_opens_them_again(
    met: tuple[Room, Client, dict[str, str]],
) -> None:
    room, client, sent = met
    decided = {"choice-place": "yours", "choice-summary": "yours", "version": "x"}
    answer = client.post(MERGE, sent | decided)
    assert answer.status_code == 409
    assert len(asked(merge_form(answer)[1])) == 2
    assert room.now().version == 2


def test_the_address_alone_leads_to_the_form() -> None:
    room = Room()
    assert room.client("analyst").get(MERGE)["Location"] == "/d/room/events/E1/edit"
    assert room.client("reader").post(MERGE, {"act": "discard"}).status_code == 403


def test_a_published_record_returns_to_draft_and_the_page_says_so() -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        room.now().publish()
    mine = room.form(place="Jeddah, Saudi Arabia")
    with history.recording(by=room.people["owner"], keeps_state=True):
        Event.objects.update(place="Riyadh")
    answer = room.client("analyst").post("/d/room/events/E1/edit", mine)
    bar = merge_form(answer)[1].one("div", "action-bar")
    assert "The merged record returns to Draft because reviewed fields changed." in bar.text


def test_deleted_while_deciding(met: tuple[Room, Client, dict[str, str]]) -> None:
    room, client, sent = met
    with history.recording(by=room.people["owner"]):
        Record.delete(room.now())
    assert client.post(MERGE, sent | {"choice-place": "yours"}).status_code == 404

"""Who has not answered what, addressed how and by whom, since when."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history, silence
from events.roles import Viewer
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db

PAGE = "/d/room/silences/"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = dt.datetime(2025, 3, 15, 12, tzinfo=dt.UTC)
    monkeypatch.setattr(Viewer, "now", int(asked.timestamp()))


class Asked(Negotiation):
    """Rubio asked Russia in a statement; what he put to Ukraine is a position."""

    def __init__(self, **dossier: object) -> None:
        super().__init__(**dossier)
        with history.recording(by=self.people["owner"]):
            self.statement.channel = "public"
            self.statement.save()
            self.statement.publish()
            self.made("Participation", event=self.statement, actor=self.rubio, role="speaker")
            self.made("Participation", event=self.statement, actor=self.russia, role="addressee")
            self.demand = self.made("Issue", name="Elections")
            self.put = self.made(
                "Position",
                actor=self.rubio,
                issue=self.demand,
                stance="supports",
                summary="There should be a vote.",
                addressee=self.ukraine,
                event=self.statement,
                state="published",
            )


def rows(room: Negotiation, role: str = "reader") -> list[str]:
    page = parse(room.client(role).get(PAGE).content)
    return [row.text for row in page.all("li", "row")]


RUSSIA = (
    "Russia: Rubio to the press E2 Addressed by USUnited States Rubio, public channel."
    " 3 days since 12 Mar 2025"
)
UKRAINE = (
    "UAUkraine Ukraine: Rubio to the press E2 There should be a vote. On Elections"
    " Addressed by USUnited States Rubio, public channel. 3 days since 12 Mar 2025"
)
AWAITED = (
    "Russia: 30-day ceasefire PR1 Asked: Agree to it. Put forward in Talks in Jeddah,"
    " channel not stated. 4 days since 11 Mar 2025"
)


def test_awaited_and_addressed() -> None:
    assert rows(Asked()) == [AWAITED, RUSSIA, UKRAINE]


def test_position_on_the_issue_that_may_be_later_answers() -> None:
    room = Asked()
    with history.recording(by=room.people["owner"]):
        early = room.event_on("10 March 2025", "Before")
        about = {"actor": room.ukraine, "issue": room.demand, "stance": "opposes"}
        room.made("Position", event=early, **about)
        room.made("Position", **about)
    assert UKRAINE in rows(room)
    with history.recording(by=room.people["owner"]):
        same_day = room.event_on("12 March 2025", "Kyiv speaks")
        room.made("Position", event=same_day, **about)
    assert rows(room) == [AWAITED, RUSSIA]


def test_linked_event_in_which_they_speak_answers() -> None:
    room = Asked()
    with history.recording(by=room.people["owner"]):
        reply = room.event_on("13 March 2025", "The Kremlin replies")
        link = room.made("Link", from_event=reply, to_event=room.statement, kind="clarifies")
    assert RUSSIA in rows(room)
    with history.recording(by=room.people["owner"]):
        room.made("Participation", event=reply, actor=room.russia, role="speaker")
    assert rows(room) == [AWAITED, UKRAINE]
    with history.recording(by=room.people["owner"]):
        link.kind = "after"
        link.save()
    assert RUSSIA in rows(room)


def test_target_of_an_attack_was_not_spoken_to() -> None:
    room = Asked()
    with history.recording(by=room.people["owner"]):
        for kind in ("attack", "post"):
            event = room.event_on("13 March 2025", f"A {kind}", kind=kind)
            room.made("Participation", event=event, actor=room.russia, role="target")
        planned = room.event_on("14 March 2025", "To come", modality="planned")
        room.made("Participation", event=planned, actor=room.russia, role="addressee")
    found = [row.partition(" Addressed")[0] for row in rows(room)]
    assert found == [
        AWAITED,
        "Russia: A post E4",
        *(r.partition(" Addr")[0] for r in (RUSSIA, UKRAINE)),
    ]


def test_public_answer_is_a_published_one() -> None:
    room = Asked(visibility="public")
    with history.recording(by=room.people["owner"]):
        later = room.event_on("13 March 2025", "Kyiv speaks")
        answer = room.made(
            "Position", actor=room.ukraine, issue=room.demand, stance="opposes", event=later
        )
    assert UKRAINE not in rows(room)
    assert UKRAINE in rows(room, "")
    with history.recording(by=room.people["owner"]):
        answer.publish()
    assert UKRAINE not in rows(room, "")


def test_pages_go_through_all_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "PER_PAGE", 5)
    monkeypatch.setattr(silence, "AT_ONCE", 4)
    monkeypatch.setattr(silence, "ROUNDS", 2)
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for number in range(17):
            event = room.event_on(f"{number % 6 + 1} March 2025", f"Said {number}")
            room.made("Participation", event=event, actor=room.russia, role="addressee")
        undated = room.made("Event", title="Said some day")
        room.made("Participation", event=undated, actor=room.russia, role="addressee")
    viewer = Viewer(room.people["reader"], room.dossier, "reader")
    found, after, pages = [], None, 0
    while pages == 0 or after is not None:
        page = silence.read(viewer, after)
        found += [row.event.title for row in page.rows]
        after, pages = page.after, pages + 1
    expected = sorted(range(17), key=lambda n: (-(n % 6), -n))
    assert found == [*(f"Said {number}" for number in expected), "Said some day"]
    assert pages == 4


def test_costs_the_same_however_many_there_are() -> None:
    room = Asked()
    client = room.client("reader")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    before = cost()
    with history.recording(by=room.people["owner"]):
        for number in range(9):
            event = room.event_on("13 March 2025", f"Said {number}")
            room.made("Participation", event=event, actor=room.russia, role="addressee")
    assert (before, cost()) == (15, 15)


@pytest.mark.parametrize("after", ["x", "W10=", "WzEsMl0=", "WyJhIiwxLDJd", "%00", "WzEsMiwzLDRd"])
def test_address_that_does_not_fit_shows_the_first_page(after: str) -> None:
    room = Asked()
    page = parse(room.client("reader").get(f"{PAGE}?after={after}").content)
    assert [row.text for row in page.all("li", "row")] == [AWAITED, RUSSIA, UKRAINE]

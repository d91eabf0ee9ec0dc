"""What to watch next: the page, the panel, and the calendar file read back."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import dates, history
from events.models import Commitment, Outcome, Proposal
from events.roles import Viewer
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db

PAGE, FEED = "/d/room/agenda/", "/d/room/agenda.ics"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = dt.datetime(2025, 3, 12, 9, 40, tzinfo=dt.UTC)
    monkeypatch.setattr(Viewer, "now", int(asked.timestamp()))


class Ahead(Negotiation):
    """The negotiation with dates of every sort ahead."""

    def __init__(self, **dossier: object) -> None:
        super().__init__(**dossier)
        with history.recording(by=self.people["owner"]):
            self.meeting = self.event_on(
                "15 March 2025", "Leaders meet", kind="meeting", modality="planned"
            )
            self.call = self.event_on(
                "12 March 2025 18:00", "Call of presidents", kind="call", modality="announced"
            )
            for text, action, firmness in (
                ("12 to 15 March 2025", "Speak with envoys", "signal"),
                ("10 March 2025", "Send a delegation", "firm"),
                ("9 March 2025", "Answer the letter", "firm"),
            ):
                one = Commitment(
                    dossier=self.dossier, debtor=self.usa, action=action, firmness=firmness
                )
                Commitment.due.set(one, dates.read(text))
                one.state = "published"
                one.save()
            self.met = self.made("Outcome", commitment=one, event=self.statement, result="met")
            Proposal.expires.set(self.proposal, dates.read("20 March 2025"))
            Proposal.start.set(self.proposal, dates.read("14 March 2025"))
            self.proposal.save()
            self.proposal.publish()


def agenda(room: Negotiation, role: str = "reader") -> list[tuple[str, list[str]]]:
    page = parse(room.client(role).get(PAGE).content)
    return [
        (group.one("h2").text, [one.text for one in group.all("li")])
        for group in page.all("section", "agenda-group")
    ]


EXPECTED = [
    (
        "Overdue 1",
        [
            "USUnited States Send a delegation 10 Mar 2025. C3. Commitment. Its date has passed;"
            " no report of what came of it. Overdue"
        ],
    ),
    (
        "Due now Wed 12 March 2025",
        ["Call of presidents 12 Mar 2025 18:00. E4. Event, announced. Announced"],
    ),
    (
        "Next few days 1",
        [
            "USUnited States Speak with envoys 12 to 15 Mar 2025. C2. Signal, not a commitment."
            " Signal"
        ],
    ),
    (
        "Sat 15 March 2025 in 3 days",
        ["Leaders meet 15 Mar 2025. E3. Event, planned. Planned"],
    ),
    (
        "Thu 20 March 2025 in 8 days",
        [
            "Russia: Answer of Russia: 30-day ceasefire 20 Mar 2025. PR1. Answer awaited, 1 day."
            " PR1 was put forward in E1. Awaited",
            "The offer expires: 30-day ceasefire 20 Mar 2025. PR1. End of the offer, stated. Open",
        ],
    ),
    (
        "Sun 13 April 2025 in 32 days",
        [
            "30 days are over: 30-day ceasefire Sun 13 April 2025. PR1. Computed from its start and"
            " its duration of 30 days. Computed"
        ],
    ),
]


def test_dates_stand_in_their_groups_with_what_they_rest_on() -> None:
    assert agenda(Ahead()) == EXPECTED


def test_what_took_place_is_no_longer_looked_forward_to() -> None:
    room = Ahead()
    with history.recording(by=room.people["owner"]):
        held = room.event_on("12 March 2025", "Leaders met early")
        room.made("Link", from_event=held, to_event=room.meeting, kind="same_as")
    assert "Sat 15 March 2025 in 3 days" not in dict(agenda(room))


def test_extension_moves_a_date() -> None:
    room = Ahead()
    with history.recording(by=room.people["owner"]):
        late = Commitment.objects.get(action="Send a delegation")
        one = Outcome(
            dossier=room.dossier, commitment=late, event=room.statement, result="extended"
        )
        Outcome.due.set(one, dates.read("16 March 2025"))
        one.save()
    assert dict(agenda(room))["Sun 16 March 2025 in 4 days"] == [
        "USUnited States Send a delegation Sun 16 March 2025. C3. Commitment. Its date was"
        " extended. Pending"
    ]


def test_public_sees_what_is_published() -> None:
    room = Ahead(visibility="public")
    assert agenda(room, "") == EXPECTED
    with history.recording(by=room.people["owner"]):
        room.meeting.withdraw()
        room.talks.withdraw()
        for one in Commitment.objects.all():
            one.withdraw()
    assert agenda(room, "") == [EXPECTED[1], (EXPECTED[4][0], EXPECTED[4][1][1:]), EXPECTED[5]]


def read_back(room: Negotiation, role: str) -> dict[str, dict[str, object]]:
    """The calendar file as icalendar reads it, by UID."""
    answer = room.client(role).get(FEED)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert calendar["prodid"] == "-//Truceline//What to watch next//EN"
    return {
        str(one["uid"]): {
            "start": one.decoded("dtstart"),
            "end": one.decoded("dtend"),
            "summary": str(one["summary"]),
            "text": str(one["description"]),
        }
        for one in calendar.walk("VEVENT")
    }


def test_calendar_file_is_read_back_whole() -> None:
    found = read_back(Ahead(visibility="public"), "")
    day = dt.date
    assert {key: (one["start"], one["end"], one["summary"]) for key, one in found.items()} == {
        "E3.room@truceline": (day(2025, 3, 15), day(2025, 3, 16), "Leaders meet"),
        "E4.room@truceline": (
            dt.datetime(2025, 3, 12, 18, 0, tzinfo=dt.UTC),
            dt.datetime(2025, 3, 12, 18, 1, tzinfo=dt.UTC),
            "Call of presidents",
        ),
        "C2.room@truceline": (day(2025, 3, 12), day(2025, 3, 16), "US: Speak with envoys"),
        "C3.room@truceline": (day(2025, 3, 10), day(2025, 3, 11), "US: Send a delegation"),
        "PR1-expiry.room@truceline": (
            day(2025, 3, 20),
            day(2025, 3, 21),
            "The offer expires: 30-day ceasefire",
        ),
        "PR1-end.room@truceline": (
            day(2025, 4, 13),
            day(2025, 4, 14),
            "30 days are over: 30-day ceasefire",
        ),
        "CN2.room@truceline": (
            day(2025, 3, 20),
            day(2025, 3, 21),
            "Answer of Russia: 30-day ceasefire",
        ),
    }
    assert found["C2.room@truceline"]["text"] == (
        "C2. 12 to 15 Mar 2025.\n"
        "The exact day is not known: Wed 12 March 2025 to Sat 15 March 2025.\n"
        "Signal, not a commitment."
    )


def test_uids_stay_and_strange_words_are_folded_and_escaped() -> None:
    room = Ahead()
    before = read_back(room, "reader")
    title = "Signing; a pact, “for good”\\ and " + "a very long way of saying so " * 8
    with history.recording(by=room.people["owner"]):
        room.meeting.title = title.strip()
        room.meeting.save()
    after = read_back(room, "reader")
    assert set(before) == set(after)
    assert after["E3.room@truceline"]["summary"] == title.strip()


def test_hour_from_which_something_may_be_has_no_end() -> None:
    room = Ahead()
    with history.recording(by=room.people["owner"]):
        room.event_on("2025-03-14T10:30Z/..", "Talks go on", modality="planned")
    text = room.client("reader").get(FEED).content
    calendar = icalendar.Calendar.from_ical(text)
    (found,) = (one for one in calendar.walk("VEVENT") if one["summary"] == "Talks go on")
    start = dt.datetime(2025, 3, 14, 10, 30, tzinfo=dt.UTC)
    assert (found["dtstart"].dt, "dtend" in found) == (start, False)


def test_private_calendar_is_for_members() -> None:
    room = Ahead()
    answers = [room.client(role).get(FEED).status_code for role in ("", "outsider", "reader")]
    assert answers == [404, 404, 200]


def test_costs_the_same_however_many_there_are() -> None:
    room = Ahead()
    client = room.client("reader")

    def cost() -> tuple[int, int]:
        found = []
        for address in (PAGE, FEED):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found[0], found[1]

    before = cost()
    with history.recording(by=room.people["owner"]):
        for number in range(5):
            room.event_on("18 March 2025", f"Meeting {number}", modality="planned")
            room.made("Commitment", debtor=room.usa, action=f"Act {number}")
            room.made("Consent", proposal=room.proposal, actor=room.made("Actor"))
    assert (before, cost()) == ((23, 20), (23, 20))

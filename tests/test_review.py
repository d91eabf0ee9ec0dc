"""The review queue: what waits in which order, who may decide, and several at once."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import history, review
from events.models import Event, Revision
from events.models.base import ReviewRefused
from events.roles import Viewer
from tests.views.negotiation import Negotiation
from tests.views.room import Room

pytestmark = pytest.mark.django_db


def viewer(room: Room, role: str) -> Viewer:
    return Viewer.of(room.people[role], room.dossier)


def add(room: Room, title: str, by: str = "analyst") -> Event:
    with history.recording(by=room.people[by]):
        return Event.objects.create(dossier=room.dossier, title=title)


def test_only_drafts_and_reviewed_records_wait() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.statement.review()
    queue = review.queue(viewer(room, "reviewer"))
    assert [(row.record.ref, row.record.state, row.kind) for row in queue.rows] == [
        ("PO2", "draft", "Position"),
        ("E2", "reviewed", "Event"),
    ]
    assert (queue.counted, queue.after, queue.before) == ("2 records wait", None, None)


def test_row_tells_what_changed_since_it_was_published_and_by_whom() -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        room.now().publish()
    room.changed("analyst", place="Riyadh")
    room.changed("reviewer", summary="They met.")
    (row,) = review.queue(viewer(room, "owner")).rows
    assert (row.changed, row.was_published, row.writer, row.evidence, row.is_own) == (
        ["Where", "Summary"],
        True,
        "Reviewer X",
        0,
        False,
    )


def test_record_as_it_was_published_says_so() -> None:
    room = Room()
    with history.recording(by=room.people["owner"]):
        room.now().publish()
    with history.recording(by=room.people["reviewer"]):
        room.now().withdraw()
    (row,) = review.queue(viewer(room, "reviewer")).rows
    assert (row.changed, row.was_published, row.writer) == ([], True, "Owner X")


def test_pages_go_on_from_the_last_row_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "PER_PAGE", 2)
    room = Negotiation()
    for title in ("One", "Two", "Three"):
        add(room, title)
    for by_kind, order in (
        (False, ["PO2", "E3", "E4", "E5"]),
        (True, ["E3", "E4", "E5", "PO2"]),
    ):
        first = review.queue(viewer(room, "analyst"), by_kind=by_kind)
        second = review.queue(viewer(room, "analyst"), by_kind=by_kind, mark=first.after)
        back = review.queue(
            viewer(room, "analyst"), by_kind=by_kind, mark=second.before, forward=False
        )
        pages = [[row.record.ref for row in page.rows] for page in (first, second, back)]
        assert pages == [order[:2], order[2:], order[:2]]
        assert (first.before, second.after, back.before) == (None, None, None)
        assert back.after == first.after


def test_writer_does_not_review_the_own_words() -> None:
    room = Room()
    room.changed("reviewer", place="Riyadh")
    for verb in ("review", "publish"):
        with (
            pytest.raises(ReviewRefused, match=r"^You wrote the present version of E1\. Someone"),
            history.recording(by=room.people["reviewer"]),
        ):
            getattr(room.now(), verb)(by=room.people["reviewer"])
    assert room.now().state == "draft"
    (row,) = review.queue(viewer(room, "reviewer")).rows
    assert (row.is_own, row.may_be_chosen) == (True, False)


def test_marking_as_reviewed_makes_nobody_the_writer() -> None:
    room = Room()
    room.changed("analyst", place="Riyadh")
    with history.recording(by=room.people["reviewer"]):
        room.now().review(by=room.people["reviewer"])
        room.now().publish(by=room.people["reviewer"])
    assert room.now().state == "published"


def test_owner_and_superuser_may_review_their_own_words() -> None:
    room = Room()
    room.people["reviewer"].is_superuser = True
    for role in ("owner", "reviewer"):
        room.changed(role, place=f"Place of {role}")
        with history.recording(by=room.people[role]):
            room.now().publish(by=room.people[role])
        assert room.now().state == "published"


def test_writer_may_withdraw_the_own_words() -> None:
    room = Room()
    room.changed("reviewer", place="Riyadh")
    with history.recording(by=room.people["owner"]):
        room.now().publish(by=room.people["owner"])
    with history.recording(by=room.people["reviewer"]):
        room.now().withdraw(by=room.people["reviewer"])
    assert room.now().state == "draft"


def test_version_that_was_not_read_is_not_published() -> None:
    room = Room()
    room.changed("analyst", place="Riyadh")
    with (
        pytest.raises(ReviewRefused, match=r"^E1 was changed meanwhile\. Read it again first\.$"),
        history.recording(by=room.people["reviewer"]),
    ):
        room.now().publish(by=room.people["reviewer"], base_version=1)
    assert room.now().state == "draft"


@pytest.mark.django_db(transaction=True)
def test_several_are_published_as_one_revision() -> None:
    room = Negotiation()
    add(room, "Further talks")
    before = Revision.objects.count()
    chosen = {"PO2": 1, "E3": 1}
    with history.recording(by=room.people["reviewer"]):
        moved = review.move(room.dossier, "publish", chosen, by=room.people["reviewer"])
    assert [(record.ref, record.state) for record in moved] == [
        ("E3", "published"),
        ("PO2", "published"),
    ]
    assert Revision.objects.count() == before + 1
    newest = Revision.objects.order_by("-number").first()
    assert newest is not None
    assert sorted(change.ref for change in newest.changes.all()) == ["E3", "PO2"]


def test_all_or_none_are_published() -> None:
    room = Negotiation()
    add(room, "Further talks")
    add(room, "My own", by="reviewer")
    chosen = {"E3": 1, "E4": 1, "PO2": 7, "E99": 1, "A1": 1}
    said = (
        "There is no A1 to review any more. There is no E99 to review any more. You wrote the"
        " present version of E4. Someone else has to review it, or an owner of the dossier. PO2"
        " was changed meanwhile. Read it again first."
    )
    with (
        pytest.raises(ReviewRefused, match=f"^{re.escape(said)}$"),
        history.recording(by=room.people["reviewer"]),
    ):
        review.move(room.dossier, "publish", chosen, by=room.people["reviewer"])
    assert set(Event.objects.filter(ref__in=["E3", "E4"]).values_list("state", flat=True)) == {
        "draft"
    }


def test_queue_costs_the_same_however_much_waits() -> None:
    room = Negotiation()
    costs = []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            review.queue(viewer(room, "reviewer"))
        costs.append(len(queries))
        with history.recording(by=room.people["owner"]):
            for ref in range(4):
                position = room.made("Position", actor=room.usa, issue=room.issue)
                room.made("Evidence", passage=room.ball, event=None, position=position, note=ref)
        add(room, f"Event {number}")
    # Whose viewer, marks, a query for each kind on the page, who wrote, evidence, the count.
    assert costs == [6, 7, 7]

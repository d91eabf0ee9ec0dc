"""Lanes by side, actor, issue or kind: what stands where, in which order, which are folded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client

from events import charts, dates, history, lanes
from events.filters import EventFilter
from events.models import Dossier, Event, User
from events.roles import Viewer
from events.timeline import Item, Lane
from tests import factories as make
from tests.markup import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> User:
    user: User = make.UserFactory(username="ida")
    return user


@pytest.fixture
def dossier(ida: User) -> Dossier:
    """Four events of three actors, two of them on issues; the last in no lane but that of kind."""
    with history.recording(by=ida):
        dossier: Dossier = make.DossierFactory(slug="jeddah", visibility="public")
        make.MembershipFactory(dossier=dossier, user=ida, role="analyst")
        us = make.SideFactory(dossier=dossier, code="US", name="United States", order=1, slot=1)
        ua = make.SideFactory(dossier=dossier, code="UA", name="Ukraine", order=2, slot=2)
        rubio = make.ActorFactory(dossier=dossier, name="Marco Rubio", short_name="Rubio", side=us)
        yermak = make.ActorFactory(dossier=dossier, name="Yermak", side=ua)
        saudis = make.ActorFactory(dossier=dossier, name="Saudi Arabia")
        truce = make.IssueFactory(dossier=dossier, name="Ceasefire", order=2)
        aid = make.IssueFactory(dossier=dossier, name="Aid", order=1)

        def event(title: str, kind: str, *people: tuple[Any, str], **more: Any) -> Event:
            made: Event = make.EventFactory.build(
                dossier=dossier, title=title, kind=kind, **{"state": "published"} | more
            )
            made.set_when(dates.from_edtf("2025-03-11"))
            made.save()
            for actor, role in people:
                make.ParticipationFactory(dossier=dossier, event=made, actor=actor, role=role)
            return made

        talks = event("Talks", "talks", (yermak, "delegate"), (rubio, "delegate"),
                      (saudis, "mediator"))  # fmt: skip
        said = event("Aid could resume", "statement", (rubio, "speaker"), (yermak, "addressee"))
        event("Storm", "other")
        draft = event("Truce", "decision", (yermak, "initiator"), state="draft")
        position = {"dossier": dossier, "actor": rubio, "state": "published"}
        make.PositionFactory(event=said, issue=truce, **position)
        make.PositionFactory(event=said, issue=aid, **position)
        make.PositionFactory(event=talks, issue=aid, **position | {"state": "draft"})
        make.CommitmentFactory(dossier=dossier, debtor=yermak, event=draft, issue=truce)
    return dossier


def drawn(dossier: Dossier, user: Any, query: str = "") -> charts.Drawn:
    return charts.draw(EventFilter(QueryDict(query), Viewer.of(user, dossier)), 1200)


def rows(dossier: Dossier, user: Any, query: str = "") -> list[tuple[str, int, str]]:
    """Name, colour and events of each lane."""
    return [
        (lane.title, lane.slot, " ".join(sorted(mark.ref for mark in lane.marks)))
        for lane in drawn(dossier, user, query).chart.lanes
    ]


def test_sides_unless_asked_otherwise(dossier: Dossier, ida: User) -> None:
    sides = [
        ("United States", 1, "E1 E2"),
        ("Ukraine", 2, "E1 E4"),
        ("Others", 5, "E3"),
    ]
    assert rows(dossier, ida) == rows(dossier, ida, "lanes=nonsense") == sides


def test_lanes_by_actor(dossier: Dossier, ida: User) -> None:
    assert rows(dossier, ida, "lanes=actor") == [
        ("Rubio", 1, "E1 E2"),
        ("Yermak", 2, "E1 E4"),
        ("Saudi Arabia", 0, "E1"),
        ("Others", 0, "E3"),
    ]


def test_beyond_twelve_actors_stand_the_others(dossier: Dossier, ida: User) -> None:
    talks = Event.objects.get(ref="E1")
    with history.recording(by=ida):
        for number in range(12):
            actor = make.ActorFactory(dossier=dossier, name=f"Envoy {number:02}")
            make.ParticipationFactory(dossier=dossier, event=talks, actor=actor, role="delegate")
    found = [name for name, *_ in rows(dossier, ida, "lanes=actor")]
    assert found[:3] == ["Rubio", "Yermak", "Saudi Arabia"]
    assert (len(found), found[-2:]) == (13, ["Envoy 08", "Others"])


def test_lanes_by_issue(dossier: Dossier, ida: User) -> None:
    assert rows(dossier, ida, "lanes=issue") == [
        ("Aid", 0, "E1 E2"),
        ("Ceasefire", 0, "E2 E4"),
        ("No issue", 0, "E3"),
    ]


def test_what_is_not_published_puts_nothing_into_a_lane_of_the_public(dossier: Dossier) -> None:
    assert rows(dossier, AnonymousUser(), "lanes=issue") == [
        ("Aid", 0, "E2"),
        ("Ceasefire", 0, "E2"),
        ("No issue", 0, "E1 E3"),
    ]


def test_issues_without_a_lane_share_one(
    dossier: Dossier, ida: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "MOST", 1)
    assert rows(dossier, ida, "lanes=issue") == [
        ("Ceasefire", 0, "E2 E4"),
        ("Other issues", 0, "E1"),
        ("No issue", 0, "E3"),
    ]


def test_lanes_by_kind(dossier: Dossier, ida: User) -> None:
    assert rows(dossier, ida, "lanes=kind") == [
        ("Talks", 0, "E1"),
        ("Statement", 0, "E2"),
        ("Decision", 0, "E4"),
        ("Other", 0, "E3"),
    ]


def test_order_and_folding(dossier: Dossier, ida: User) -> None:
    found = drawn(dossier, ida, "order=UA,XX&fold=US&fold=none&fold=XX").chart.lanes
    assert [(lane.title, lane.height, lane.folded) for lane in found] == [
        ("Ukraine", 58, False), ("United States", 24, True), ("Others", 24, True),
    ]  # fmt: skip
    assert [lane.fold for lane in found] == [("UA", "US", "none"), ("none",), ("US",)]


def test_seen_from_an_earlier_instant_lanes_hold_what_came_later(
    dossier: Dossier, ida: User, member: Client
) -> None:
    page = parse(member.get("/d/jeddah/?lanes=kind&at=2025-03-01").content)
    names = [lane.text for lane in page.all("text", "lane-name")]
    assert names == ["Talks", "Statement", "Decision", "Other"]


def test_lanes_of_crowds_are_counted_beforehand(dossier: Dossier, ida: User) -> None:
    wanted = EventFilter(QueryDict("lanes=actor"), Viewer.of(ida, dossier))
    crowd = Item(1, "", "", "mixed", "occurred", "", ("UA",), 0, 86_400, count=40)
    window = drawn(dossier, ida).window
    items, found = lanes.group(wanted, [crowd], window)
    assert (items, [lane.key for lane in found]) == ([crowd], ["US", "UA", ""])
    assert lanes.used(wanted, [crowd]) == "side"
    wanted = EventFilter(QueryDict("lanes=kind"), Viewer.of(ida, dossier))
    spoken = replace(crowd, kind="statement", lanes=("statement",))
    assert lanes.group(wanted, [spoken], window) == ([spoken], [Lane("statement", "Statement", 0)])


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("side", [("United States", 2), ("Ukraine", 2), ("Others", 1)]),
        ("actor", [("Rubio", 2), ("Yermak", 2), ("Saudi Arabia", 1), ("Others", 1)]),
        ("issue", [("Aid", 2), ("Ceasefire", 2), ("No issue", 1)]),
        ("kind", [("Talks", 1), ("Statement", 1), ("Decision", 1), ("Other", 1)]),
    ],
)
def test_events_of_any_lanes_become_crowds(
    dossier: Dossier, ida: User, monkeypatch: pytest.MonkeyPatch, by: str, counts: list
) -> None:
    monkeypatch.setattr(charts, "FEW", 1)
    chart = drawn(dossier, ida, f"lanes={by}").chart
    assert [(lane.title, lane.count) for lane in chart.lanes] == counts
    assert chart.shown == 4


# --- The page


@pytest.fixture
def member(ida: User, dossier: Dossier) -> Client:
    client = Client()
    client.force_login(ida)
    return client


def test_the_menu(member: Client) -> None:
    page = parse(member.get("/d/jeddah/?kind=talks&lanes=actor&order=A2&fold=A1").content)
    menu = page.one("details", "lanes-menu")
    assert [(a.text, a["href"], a.get("aria-current")) for a in menu.one("nav").all("a")] == [
        ("Side", "?kind=talks", ""),
        ("Actor", "?kind=talks&lanes=actor", "true"),
        ("Issue", "?kind=talks&lanes=issue", ""),
        ("Kind", "?kind=talks&lanes=kind", ""),
    ]
    found = [(link["aria-label"], link["href"]) for link in menu.one("ul", "lane-rows").all("a")]
    kept = "?kind=talks&lanes=actor"
    assert found == [
        ("Move Yermak down", f"{kept}&order=A1%2CA2%2CA3&fold=A1"),
        ("Fold Yermak", f"{kept}&order=A2&fold=A2&fold=A1"),
        ("Move Rubio up", f"{kept}&order=A1%2CA2%2CA3&fold=A1"),
        ("Move Rubio down", f"{kept}&order=A2%2CA3%2CA1&fold=A1"),
        ("Unfold Rubio", f"{kept}&order=A2"),
        ("Move Saudi Arabia up", f"{kept}&order=A2%2CA3%2CA1&fold=A1"),
        ("Fold Saudi Arabia", f"{kept}&order=A2&fold=A1&fold=A3"),
    ]
    assert menu.all("a")[-1]["href"] == kept


def test_the_choice_stays_in_every_address(member: Client) -> None:
    query = "lanes=kind&fold=statement&order=other%2Ctalks&links=all"
    page = parse(member.get(f"/d/jeddah/?{query}").content)
    for link in page.one("nav", "levels").all("a"):
        assert all(part in link["href"] for part in query.split("&"))
    hidden = [
        (field["name"], field["value"])
        for field in page.all("input")
        if field.get("type") == "hidden"
    ]
    assert ("lanes", "kind") in hidden
    assert ("fold", "statement") in hidden
    assert ("order", "other,talks") in hidden
    assert ("links", "all") in hidden


def test_a_header_folds_its_lane(member: Client) -> None:
    page = parse(member.get("/d/jeddah/?lanes=kind&fold=talks&fold=other").content)
    assert [
        (head["href"], head["aria-expanded"], head["aria-label"])
        for head in page.all("a", "lane-head")
    ] == [
        ("?lanes=kind&fold=other", "false", "Talks, 1 event"),
        ("?lanes=kind&fold=talks&fold=statement&fold=other", "true", "Statement, 1 event"),
        ("?lanes=kind&fold=talks&fold=decision&fold=other", "true", "Decision, 1 event"),
        ("?lanes=kind&fold=talks", "false", "Other, 1 event"),
    ]


def test_all_links_or_those_of_the_selected_event(
    member: Client, dossier: Dossier, ida: User
) -> None:
    one, two, three = (Event.objects.get(ref=ref) for ref in ("E1", "E2", "E4"))
    with history.recording(by=ida):
        make.LinkFactory(dossier=dossier, from_event=two, to_event=one, state="draft")
        make.LinkFactory(dossier=dossier, from_event=three, to_event=two, state="reviewed")

    def drawn(query: str) -> tuple[str, str, list[str]]:
        page = parse(member.get(f"/d/jeddah/{query}").content)
        toggle = page.one("a", "links-toggle")
        links = [g["class"] for g in page.all("g", "link")]
        return toggle.text, toggle["href"], links

    assert drawn("?selected=E1") == (
        "Links: those of the selected event are shown, show all",
        "?selected=E1&links=all",
        ["link link-responds-to is-suggested"],
    )
    assert drawn("?selected=E1&links=all") == (
        "Links: all are shown, show only those of the selected event",
        "?selected=E1",
        ["link link-responds-to is-quiet", "link link-responds-to is-suggested"],
    )


@pytest.mark.parametrize(("by", "more"), [("side", 0), ("kind", 1), ("actor", 2), ("issue", 3)])
def test_queries(
    member: Client,
    dossier: Dossier,
    ida: User,
    django_assert_num_queries: Callable,
    by: str,
    more: int,
) -> None:
    member.get("/d/jeddah/chart")
    with django_assert_num_queries(11 + more):
        member.get(f"/d/jeddah/chart?lanes={by}")

"""The timeline page: its list in words, its parts, who sees what, and what it costs."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from events import chronicle, counting, dates, history
from events.filters import EventFilter
from events.models import Dossier, Event, User
from events.roles import Viewer
from tests import factories as make
from tests.markup import Element, parse

pytestmark = pytest.mark.django_db

REGION = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "div#timeline"}


def event(dossier: Dossier, title: str, edtf: str = "2025-03-11", **more: Any) -> Event:
    made: Event = make.EventFactory.build(
        dossier=dossier, title=title, **{"state": "published"} | more
    )
    made.set_when(dates.from_edtf(edtf, zone=dossier.time_zone))
    made.save()
    return made


@pytest.fixture
def ida() -> User:
    user: User = make.UserFactory(username="ida")
    return user


@pytest.fixture
def dossier(ida: User) -> Dossier:
    """A day of talks with what went before and came after, and an answer that is awaited."""
    with history.recording(by=ida):
        dossier: Dossier = make.DossierFactory(slug="jeddah", title="Jeddah", visibility="public")
        make.MembershipFactory(dossier=dossier, user=ida, role="analyst")
        us = make.SideFactory(dossier=dossier, code="US", name="United States", order=1, slot=1)
        ua = make.SideFactory(dossier=dossier, code="UA", name="Ukraine", order=2, slot=2)
        rubio = make.ActorFactory(dossier=dossier, name="Marco Rubio", short_name="Rubio", side=us)
        yermak = make.ActorFactory(dossier=dossier, name="Yermak", side=ua)
        statement = event(dossier, "Joint statement", kind="statement")
        zakharova = event(dossier, "Contacts not ruled out", "2025-03-11~", state="draft")
        talks = event(dossier, "Talks in Jeddah", kind="talks")
        evening = event(dossier, "Evening call", "2025-03-11T18:30Z", kind="call")
        halted = event(dossier, "Aid halted", "../2025-03-10", kind="decision")
        later = event(dossier, "Leaders meet", "2025-03-15", kind="meeting", modality="planned")
        event(dossier, "Trump to call Putin", "", kind="call", modality="announced")
        for one, actor, role in (
            (talks, rubio, "delegate"),
            (talks, yermak, "delegate"),
            (statement, rubio, "speaker"),
            (halted, rubio, "initiator"),
        ):
            make.ParticipationFactory(dossier=dossier, event=one, actor=actor, role=role)

        def link(one: Event, other: Event, kind: str) -> None:
            make.LinkFactory(
                dossier=dossier, from_event=one, to_event=other, kind=kind, state="published"
            )

        link(statement, talks, "after")
        link(statement, talks, "follows_from")
        link(later, statement, "responds_to")
        link(zakharova, statement, "responds_to")
        text = make.SourceTextFactory(dossier=dossier, text="The sides agreed. Nobody disagreed.")
        for start, end, bearing in ((0, 17, "supports"), (18, 35, "disputes")):
            passage = make.PassageFactory(
                dossier=dossier, source_text=text, start=start, end=end, exact=text.text[start:end]
            )
            make.EvidenceFactory(dossier=dossier, event=statement, passage=passage, bearing=bearing)
        proposal = make.ProposalFactory(dossier=dossier, tabled_in=talks, state="published")
        make.ConsentFactory(dossier=dossier, proposal=proposal, actor=yermak)
        assert evening.kind == "call"
    return dossier


@pytest.fixture
def member(ida: User, dossier: Dossier) -> Client:
    client = Client()
    client.force_login(ida)
    return client


def listed(dossier: Dossier, user: Any, query: str = "") -> list[tuple[str, list[tuple]]]:
    """The list as it reads: day, then of each row what is written there."""
    wanted = EventFilter(QueryDict(query), Viewer.of(user, dossier))
    return [
        (
            day.title,
            [
                (
                    row.event.title,
                    row.when,
                    row.precision,
                    " ".join(side.code for side in row.sides),
                    row.quote or row.people,
                    f"{row.relation} {row.related_title}".strip(),
                    row.responses,
                    row.event.contested,
                    row.sources,
                )
                for row in day.rows
            ],
        )
        for day in chronicle.read(wanted).days
    ]


def test_the_list_in_words(dossier: Dossier, ida: User) -> None:
    assert listed(dossier, ida) == [
        (
            "Earlier, start not stated",
            [("Aid halted", "until 10 Mar", "", "US", "Rubio", "", "", False, 0)],
        ),
        (
            "Tuesday 11 March 2025",
            [
                (
                    "Talks in Jeddah",
                    "11 Mar",
                    "no hour stated",
                    "US UA",
                    "Rubio · Yermak",
                    "",
                    "1 response awaited",
                    False,
                    0,
                ),
                (
                    "Joint statement",
                    "11 Mar",
                    "after the talks",
                    "US",
                    "The sides agreed.",
                    "Follows from Talks in Jeddah",
                    "2 responses",
                    True,
                    1,
                ),
                ("Evening call", "11 Mar", "18:30 UTC", "", "", "", "", False, 0),
                (
                    "Contacts not ruled out",
                    "about 11 Mar",
                    "order unknown",
                    "",
                    "",
                    "Responds to Joint statement",
                    "",
                    False,
                    0,
                ),
            ],
        ),
        (
            "Saturday 15 March 2025",
            [
                (
                    "Leaders meet",
                    "15 Mar",
                    "planned",
                    "",
                    "",
                    "Responds to Joint statement",
                    "",
                    False,
                    0,
                )
            ],
        ),
        (
            "No date stated",
            [("Trump to call Putin", "No date", "announced", "", "", "", "", False, 0)],
        ),
    ]


def test_known_order_is_told_where_a_filter_hides_the_talks(dossier: Dossier, ida: User) -> None:
    (day,) = listed(dossier, ida, "kind=statement")
    assert [row[:3] for row in day[1]] == [("Joint statement", "11 Mar", "after the talks")]


def test_visitors_see_and_count_what_is_published(dossier: Dossier) -> None:
    page = parse(Client().get("/d/jeddah/").content)
    assert [row["data-ref"] for row in page.all("li", "row")] == [
        "E5",
        "E3",
        "E1",
        "E4",
        "E6",
        "E7",
    ]
    assert page.one(id="in-view").text == "5 of 6 events in view"
    assert (
        page.one(id="row-E1")
        .one("p", "row-links")
        .text.startswith("Follows from Talks in Jeddah 1 response")
    )
    assert "state" not in {box.get("name") for box in page.one(id="rail").all("input")}
    assert page.all("a", "new-event") == []
    assert [row.all("span", "state") for row in page.all("li", "row")] == [[]] * 6


def test_members_see_drafts_and_may_write(member: Client) -> None:
    page = parse(member.get("/d/jeddah/").content)
    assert [row["data-ref"] for row in page.all("li", "row")] == [
        "E5",
        "E3",
        "E1",
        "E4",
        "E2",
        "E6",
        "E7",
    ]
    assert page.one(id="in-view").text == "6 of 7 events in view"
    assert page.one("a", "new-event")["href"] == "/d/jeddah/events/new"
    assert page.one("p", "filters-head").one("span", "count").text == "7 of 7"


def test_a_private_dossier_is_not_there_for_others(dossier: Dossier, ida: User) -> None:
    with history.recording(by=ida):
        dossier.visibility = "private"
        dossier.save()
    for path in ("/d/jeddah/", "/d/jeddah/chart", "/d/jeddah/search?q=talks"):
        assert Client().get(path).status_code == 404


def test_the_same_address_answers_page_region_and_list(member: Client) -> None:
    whole = member.get("/d/jeddah/?kind=talks")
    region = member.get("/d/jeddah/?kind=talks", **REGION)
    rows = member.get("/d/jeddah/?kind=talks", **REGION | {"HTTP_HX_TARGET": "div#list"})
    assert "<!doctype html>" in whole.text
    assert region.text.strip().startswith('<div id="timeline"')
    assert "top-bar" not in region.text
    assert 'id="rail"' not in rows.text
    for answer in (whole, region, rows):
        assert re.findall(r'id="row-(E\d+)"', answer.text) == ["E3"]
        assert {"HX-Request", "HX-Target"} <= set(answer["Vary"].split(", "))


def test_boxes_and_links_keep_the_rest_of_the_address(member: Client) -> None:
    query = "from=2025-03-11&to=2025-03-12&selected=E1&side=US"
    page = parse(member.get(f"/d/jeddah/?{query}").content)
    hidden = page.one(id="rail").all("input", type="hidden")
    assert [(box.get("name"), box.get("value")) for box in hidden] == [
        ("from", "2025-03-11"),
        ("to", "2025-03-12"),
        ("selected", "E1"),
    ]
    assert [box["value"] for box in page.one(id="rail").all("input", checked="")] == ["US"]
    links = {link.text: link["href"] for link in page.one("nav", "levels").all("a")}
    assert links["Hours"] == "?from=2025-03-11&to=2025-03-12&selected=E1&side=US"
    assert links["Days"] == "?from=2025-03-08&to=2025-03-15&selected=E1&side=US"
    assert page.one("a", data_key="0")["href"] == "?selected=E1&side=US"


def test_the_selected_event_stands_in_the_drawer(member: Client) -> None:
    page = parse(member.get("/d/jeddah/?selected=E1").content)
    assert page.one("header", "drawer-head").one("span", "ref").text == "E1"
    assert [row["data-ref"] for row in page.all("li", "is-selected")] == ["E1"]
    assert [
        link["data-drawer"]
        for row in page.all("li", "row")
        for link in row.all("a", aria_current="true")
    ] == ["E1"]


@pytest.mark.parametrize("query", ["selected=E99", "selected=<b>", "after=E99&from=x", "q=%00"])
def test_addresses_that_do_not_fit_show_the_list(member: Client, query: str) -> None:
    page = parse(member.get(f"/d/jeddah/?{query}").content)
    assert len(page.all("li", "row")) == 7
    assert page.one(id="drawer").all() == []


def test_problems_are_told(member: Client) -> None:
    page = parse(member.get("/d/jeddah/?after=E99&from=2025-03-12&to=2025-03-11").content)
    assert [one.text for one in page.one(id="list").all("p", "banner")] == [
        "The window ends before it starts; all dates are shown.",
        "There is no event E99; the list starts at its beginning.",
    ]


def empty_words(page: Element) -> list[str]:
    return [one.text for one in page.one("div", "empty").all() if one.tag in ("h3", "p", "a")]


def test_when_filters_hide_all_the_nearest_match_is_offered(member: Client) -> None:
    page = parse(member.get("/d/jeddah/?side=US&kind=meeting").content)
    assert empty_words(page) == [
        "No events match 2 filters",
        "7 events are hidden. The nearest match is without ‘Meeting’.",
        "Remove ‘Meeting’",
        "Clear all",
    ]
    # The window stays where the events are.
    assert page.one(id="chart")["data-from"].startswith("2025-03-")


def test_before_the_first_event(ida: User) -> None:
    with history.recording(by=ida):
        bare = make.DossierFactory(slug="bare", visibility="public")
        make.MembershipFactory(dossier=bare, user=ida, role="analyst")
    client = Client()
    client.force_login(ida)
    assert empty_words(parse(client.get("/d/bare/").content)) == [
        "No events yet",
        "Add a source and mark events in its text, or write the first event.",
        "Add a source",
        "New event N",
    ]
    assert empty_words(parse(Client().get("/d/bare/").content)) == [
        "No events to read yet",
        "What is published in this dossier will stand here.",
    ]


# --- The chart alone


def test_chart_alone_is_answered_once(member: Client, ida: User, dossier: Dossier) -> None:
    first = member.get("/d/jeddah/chart?width=903&kind=talks")
    assert first.text.strip().startswith('<div class="chart-region"')
    assert 'width="896"' in first.text
    assert first["Cache-Control"] == "private, no-cache"
    again = member.get("/d/jeddah/chart?width=900&kind=talks", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db(transaction=True)
def test_a_change_makes_a_new_chart(member: Client, ida: User, dossier: Dossier) -> None:
    tag = member.get("/d/jeddah/chart")["ETag"]
    with history.recording(by=ida):
        event(dossier, "One more")
    answer = member.get("/d/jeddah/chart", HTTP_IF_NONE_MATCH=tag)
    assert "One more" in answer.text
    assert answer["ETag"] != tag
    assert Client().get("/d/jeddah/chart")["ETag"] != answer["ETag"]


@pytest.mark.parametrize(("width", "drawn"), [("x", 1440), ("-5", 280), ("99999", 4000)])
def test_any_width_is_answered(member: Client, width: str, drawn: int) -> None:
    page = parse(member.get(f"/d/jeddah/chart?width={width}").content)
    assert page.one("svg", "chart-lanes")["width"] == str(drawn)


def test_the_page_takes_the_width_the_browser_last_had(member: Client) -> None:
    member.cookies["chart_width"] = "1032"
    page = parse(member.get("/d/jeddah/").content)
    assert page.one("svg", "chart-lanes")["width"] == "1032"


# --- Pages of the list


def refs(answer: Any) -> list[str]:
    return re.findall(r'id="row-(E\d+)"', answer.text)


def test_long_lists_go_on_by_key(
    member: Client, ida: User, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronicle, "PAGE", 3)
    with history.recording(by=ida):
        for _ in range(2):
            event(dossier, "Undated", "")
    whole = ["E5", "E3", "E1", "E4", "E2", "E6", "E7", "E8", "E9"]
    seen: list[str] = []
    url = "/d/jeddah/"
    for _ in range(9):
        answer = member.get(url)
        seen += refs(answer)
        following = parse(answer.content).all("a", rel="next")
        if not following:
            break
        url = f"/d/jeddah/{following[0]['href']}"
    assert sorted(seen) == sorted(whole)
    assert len(seen) == len(whole)


def test_a_page_does_not_tear_a_day(
    member: Client, ida: User, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronicle, "PAGE", 5)
    first = member.get("/d/jeddah/?kind=talks&kind=statement&kind=call&kind=meeting")
    assert refs(first) == ["E3", "E1", "E4", "E6", "E7"]
    monkeypatch.setattr(chronicle, "PAGE", 4)
    first = member.get("/d/jeddah/")
    assert refs(first) == ["E5", "E2"]  # "about 11 March" may have been the day before
    second = member.get("/d/jeddah/?after=E2")
    assert refs(second) == ["E3", "E1", "E4", "E6"]
    assert parse(second.content).one("a", rel="next")["href"] == "?after=E6"


# --- Cost

MEMBER_QUERIES = 19
VISITOR_QUERIES = 18


def test_queries_do_not_grow(
    member: Client, ida: User, dossier: Dossier, django_assert_num_queries: Callable
) -> None:
    with history.recording(by=ida):
        talks = Event.objects.get(ref="E3")
        for number in range(30):
            one = event(dossier, f"Response {number}")
            make.LinkFactory(dossier=dossier, from_event=one, to_event=talks, state="published")
            make.EvidenceFactory(dossier=dossier, event=one)
            make.ParticipationFactory(dossier=dossier, event=one)
    with django_assert_num_queries(MEMBER_QUERIES):
        member.get("/d/jeddah/")
    with django_assert_num_queries(VISITOR_QUERIES):
        Client().get("/d/jeddah/")
    with django_assert_num_queries(11):
        member.get("/d/jeddah/chart?selected=E3")


def test_what_is_not_counted_is_said_to_be_more(
    member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SMALL", 0)
    monkeypatch.setattr(counting, "MOST", 1)
    page = member.get("/d/jeddah/?q=call").content.decode()
    assert '<strong>Filters</strong> <span class="count">1+ of 7</span>' in page


def test_queries_of_a_small_dossier(member: Client, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(MEMBER_QUERIES):
        member.get("/d/jeddah/")
    with django_assert_num_queries(VISITOR_QUERIES):
        Client().get("/d/jeddah/")


def test_words_a_date_was_worked_out_from_stand_beneath_it(dossier: Dossier, ida: User) -> None:
    talks = Event.objects.get(dossier=dossier, title="Talks in Jeddah")
    with history.recording(by=ida):
        for title, text, known in (
            ("Earlier words", "before the talks", [talks]),
            ("Leaders convene", "this Saturday", []),
        ):
            event = make.EventFactory(dossier=dossier, title=title)
            reading = dates.read(
                text,
                anchor=datetime.date(2025, 3, 11),
                known=lambda _, known=known: [
                    dates.KnownEvent(e.ref, e.title, e.when_edtf, e.earliest, e.latest)
                    for e in known
                ],
            )
            event.set_when(reading, anchor_event=talks if known else None)
            event.save()
    rows = [row[:3] for _, rows in listed(dossier, ida) for row in rows]
    assert ("Earlier words", "by 11 Mar", "before the talks") in rows
    assert ("Leaders convene", "15 Mar", "this Saturday") in rows


def test_a_date_under_no_day_says_its_year_where_years_differ(dossier: Dossier, ida: User) -> None:
    with history.recording(by=ida):
        event = make.EventFactory(dossier=dossier, title="Long before")
        event.set_when(dates.read("before 13 June 2018"))
        event.save()
    rows = [row[:2] for _, rows in listed(dossier, ida) for row in rows]
    assert ("Long before", "before 13 Jun 2018") in rows

"""The filter of a timeline: what it lets through, what it counts, which addresses it writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from events import dates, history
from events.filters import EventFilter, SearchForm
from events.models import Dossier, User
from events.roles import Viewer
from events.timeline import Window
from tests import factories as make

DAY = 86_400
WHOLE = Window(0, 30 * DAY)


@pytest.fixture
def dossier(db: None) -> Dossier:
    """Five events: two of US, one of both, one of no side, one draft without a date."""
    with history.recording(by=make.UserFactory(username="ida")):
        dossier = make.DossierFactory(slug="jeddah", visibility="public")
        us = make.SideFactory(dossier=dossier, code="US", name="United States", order=1)
        ua = make.SideFactory(dossier=dossier, code="UA", name="Ukraine", order=2)
        rubio = make.ActorFactory(dossier=dossier, name="Rubio", side=us)
        yermak = make.ActorFactory(dossier=dossier, name="Yermak", side=ua)

        def event(title: str, edtf: str = "2025-03-11", **more: Any) -> Any:
            made = make.EventFactory.build(
                dossier=dossier, title=title, **{"state": "published"} | more
            )
            made.set_when(dates.from_edtf(edtf))
            made.save()
            return made

        talks = event("Talks in Jeddah", kind="talks")
        said = event("Aid could resume", kind="statement", edtf="2025-03-10")
        event("Storm", edtf="2025-03-12")
        decided = event("Aid resumed", kind="decision", edtf="2025-03-11T18:00Z")
        call = event("Trump to call Putin", "", kind="call", modality="planned", state="draft")
        for one, actor, role in (
            (talks, rubio, "delegate"),
            (talks, yermak, "delegate"),
            (said, rubio, "speaker"),
            (said, yermak, "addressee"),  # spoken to, so not of Ukraine's lane
            (decided, yermak, "target"),  # nobody acted: then whom it touched
            (call, rubio, "initiator"),
        ):
            make.ParticipationFactory(dossier=dossier, event=one, actor=actor, role=role)
        for bearing in ("supports", "disputes"):
            make.EvidenceFactory(dossier=dossier, event=decided, bearing=bearing)
        make.EventFactory(title="Elsewhere", state="published")
    return dossier


@pytest.fixture
def member(dossier: Dossier) -> Viewer:
    user = User.objects.get(username="ida")
    with history.recording(by=user):
        make.MembershipFactory(dossier=dossier, user=user)
    return Viewer.of(user, dossier)


@pytest.fixture
def visitor(dossier: Dossier) -> Viewer:
    return Viewer.of(AnonymousUser(), dossier)


def titles(wanted: EventFilter) -> list[str]:
    return list(wanted.events().order_by("id").values_list("title", flat=True))


def counts(wanted: EventFilter) -> dict[str, int]:
    return {
        f"{option.name}={option.value}": option.count
        for group in wanted.groups
        for option in group.options
    }


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("", "E1 E2 E3 E4 E5"),
        ("side=US", "E1 E2 E5"),
        ("side=UA", "E1 E4"),
        ("side=US&side=UA", "E1 E2 E4 E5"),
        ("side=none", "E3"),
        ("side=UA&side=none", "E1 E3 E4"),
        ("kind=talks&kind=call", "E1 E5"),
        ("kind=talks&side=UA", "E1"),
        ("modality=planned", "E5"),
        ("state=draft", "E5"),
        ("contested=1", "E4"),
        ("undated=1", "E5"),
        ("q=aid", "E2 E4"),
        ("q=aid -could", "E4"),
        ("from=2025-03-11", "E1 E3 E4 E5"),
        ("to=2025-03-11", "E2 E5"),
        ("from=2025-03-11&to=2025-03-12", "E1 E4 E5"),
        ("from=2025-03-11T19:00Z&to=2025-03-11T20:00Z", "E1 E5"),
        ("from=2025-03&to=2025-03", "E1 E2 E3 E4 E5"),  # EDTF: a whole month
    ],
)
def test_rows_and_counts_agree(member: Viewer, query: str, refs: str) -> None:
    wanted = EventFilter(QueryDict(query), member)
    found = list(wanted.events().order_by("id").values_list("ref", flat=True))
    assert " ".join(found) == refs
    assert wanted.listed == len(found)
    assert wanted.total == 5


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("side=XX&kind=nonsense&modality=&state=gone", []),
        ("level=parsecs&contested=perhaps", []),
        ("from=2025-13-77", ["'2025-13-77'"]),
        ("from=2025-03-12&to=2025-03-11", ["The window ends before it starts"]),
        ("from=" + "9" * 300, ["200 characters"]),
        ("q=" + "a" * 300, ["200 characters"]),
        ("selected=%00&after=%00&q=%00", ["Null characters"]),
        ("q=''\\:*%26|!()", []),
    ],
)
def test_what_cannot_be_read_is_left_out(member: Viewer, query: str, problems: list[str]) -> None:
    wanted = EventFilter(QueryDict(query), member)
    assert wanted.window(WHOLE) == WHOLE
    for problem, message in zip(problems, wanted.messages[:1], strict=True):
        assert problem in message
    assert bool(wanted.messages) == bool(problems)
    list(wanted.events())
    assert wanted.groups


def test_counts_leave_out_their_own_question(member: Viewer) -> None:
    assert counts(EventFilter(QueryDict("side=UA"), member)) == {
        "side=US": 3,
        "side=UA": 2,
        "side=none": 1,
        "kind=talks": 1,
        "kind=statement": 0,
        "kind=call": 0,
        "kind=decision": 1,
        "kind=other": 0,
        "modality=occurred": 2,
        "modality=planned": 0,
        "state=draft": 0,
        "state=published": 2,
        "contested=1": 1,
        "undated=1": 0,
    }


def test_counts_are_those_of_the_window(member: Viewer) -> None:
    wanted = EventFilter(QueryDict("from=2025-03-12&to=2025-03-13"), member)
    assert {key: n for key, n in counts(wanted).items() if n} == {
        "side=US": 1,
        "side=none": 1,
        "kind=call": 1,
        "kind=other": 1,
        "modality=occurred": 1,
        "modality=planned": 1,
        "state=draft": 1,
        "state=published": 1,
        "undated=1": 1,
    }


def test_visitors_count_what_is_published(visitor: Viewer) -> None:
    wanted = EventFilter(QueryDict("state=draft"), visitor)
    assert titles(wanted) == ["Talks in Jeddah", "Aid could resume", "Storm", "Aid resumed"]
    assert counts(wanted) == {
        "side=US": 2,
        "side=UA": 2,
        "side=none": 1,
        "kind=talks": 1,
        "kind=statement": 1,
        "kind=decision": 1,
        "kind=other": 1,
        "modality=occurred": 4,
        "contested=1": 1,
    }


def test_few_queries(member: Viewer, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(3):  # how large it is, the sides, and every count at once
        wanted = EventFilter(QueryDict("side=US&q=aid&from=2025-03-10"), member)
        assert (wanted.total, wanted.matching, wanted.listed, wanted.undated) == (5, 1, 1, 0)
        assert wanted.groups
        assert wanted.active
        assert wanted.nearest


def test_addresses(member: Viewer) -> None:
    query = "side=US&q=aid&from=2025-03-10&after=E3&selected=E1&width=800"
    wanted = EventFilter(QueryDict(query), member)
    assert wanted.url() == "?side=US&q=aid&from=2025-03-10&selected=E1"
    assert wanted.url(side=["US", "UA"], q=None) == ("?side=US&side=UA&from=2025-03-10&selected=E1")
    assert wanted.cleared == "?from=2025-03-10&selected=E1"
    assert wanted.page_url("E9") == "?side=US&q=aid&from=2025-03-10&selected=E1&after=E9"
    assert wanted.window_url(Window(0, DAY)) == (
        "?side=US&q=aid&from=1970-01-01&selected=E1&to=1970-01-02"
    )
    assert EventFilter(QueryDict(), member).page_url("E9") == "?after=E9"
    assert wanted.hidden_fields == [("from", "2025-03-10"), ("selected", "E1")]


def test_options_toggle_their_value(member: Viewer) -> None:
    wanted = EventFilter(QueryDict("side=US&kind=talks"), member)
    (sides,) = (group for group in wanted.groups if group.name == "side")
    assert [(one.value, one.checked, one.url) for one in sides.options] == [
        ("US", True, "?kind=talks"),
        ("UA", False, "?side=US&side=UA&kind=talks"),
        ("none", False, "?side=US&side=none&kind=talks"),
    ]


def test_filters_in_force_and_the_nearest_match(member: Viewer) -> None:
    wanted = EventFilter(QueryDict("side=UA&kind=statement&q=aid"), member)
    assert [(one.label, one.url, one.without) for one in wanted.active] == [
        ("Ukraine", "?kind=statement&q=aid", 1),
        ("Statement", "?side=UA&q=aid", 1),
        ("aid", "?side=UA&kind=statement", 0),
    ]
    assert wanted.nearest == wanted.active[0]
    assert EventFilter(QueryDict(), member).nearest is None


@pytest.mark.parametrize(
    ("query", "window"),
    [
        ("", WHOLE),
        ("from=1970-01-02&to=1970-01-05", Window(DAY, 4 * DAY)),
        ("from=1970-01-02", Window(DAY, 30 * DAY)),
        ("to=1970-01-05", Window(0, 4 * DAY)),
        ("from=1970-03-01", Window(59 * DAY, 60 * DAY)),  # beyond all events: one day
        ("from=1970-01-02T00:00Z&to=1970-01-02T00:05Z", Window(DAY, DAY + 6 * 3600)),
        ("level=hours", Window(15 * DAY - DAY // 2, 15 * DAY + DAY // 2)),
        ("level=weeks", WHOLE),
    ],
)
def test_window(member: Viewer, query: str, window: Window) -> None:
    assert EventFilter(QueryDict(query), member).window(WHOLE) == window


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", ("", "", False)),
        ("q=tango&kind=event&order=relevant", ("tango", "event", True)),
        ("q=tango&kind=spaceship&order=sideways", ("tango", "", False)),
        ("q=" + "ab " * 100, (("ab " * 100)[:200].strip(), "", False)),
        ("q=a%00b", ("ab", "", False)),
    ],
)
def test_search_form(query: str, asked: tuple[str, str, bool]) -> None:
    words, kind, relevant = SearchForm(QueryDict(query)).asked
    assert (words.strip(), kind, relevant) == asked

"""The page of results and the panel under the search field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from events import history
from events.models import Dossier, Event
from tests import factories as make
from tests.markup import Element, parse

pytestmark = pytest.mark.django_db

PANEL = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "div#search-panel"}


@pytest.fixture
def dossier() -> Dossier:
    with history.recording(by=make.UserFactory()):
        dossier: Dossier = make.DossierFactory(slug="jeddah", visibility="public")
        for number in range(4):
            make.EventFactory(
                dossier=dossier, title=f"Tango & cash {number}", state="published", kind="call"
            )
        make.EventFactory(dossier=dossier, title="A tango in draft")
        ann = make.ActorFactory(dossier=dossier, name="Ann Tango")
        named = Event.objects.filter(state="published").first()
        make.ParticipationFactory(dossier=dossier, event=named, actor=ann)
    return dossier


def page(query: str, **headers: str) -> Element:
    return parse(Client().get(f"/d/jeddah/search?{query}", **headers).content)


def test_results_by_kind(dossier: Dossier) -> None:
    found = page("q=tang")
    assert found.one("input", id="search-words")["value"] == "tang"
    assert {
        group.one("h2").text: [row.text for row in group.all("li", "row")]
        for group in found.all("section", "hits")
    } == {
        "Events 4": [f"Tango & cash {n}E{n + 1}" for n in (3, 2, 1, 0)],
        "Actors 1": ["Ann TangoA1"],
    }
    assert [mark.text for mark in found.all("mark")] == ["Tango"] * 5
    assert found.all("section", "hits")[0].all("a")[0]["href"] == "/d/jeddah/events/E4/"


def test_panel_shows_three_of_a_kind_and_the_way_to_all(dossier: Dossier) -> None:
    panel = page("q=tang", **PANEL)
    assert panel.all("html") == []
    links = [(link.one("span", "hit-title").text, link["href"]) for link in panel.all("a")]
    assert [text for text, _ in links[:3]] != []
    assert links[3:] == [
        ("Ann Tango", "/d/jeddah/actors/A1/"),
        ("All 5 for ‘tang’", "?q=tang"),
    ]


@pytest.mark.parametrize("headers", [{}, PANEL], ids=["page", "panel"])
def test_nothing_found(dossier: Dossier, headers: dict[str, str]) -> None:
    text = page("q=%3Cb%3Exyzzy", **headers).text
    assert "Nothing found" in text
    assert "‘<b>xyzzy’" in text


def test_nothing_asked(dossier: Dossier) -> None:
    box = page("").one("div", "empty")
    assert box.one("h3").text == "What are you looking for?"


def test_cost(dossier: Dossier, django_assert_num_queries: Callable) -> None:
    # The dossier, the events found, other records found and how, what is shown.
    with django_assert_num_queries(6):
        page("q=tang")

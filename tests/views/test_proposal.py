"""The pages of proposals and their parts: answers, terms, proposers, what depends on them."""

from __future__ import annotations

import datetime as dt

import pytest

from events import history
from events.models import Consent, Proposal, Term
from events.roles import Viewer
from tests.markup import Element, parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db


def panels(page: Element) -> dict[str, list[str]]:
    """Heading of each panel with the text of its items."""
    return {p.one("h2").text: [i.text for i in p.all("li")] for p in page.all("section", "panel")}


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are asked for on the fourth day after 11 March 2025, when the offer was tabled."""
    asked = dt.datetime(2025, 3, 15, 12, tzinfo=dt.UTC)
    monkeypatch.setattr(Viewer, "now", int(asked.timestamp()))


def test_list_names_proposers_and_answers() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/proposals/").content)
    assert page.one("li", "row").text == (
        "30-day ceasefire PR1 Proposed by USUnited States US. Tabled 11 Mar 2025."
        " Ukraine Conditional Russia Awaited 4 days Published"
    )


def test_page_has_answers_terms_and_what_depends_on_them() -> None:
    room = Negotiation()
    page = parse(room.client("reader").get("/d/room/proposals/PR1/").content)
    assert page.one("p", "awaited").text == "Answer awaited from Russia, 4 days"
    assert panels(page) == {
        "Consent needed 2": [
            "UAUkraine Ukraine 11 Mar 2025 Conditional Asked: Agree to it"
            " Condition: Russia does the same"
            " ‘Ukraine agreed to a ceasefire of 30 days’",
            "Russia no answer recorded Awaited 4 days Asked: Agree to it",
        ],
        "Terms 1": ["1 Ceasefire of 30 days"],
        "What depends on the answer 1": [
            "Pending USUnited States US: Resume military aid to Ukraine Russia accepts"
        ],
        "Proposed by 1": ["USUnited States United States"],
        "Evidence 0": [],
        "Notes 0 open": [],
    }
    assert page.one("p", "link-kind").text == "If Russia accepts"
    assert page.one("div", id="PR1-duration").one("div", "field-value").text == "30 days"


def test_answer_that_carries_no_for_or_against_is_none() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.made("Position", actor=room.russia, issue=room.issue, stance="none")
    page = parse(room.client("reader").get("/d/room/proposals/PR1/").content)
    assert page.one("p", "awaited").text.startswith("Answer awaited from Russia")


def test_latest_answer_of_a_day_is_the_one_that_came_after_the_others() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for stance, title in (("opposes", "Evening"), ("supports", "Morning")):
            event = room.event_on("12 March 2025", title)
            room.made("Position", actor=room.russia, issue=room.issue, event=event, stance=stance)
        evening, morning = room.dossier.event_set.filter(title__in=["Evening", "Morning"])
        room.made("Link", from_event=evening, to_event=morning, kind="after", state="published")
    page = parse(room.client("reader").get("/d/room/proposals/PR1/").content)
    (of_russia,) = (text for text in panels(page)["Consent needed 2"] if "Russia 12" in text)
    assert of_russia == "Russia 12 Mar 2025 Opposes Asked: Agree to it"


def test_nothing_is_awaited_of_an_offer_only_announced() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.proposal.tabled_in = None
        room.proposal.save()
    page = parse(room.client("reader").get("/d/room/proposals/PR1/").content)
    assert page.all("p", "awaited") == []
    assert panels(page)["Consent needed 2"][1] == (
        "Russia nothing tabled yet – None recorded Asked: Agree to it"
    )


def test_public_learns_nothing_from_drafts() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        room.talks.withdraw()
        room.answer.withdraw()
        room.commitment.withdraw()
    page = parse(room.client("").get("/d/room/proposals/PR1/").content)
    found = panels(page)
    assert found["Consent needed 2"] == [
        "UAUkraine Ukraine nothing tabled yet – None recorded Asked: Agree to it",
        "Russia nothing tabled yet – None recorded Asked: Agree to it",
    ]
    assert found["What depends on the answer 0"] == []
    assert "Talks in Jeddah" not in page.one("main").text


@pytest.mark.django_db(transaction=True)
def test_parts_are_added_and_lead_back_to_the_proposal() -> None:
    room = Negotiation()
    client = room.client("analyst")
    page = parse(client.get("/d/room/proposals/PR1/").content)
    ways = [a["href"] for a in page.all("a") if "proposal=PR1" in a.get("href")]
    assert [way.partition("?")[0] for way in ways] == [
        "/d/room/consents/new",
        "/d/room/terms/new",
        "/d/room/commitments/new",
        "/d/room/proposers/new",
    ]
    sent = {"proposal": "PR1", "text": "Can be extended by mutual consent"}
    answer = client.post("/d/room/terms/new", sent)
    assert answer["Location"] == "/d/room/proposals/PR1/"
    assert [(t.number, t.text) for t in Term.objects.filter(proposal=room.proposal)] == [
        (1, "Ceasefire of 30 days"),
        (2, "Can be extended by mutual consent"),
    ]
    answer = client.post("/d/room/terms/new", sent | {"number": 2, "text": "Another"})
    page = parse(answer.content)
    assert answer.status_code == 422
    refusal = "Term with this Proposal and Number already exists."
    assert refusal in page.one("section", "error-summary").text
    assert page.one("textarea", id="id_text").text == "Another"
    answer = client.post("/d/room/consents/CN2/deletion", {"version": 1})
    assert answer["Location"] == "/d/room/proposals/PR1/"
    assert [consent.actor for consent in Consent.objects.all()] == [room.ukraine]


@pytest.mark.django_db(transaction=True)
def test_length_of_time_is_read_in_words() -> None:
    room = Negotiation()
    client = room.client("analyst")
    answer = client.post("/d/room/proposals/new", {"issue": "I1", "duration": "a while"})
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("ul", id="id_duration_error").text == (
        "'a while' is not a length of time. '30 days' or 'P30D' would work."
    )
    client.post("/d/room/proposals/new", {"issue": "I1", "duration": "two weeks"})
    made = Proposal.objects.get(issue=room.war)
    assert (made.duration, made.expires_basis, made.state) == ("P2W", "", "draft")


def test_issue_has_one_proposal() -> None:
    room = Negotiation()
    answer = room.client("analyst").post("/d/room/proposals/new", {"issue": "I2"})
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("ul", id="id_issue_error").text == "Proposal with this Issue already exists."


def test_versions_are_compared_term_by_term() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        first = room.proposal.terms.get()
        first.subject = "Length"
        first.save()
        issue = room.made("Issue", name="Ceasefire of 60 days")
        later = room.made(
            "Proposal",
            issue=issue,
            earlier=room.proposal,
            relation="amends",
            ended_in=room.statement,
            ending="withdrawn",
        )
        room.made("Term", proposal=later, number=1, subject="length", text="Ceasefire of 60 days")
        room.made("Term", proposal=later, number=2, text="Can be extended")
    page = parse(room.client("reader").get("/d/room/proposals/PR2/versions").content)
    assert [one.text for one in page.one("ol", "family").all("li")] == [
        "PR1 30-day ceasefire Open Published Put forward 11 Mar 2025 E1. Compared below.",
        "PR2 Ceasefire of 60 days Withdrawn Draft Amends PR1. Not recorded as put forward."
        " Withdrawn 12 Mar 2025 E2.",
    ]
    assert [row.text for row in page.one("table", "comparison").all("tr")] == [
        "Subject30-day ceasefire PR1Ceasefire of 60 days PR2",
        "lengthWords differ Ceasefire of removed: 30 (end) days Ceasefire of added: 60 (end) days",
        "No subject statedOnly in PR2 – Nothing said Can be extended",
    ]
    card = parse(room.client("reader").get("/d/room/proposals/PR1/").content)
    assert "Versions and rivals, term by term" in card.one("div", "lead").text
    # Of a later version that is a draft the public learns nothing.
    page = parse(room.client("").get("/d/room/proposals/PR1/versions?with=PR2").content)
    assert [one.text for one in page.one("ol", "family").all("li")] == [
        "PR1 30-day ceasefire Open Put forward 11 Mar 2025 E1."
    ]
    assert page.all("table") == []

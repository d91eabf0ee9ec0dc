"""On the table: what a card says of a proposal, to whom, at what cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import dates, history
from events.models import Proposal
from events.roles import Viewer
from tests.markup import Element, parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db

PAGE = "/d/room/table/"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are asked for on 12 March 2025, a day after the offer was tabled."""
    asked = dt.datetime(2025, 3, 12, 9, 40, tzinfo=dt.UTC)
    monkeypatch.setattr(Viewer, "now", int(asked.timestamp()))


def cards(room: Negotiation, role: str = "reader", query: str = "") -> list[Element]:
    page = parse(room.client(role).get(f"{PAGE}?{query}").content)
    return page.all("article", "proposal")


def parts(card: Element) -> list[str]:
    """The head of a card, its track or stances, and its other parts, in words."""
    return [part.text for part in card.parts if isinstance(part, Element)]


def test_card_has_track_terms_clock_and_tree() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        term = room.proposal.terms.get()
        room.made("Evidence", passage=room.agreed, event=None, term=term)
        consent = room.proposal.consents.get(actor=room.russia)
        room.made("Evidence", passage=room.ball, event=None, consent=consent, speaker=room.rubio)
        room.made(
            "Commitment",
            debtor=room.ukraine,
            action="Return the aid",
            firmness="signal",
            depends_on_commitment=room.commitment,
        )
    (card,) = cards(room)
    assert parts(card) == [
        "PR1 30-day ceasefire Published Proposed by USUnited States United States in Jeddah,"
        " 11 Mar 2025 E1 Talks in Jeddah.",
        "Consent needed Answer awaited from Russia, 1 day"
        " USUnited States US Proposes, 11 Mar 2025"
        " UAUkraine Ukraine Accepts on a condition, 11 Mar 2025 If: Russia does the same"
        " Russia No answer recorded"
        " Said to be in Russia’s court by Rubio ‘The ball is now in their court’",
        "Terms 1 Ceasefire of 30 days S1 ¶3"
        " Clock 30 days Not started. If it began today it would end on Fri 11 April 2025"
        " (computed). No expiry of the offer itself is stated."
        " What depends on the answer If Russia accepts"
        " USUnited States Resume military aid Pending"
        " UAUkraine Return the aid Signal"
        " If Russia does not accept No consequence recorded in the sources",
    ]
    place = card.one("ol", "term-rows").one("a")
    assert place["href"] == f"/d/room/sources/S1/#{room.agreed.ref}"
    assert [one.text for one in card.all("li", "is-awaited")] == ["Russia No answer recorded"]


def test_who_may_edit_can_add_a_consequence() -> None:
    room = Negotiation()
    (card,) = cards(room, "analyst")
    (link,) = [a for a in card.all("a") if "commitments/new" in a["href"]]
    assert link["href"] == (
        "/d/room/commitments/new?depends_on_proposal=PR1&depends_on_answer=not_accepted"
        "&depends_on_actor=A4&issue=I2"
    )
    assert link.text == "Add a commitment: If Russia does not accept"
    assert not [a for a in cards(room)[0].all("a") if "/new" in a["href"]]


def test_offer_only_announced_awaits_nobody() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.proposal.announced_in, room.proposal.tabled_in = room.statement, None
        room.proposal.save()
        room.made("Participation", event=room.statement, actor=room.rubio, role="speaker")
    (card,) = cards(room)
    head, stances, *_ = parts(card)
    assert head == (
        "PR1 30-day ceasefire Draft Not confirmed as offered"
        " Announced for USUnited States United States by Rubio, 12 Mar 2025"
        " E2 Rubio to the press, not confirmed as offered."
    )
    assert stances == (
        "UAUkraine Ukraine Conditional ‘Ukraine agreed to a ceasefire of 30 days’ 11 Mar 2025"
        " Russia – None recorded"
        " USUnited States Rubio Opposes ‘The ball is now in their court’ 12 Mar 2025"
    )
    assert card.all("p", "awaited") == []


def test_public_learns_nothing_from_drafts() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        room.talks.withdraw()
        room.answer.withdraw()
        room.commitment.withdraw()
    (card,) = cards(room, "")
    assert parts(card) == [
        "PR1 30-day ceasefire No offer recorded Raised for USUnited States United States."
        " No offer is recorded.",
        "UAUkraine Ukraine – None recorded Russia – None recorded",
        "Terms 1 Ceasefire of 30 days Clock 30 days Not started."
        " If it began today it would end on Fri 11 April 2025 (computed)."
        " No expiry of the offer itself is stated."
        " What depends on the answer No consequence recorded in the sources.",
    ]


def test_contested_commitment_shows_the_passages_each_way() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for passage, bearing in ((room.agreed, "supports"), (room.ball, "disputes")):
            room.made(
                "Evidence",
                passage=passage,
                event=None,
                commitment=room.commitment,
                bearing=bearing,
            )
    (card,) = cards(room)
    leaf = card.one("span", "leaf")
    assert leaf.text == (
        "USUnited States Resume military aid Pending Contested S1 ¶3 Disputed: S1 ¶2"
    )
    places = [a["href"] for a in leaf.all("a", "sources")]
    assert places == [
        f"/d/room/sources/S1/#{room.agreed.ref}",
        f"/d/room/sources/S1/#{room.ball.ref}",
    ]


def test_conflict_of_which_a_visitor_sees_one_side_is_not_named() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        for passage, bearing in ((room.agreed, "supports"), (room.ball, "disputes")):
            room.made(
                "Evidence",
                passage=passage,
                event=None,
                commitment=room.commitment,
                bearing=bearing,
            )
        conflict = room.made("Conflict", title="Aid or no aid")
        room.made("ConflictMember", conflict=conflict, event=None, commitment=room.commitment)
        room.made("ConflictMember", conflict=conflict, event=None, position=room.said)

    def conflicts(role: str) -> list[str]:
        (card,) = cards(room, role)
        links = [link["href"] for link in card.one("span", "leaf").all("a")]
        return [href for href in links if "/conflicts/" in href]

    assert (conflicts("reader"), conflicts("")) == ([f"/d/room/conflicts/{conflict.ref}/"], [])


def test_three_lists_and_two_orders() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        later = room.event_on("12 March 2025", "More talks")
        for name, values in {
            "Agreed offer": {"ended_in": later, "ending": "agreed"},
            "Refused offer": {"ended_in": later, "ending": "rejected"},
            "Offer that ran out": {"expires": "11 March 2025"},
            "Newer offer": {},
        }.items():
            expires = values.pop("expires", "")
            one = Proposal(
                dossier=room.dossier,
                issue=room.made("Issue", name=name),
                tabled_in=later,
                **values,
            )
            if expires:
                Proposal.expires.set(one, dates.read(expires))
            one.save()

    def names(query: str) -> list[str]:
        return [card.one("h2").text for card in cards(room, "reader", query)]

    assert names("") == ["30-day ceasefire", "Newer offer"]
    assert names("order=newest") == ["Newer offer", "30-day ceasefire"]
    assert names("show=agreed") == ["Agreed offer"]
    assert names("show=lapsed") == ["Refused offer", "Offer that ran out"]
    assert names("show=nonsense&order=7&after=%00") == ["30-day ceasefire", "Newer offer"]
    page = parse(room.client("reader").get(f"{PAGE}?show=lapsed").content)
    bar = page.one("nav", "segmented")
    assert [(a.text, a.get("aria-current")) for a in bar.all("a")] == [
        ("Open 2", ""),
        ("Agreed 1", ""),
        ("Lapsed 2", "true"),
    ]
    said = [card.one("span", "end").text for card in page.all("article", "proposal")]
    assert said == ["Rejected", "Lapsed: its time ran out"]


def test_pages_of_twenty() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for number in range(40):
            room.made("Proposal", issue=room.made("Issue", name=f"Offer {number}"))
    names: list[str] = []
    address = PAGE
    while address:
        page = parse(room.client("reader").get(address).content)
        some = [card.one("h2").text for card in page.all("article", "proposal")]
        assert len(some) <= 20
        names += some
        further = [a for a in page.all("a") if a.get("rel") == "next"]
        address = PAGE + further[0]["href"] if further else ""
    assert names == ["30-day ceasefire", *(f"Offer {number}" for number in range(40))]


def test_costs_the_same_however_many_there_are() -> None:
    room = Negotiation()
    client = room.client("reader")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    before = cost()
    with history.recording(by=room.people["owner"]):
        for number in range(6):
            one = room.made(
                "Proposal", issue=room.made("Issue", name=f"Offer {number}"), tabled_in=room.talks
            )
            room.made("Term", proposal=one, text="All fire ceases")
            room.made("Consent", proposal=one, actor=room.russia)
            for _ in range(3):
                room.made("Commitment", debtor=room.usa, depends_on_proposal=one)
            room.made("Position", actor=room.rubio, issue=one.issue, event=room.talks)
    assert (before, cost()) == (35, 35)


def test_past_has_what_was_on_the_table_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    room = Negotiation()
    assert cards(room, "reader", "as_of=2025-03-10") == []
    for day, waited in (("11", "today"), ("12", "1 day"), ("20", "9 days"), ("31", "20 days")):
        (card,) = cards(room, "reader", f"as_of=2025-03-{day}")
        assert card.one("p", "awaited").text == f"Answer awaited from Russia, {waited}"

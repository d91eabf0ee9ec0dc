"""The pages of commitments and their outcomes."""

from __future__ import annotations

import pytest

from events import dates, history
from events.models import Commitment, Outcome
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db


def test_list_has_status_parties_condition_and_due_date() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for text, firmness in (("15 March 2025", "firm"), ("20 March 2025", "signal")):
            commitment = room.made("Commitment", debtor=room.rubio, action=f"Call by {text}")
            Commitment.due.set(commitment, dates.read(text))
            commitment.firmness = firmness
            commitment.save()
    page = parse(room.client("reader").get("/d/room/commitments/").content)
    assert [row.text for row in page.all("li", "row")] == [
        "Overdue Call by 15 March 2025 C2 USUnited States Rubio Due 15 Mar 2025 No source Draft",
        "Signal Call by 20 March 2025 C3 USUnited States Rubio Due 20 Mar 2025 No source Draft",
        "Pending Resume military aid C1 USUnited States US → UAUkraine Ukraine"
        " Condition: Russia accepts Depends on 30-day ceasefire being accepted by Russia"
        " No date stated No source Published",
    ]


def test_page_has_outcomes_and_what_depends_on_it() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        room.made("Outcome", commitment=room.commitment, event=room.statement, result="in_part")
        room.made(
            "Commitment",
            debtor=room.ukraine,
            action="Return the money",
            depends_on_commitment=room.commitment,
        )
    page = parse(room.client("reader").get("/d/room/commitments/C1/").content)
    assert page.one("div", id="C1-lead").text == (
        "Met in part USUnited States United States → UAUkraine Ukraine"
        " It is recorded as met in part in E2, Rubio to the press."
        " It depends on PR1 being accepted by Russia: PR1 is open."
    )
    panels = {p.one("h2").text: [i.text for i in p.all("li")] for p in page.all("section", "panel")}
    assert panels == {
        "Outcomes 1": ["Met in part Rubio to the press 12 Mar 2025"],
        "Depends on this 1": ["Pending Return the money"],
        "Evidence 0": [],
        "Notes 0 open": [],
    }


def test_public_sees_the_status_that_published_outcomes_give() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        hidden = room.made("Event", title="Not published")
        room.made("Outcome", commitment=room.commitment, event=hidden, result="broken")
    client = room.client("")
    page = parse(client.get("/d/room/commitments/C1/").content)
    assert page.one("div", id="C1-lead").text.startswith("Pending")
    row = parse(client.get("/d/room/commitments/").content).one("li", "row")
    assert row.one("div", "row-stance").text == "Pending"
    member = parse(room.client("reader").get("/d/room/commitments/").content)
    assert member.one("div", "row-stance").text == "Broken"


@pytest.mark.django_db(transaction=True)
def test_outcome_is_added_changed_and_removed() -> None:
    room = Negotiation()
    client = room.client("analyst")
    sent = {"commitment": "C1", "event": "Rubio to the press", "result": "met"}
    answer = client.post("/d/room/outcomes/new", sent)
    assert answer["Location"] == "/d/room/commitments/C1/"
    page = parse(client.get("/d/room/commitments/C1/").content)
    tools = [link["href"] for link in page.all("span", "tidy")[0].all("a")]
    assert tools == ["/d/room/outcomes/O1/edit", "/d/room/outcomes/O1/deletion"]
    answer = client.post("/d/room/outcomes/new", sent)
    assert answer.status_code == 422
    refusal = "Outcome with this Commitment and Event already exists."
    assert refusal in parse(answer.content).one("main").text
    client.post("/d/room/outcomes/O1/deletion", {"version": 1})
    assert not Outcome.objects.exists()


def test_refused_form_keeps_what_was_typed() -> None:
    room = Negotiation()
    sent = {"action": "Call", "debtor": "Nobody", "firmness": "firm", "due": "next blue moon"}
    answer = room.client("analyst").post("/d/room/commitments/new", sent)
    page = parse(answer.content)
    assert answer.status_code == 422
    assert page.one("input", id="id_due")["value"] == "next blue moon"
    assert page.one("ul", id="id_debtor_error").text == (
        "'Nobody' is not an actor here. Pick one of the list, or add it first."
    )
    assert page.one("ul", id="id_due_error").text.startswith("'next blue moon' is not a date")


def test_event_page_has_the_status_that_the_commitments_own_page_has() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        room.commitment.firmness = "signal"
        room.commitment.save()
        room.commitment.publish()
        hidden = room.made("Event", title="Not published")
        room.made("Outcome", commitment=room.commitment, event=hidden, result="met")
    for role, status in (("reader", "Met"), ("", "Signal")):
        page = parse(room.client(role).get("/d/room/events/E1/").content)
        assert page.one("li", "commitment-item").text == f"{status} USUnited States" + (
            " Resume military aid Russia accepts"
        )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["C2", "C1"]),
        ("status=overdue", ["C2"]),
        ("status=pending", ["C1"]),
        ("status=met", []),
        ("status=nonsense", ["C2", "C1"]),
        ("debtor=A2", ["C2"]),
        ("issue=I2", ["C1"]),
        ("issue=I99", []),
        ("q=aid&status=pending", ["C1"]),
    ],
)
def test_ledger_is_narrowed(query: str, found: list[str]) -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        late = Commitment(dossier=room.dossier, debtor=room.rubio, action="Call")
        Commitment.due.set(late, dates.read("13 March 2025"))
        late.save()
    page = parse(room.client("reader").get(f"/d/room/commitments/?{query}").content)
    assert [row["data-ref"] for row in page.all("li", "row")] == found
    counts = [one.text for one in page.all("select")[0].all("option") if "(0)" not in one.text]
    assert counts == ["Any", "Overdue (1)", "Pending (1)"]


def why(room: Negotiation, ref: str = "C1") -> str:
    page = parse(room.client("reader").get(f"/d/room/commitments/{ref}/").content)
    return page.one("div", id=f"{ref}-lead").all("p")[-1].text


def test_ledger_goes_on_page_by_page_as_it_was_narrowed() -> None:
    room = Negotiation()
    with history.recording(by=room.people["owner"]):
        for number in range(60):
            room.made("Commitment", debtor=room.russia, action=f"Promise {number}")
    client, found = room.client("reader"), []
    address = f"/d/room/commitments/?debtor={room.russia.ref}"
    while address:
        page = parse(client.get(address).content)
        found.append(len(page.all("li", "row")))
        further = page.all("a", rel="next")
        address = f"/d/room/commitments/{further[0]['href']}" if further else ""
    assert found == [50, 10]


def test_page_says_how_the_status_comes_about() -> None:
    room = Negotiation()
    assert why(room) == (
        "No due date is stated, and nothing is recorded of what came of it."
        " It depends on PR1 being accepted by Russia: PR1 is open."
    )
    with history.recording(by=room.people["owner"]):
        room.proposal.ended_in, room.proposal.ending = room.statement, "rejected"
        room.proposal.save()
        below = room.made("Commitment", debtor=room.ukraine, depends_on_commitment=room.commitment)
        late = Commitment(dossier=room.dossier, debtor=room.rubio, action="Call")
        Commitment.due.set(late, dates.read("13 March 2025"))
        late.firmness = "signal"
        late.save()
    assert why(room) == (
        "It depends on PR1 being accepted by Russia: PR1 was rejected. So it cannot come any more."
    )
    assert why(room, below.ref) == "It depends on C1, which has lapsed. So it cannot come any more."
    assert why(room, late.ref) == (
        "The last day on which it could be due, Thu 13 March 2025, has passed, and nothing is"
        " recorded of what came of it. That does not say that it was broken."
        " It is a signal, not a commitment."
    )

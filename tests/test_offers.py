"""What a proposal still waits for, and where it is."""

from __future__ import annotations

from typing import Any

import pytest

from events import dates, history, offers
from events.models import Event, Proposal
from events.negotiation.proposals import stage
from events.roles import Viewer
from tests import factories as make

pytestmark = pytest.mark.django_db

ON_12_MARCH = dates.read("12 March 2025").latest


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Viewer, "now", ON_12_MARCH)


def viewers(event: Event) -> tuple[Viewer, Viewer]:
    """A member and a visitor of its dossier."""
    return tuple(
        Viewer.standing_in(event.dossier_id, is_member=is_member) for is_member in (True, False)
    )


def test_awaited_until_the_actor_answers_for_or_against() -> None:
    with history.recording(by=make.UserFactory()):
        tabled = make.EventFactory(state="published")
        given = {"dossier": tabled.dossier, "state": "published"}
        proposal = make.ProposalFactory(tabled_in=tabled, **given)
        announced = make.ProposalFactory(**given)
        make.ConsentFactory(dossier=tabled.dossier, proposal=announced)
        answered, waiting, vague = (
            make.ConsentFactory(dossier=tabled.dossier, proposal=proposal) for _ in range(3)
        )
        about = {"dossier": tabled.dossier, "issue": proposal.issue}
        make.PositionFactory(actor=answered.actor, stance="conditional", **about)
        make.PositionFactory(actor=vague.actor, stance="none", state="published", **about)
    member, visitor = viewers(tabled)
    assert list(offers.awaited(member).order_by("id")) == [waiting, vague]
    # The answer is a draft.
    assert list(offers.awaited(visitor).order_by("id")) == [answered, waiting, vague]


def of_all_stages(dossier: Any) -> dict[str, Proposal]:
    """A published proposal of each stage, with a consent, by what it is like."""
    tabled = make.EventFactory(dossier=dossier, state="published")
    ended = make.EventFactory(dossier=dossier, state="published")
    unseen = make.EventFactory(dossier=dossier)
    like: dict[str, dict[str, Any]] = {
        "open": {},
        "expires in days": {"expires": "15 March 2025"},
        "may have expired": {"expires": "between 10 and 20 March 2025"},
        "expired": {"expires": "11 March 2025"},
        "ended": {"ended_in": ended},
        "ended by a draft": {"ended_in": unseen, "ending": "rejected"},
        "agreed and expired": {"ended_in": ended, "ending": "agreed", "expires": "11 March 2025"},
    }
    for word in ("rejected", "withdrawn", "superseded"):
        like[word] = {"ended_in": ended, "ending": word}
    found = {}
    for name, values in like.items():
        expires = values.pop("expires", "")
        one = make.ProposalFactory.build(
            dossier=dossier, issue=make.IssueFactory(dossier=dossier), tabled_in=tabled, **values
        )
        one.state = "published"
        if expires:
            Proposal.expires.set(one, dates.read(expires))
        one.save()
        make.ConsentFactory(dossier=dossier, proposal=one)
        found[name] = one
    return found


def test_rules_and_queries_agree_on_every_stage() -> None:
    with history.recording(by=make.UserFactory()):
        dossier = make.DossierFactory()
        made = of_all_stages(dossier)
    for is_member in (True, False):
        viewer = Viewer.standing_in(dossier.pk, is_member=is_member)
        facts = offers.offers_of([one.pk for one in made.values()], viewer)
        ruled = {name: str(stage(facts[one.pk], viewer.now)) for name, one in made.items()}
        rows = offers.with_stage(Proposal.objects.visible_to(viewer), viewer)
        asked = dict(rows.values_list("pk", "stage"))
        assert ruled == {name: asked[one.pk] for name, one in made.items()}
        assert ruled == {
            "open": "open",
            "expires in days": "open",
            "may have expired": "open",
            "expired": "lapsed",
            "ended": "ended",
            "ended by a draft": "rejected" if is_member else "open",
            "agreed and expired": "agreed",
            "rejected": "rejected",
            "withdrawn": "withdrawn",
            "superseded": "superseded",
        }
        waiting = {consent.proposal_id for consent in offers.awaited(viewer)}
        assert waiting == {one.pk for name, one in made.items() if ruled[name] == "open"}

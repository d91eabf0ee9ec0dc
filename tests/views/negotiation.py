"""A small negotiation: an offer, who answered it, in which words; for the tests of record pages."""

from __future__ import annotations

from typing import Any

from events import dates, history
from events.models import Event, Passage, SourceText
from tests import factories as make
from tests.views.room import Room

TEXT = """The delegations met in Jeddah.

“The ball is now in their court,” Rubio said <of Russia>.

Ukraine agreed to a ceasefire of 30 days, if Russia does the same."""


class Negotiation(Room):
    """The room with an offer on the table: Ukraine agreed conditionally, Russia has not answered.

    All is published but what Rubio said of his own, which is a draft.
    """

    def __init__(self, **dossier: Any) -> None:
        super().__init__(**dossier)
        with history.recording(by=self.people["owner"]):
            self._actors()
            self._source()
            self._offer()
            self._answers()

    def made(self, factory: str, **values: Any) -> Any:
        """A record of this dossier."""
        return getattr(make, f"{factory}Factory")(dossier=self.dossier, **values)

    def event_on(self, day: str, title: str, **values: Any) -> Event:
        """A published event on a day."""
        event: Event = make.EventFactory.build(
            dossier=self.dossier, title=title, state="published", **values
        )
        event.set_when(dates.read(day))
        event.save()
        return event

    def passage(self, words: str) -> Passage:
        """The passage of the source with these words."""
        start = TEXT.index(words)
        passage = Passage.cut(self.text, start, start + len(words))
        passage.save()
        return passage

    def _actors(self) -> None:
        us = self.made("Side", code="US", name="United States", order=1, slot=1)
        ua = self.made("Side", code="UA", name="Ukraine", order=2, slot=2)
        self.usa = self.made("Actor", name="United States", short_name="US", kind="state", side=us)
        self.rubio = self.made("Actor", name="Marco Rubio", short_name="Rubio", side=us)
        self.ukraine = self.made("Actor", name="Ukraine", kind="state", side=ua)
        self.russia = self.made("Actor", name="Russia", kind="state")
        self.office = self.made(
            "Affiliation",
            member=self.rubio,
            body=self.usa,
            title="Secretary of State",
            held_text="since 21 January 2025",
            held_edtf="2025-01-21/..",
            state="published",
        )

    def _source(self) -> None:
        self.source = self.made("Source", title="Report from Jeddah", publisher="The Gazette")
        self.source.published_text, self.source.published_edtf = "11 March 2025", "2025-03-11"
        self.source.published_basis = "derived_document"
        self.source.save()
        self.text = SourceText.objects.create(dossier=self.dossier, source=self.source, text=TEXT)

    def _offer(self) -> None:
        self.talks = self.event
        self.talks.set_when(dates.read("11 March 2025"))
        self.talks.save()
        self.talks.publish()
        self.statement = self.event_on("12 March 2025", "Rubio to the press", kind="statement")
        self.war = self.made("Issue", name="Ending the war", order=1)
        self.issue = self.made("Issue", name="30-day ceasefire", parent=self.war, order=2)
        self.proposal = self.made(
            "Proposal",
            issue=self.issue,
            tabled_in=self.talks,
            duration="P30D",
            state="published",
        )
        self.made("Proposer", proposal=self.proposal, actor=self.usa)
        self.made("Term", proposal=self.proposal, number=1, text="Ceasefire of 30 days")
        for actor in (self.ukraine, self.russia):
            self.made("Consent", proposal=self.proposal, actor=actor, asked="Agree to it")
        self.link = self.made(
            "Link", from_event=self.statement, to_event=self.talks, state="published"
        )

    def _answers(self) -> None:
        self.answer = self.made(
            "Position",
            actor=self.ukraine,
            issue=self.issue,
            stance="conditional",
            summary="Agrees to the offer.",
            condition="Russia does the same",
            event=self.talks,
            state="published",
        )
        self.said = self.made(
            "Position",
            actor=self.rubio,
            issue=self.issue,
            stance="opposes",
            summary="Not for others yet.",
            event=self.statement,
        )
        self.agreed = self.passage("Ukraine agreed to a ceasefire of 30 days")
        self.ball = self.passage("The ball is now in their court")
        self.made("Evidence", passage=self.agreed, event=None, position=self.answer)
        self.made("Evidence", passage=self.ball, event=None, position=self.said, speaker=self.rubio)
        self.made(
            "Evidence",
            passage=self.ball,
            event=self.statement,
            speaker=self.rubio,
        )
        self.commitment = self.made(
            "Commitment",
            debtor=self.usa,
            creditor=self.ukraine,
            action="Resume military aid",
            issue=self.issue,
            condition="Russia accepts",
            depends_on_proposal=self.proposal,
            depends_on_actor=self.russia,
            event=self.talks,
            state="published",
        )
        self.conflict = self.made("Conflict", title="Agreed or awaited")
        self.made("ConflictMember", conflict=self.conflict, event=self.talks)
        self.made("ConflictMember", conflict=self.conflict, event=None, position=self.answer)
        self.made("ConflictMember", conflict=self.conflict, event=None, position=self.said)
        self.made("ConflictMember", conflict=self.conflict, event=None, passage=self.ball)

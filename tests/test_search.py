"""Search: what is asked, what is found, by whom, and from which index."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from events import history, search
from events.models import Commitment, Dossier, Passage, Source, User
from events.roles import Viewer
from tests import factories as make


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("", ""),
        ("   ", ""),
        ("tang", "'tang':*"),
        ("aid  contingent", "'aid':* & 'contingent':*"),
        ('"it takes two" tan', "('it' <-> 'takes' <-> 'two') & 'tan':*"),
        ("“it takes", "('it' <-> 'takes')"),
        ("aid -russia", "'aid':* & !'russia':*"),
        ('aid -"in part"', "'aid':* & !('in' <-> 'part')"),
        ("-russia", ""),  # everything but: no answer worth giving
        ("& | ! :*", ""),
        ("o'neill", "'o''neill':*"),
        ("a\\b", "'a\\\\b':*"),
        ("a\x00b", "'ab':*"),
    ],
)
def test_expression(typed: str, expression: str) -> None:
    assert search.expression(typed) == expression


def test_highlighting_escapes_what_the_text_holds() -> None:
    assert search.marked("<b>\ue000tango\ue001</b> & co") == (
        "&lt;b&gt;<mark>tango</mark>&lt;/b&gt; &amp; co"
    )


@pytest.fixture
def dossier(db: None) -> Dossier:
    """A dossier with "tango" in every kind of record, some of them drafts."""
    with history.recording(by=make.UserFactory(username="ida")):
        dossier = make.DossierFactory(slug="jeddah", visibility="public")
        make.EventFactory(
            dossier=dossier, title="Trump: <it> takes two to tango", state="published", earliest=0
        )
        make.EventFactory(dossier=dossier, title="A draft of tango")
        actor = make.ActorFactory(dossier=dossier, name="Ann Tango", aliases=["Tangerine"])
        issue = make.IssueFactory(dossier=dossier, name="Tango rules")
        make.PositionFactory(dossier=dossier, actor=actor, issue=issue, summary="Tango only")
        make.CommitmentFactory(dossier=dossier, debtor=actor, action="To tango", state="published")
        make.ConflictFactory(dossier=dossier, title="Whose tango")
        text = "Ann said: it takes two to tango. Then she left.\nNobody danced."
        source = make.SourceFactory(dossier=dossier, title="The Tango Times")
        make.SourceTextFactory(dossier=dossier, source=source, text="An older tango")
        newest = make.SourceTextFactory(dossier=dossier, source=source, number=2, text=text)
        make.PassageFactory(
            dossier=dossier, source_text=newest, start=10, end=31, exact=text[10:31]
        )
        other = make.EventFactory(title="Tango elsewhere", state="published")
        assert other.dossier != dossier
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


def found(results: search.Results) -> dict[str, list[tuple[str, str]]]:
    return {
        group.kind.key: [(hit.ref, str(hit.title)) for hit in group.hits]
        for group in results.groups
    }


def test_all_kinds(member: Viewer) -> None:
    assert found(search.search("tang", member)) == {
        "event": [
            ("E1", "Trump: &lt;it&gt; takes two to <mark>tango</mark>"),
            ("E2", "A draft of <mark>tango</mark>"),
        ],
        "position": [("PO1", "Ann <mark>Tango</mark> on <mark>Tango</mark> rules")],
        "commitment": [("C1", "To <mark>tango</mark>")],
        "issue": [("I1", "<mark>Tango</mark> rules")],
        "actor": [("A1", "Ann <mark>Tango</mark>")],
        "conflict": [("X1", "Whose <mark>tango</mark>")],
        "passage": [("S1", "it takes two to <mark>tango</mark>")],
        "source": [("S1", "The <mark>Tango</mark> Times")],
        "text": [("S1", "The <mark>Tango</mark> Times")],
    }


def test_the_text_found_is_quoted_from_the_newest_version(member: Viewer) -> None:
    (group,) = search.search("tango left", member, kind="text").groups
    assert [(str(hit.text), hit.href) for hit in group.hits] == [
        (
            "Ann said: it takes two to <mark>tango</mark>. Then she <mark>left</mark>."
            " Nobody danced",
            "/d/jeddah/sources/S1/",
        )
    ]


def test_visitors_find_what_is_published(visitor: Viewer) -> None:
    groups = found(search.search("tango", visitor))
    assert groups["event"] == [("E1", "Trump: &lt;it&gt; takes two to <mark>tango</mark>")]
    assert "position" not in groups
    # What no published record names or cites is not found, nor what only stands in a text.
    assert list(groups) == ["event", "commitment", "actor"]


def test_other_names_of_an_actor(member: Viewer) -> None:
    assert found(search.search("tangerine", member)) == {"actor": [("A1", "Ann Tango")]}


def test_nothing_to_look_for(member: Viewer, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(0):
        assert search.search(" !! ", member) == search.Results("!!", (), ranked=False)


def test_few_queries_whatever_is_found(member: Viewer, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(5):  # events, other records and how, what is shown
        search.search("tango", member)
    with django_assert_num_queries(6):
        search.search("tango", member, relevant=True)


def test_newest_first_or_the_best(member: Viewer) -> None:
    with history.recording(by=member.user):
        make.EventFactory(
            dossier=member.dossier, title="A long title in which a tango is", earliest=86_400
        )
    newest = search.search("tango", member, kind="event")
    best = search.search("tango", member, kind="event", relevant=True)
    assert [hit.ref for hit in newest.groups[0].hits] == ["E3", "E1", "E2"]
    assert (newest.ranked, best.ranked) == (False, True)
    assert {hit.ref for hit in best.groups[0].hits} == {"E1", "E2", "E3"}


def test_counts_are_capped(member: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "COUNTED", 1)
    results = search.search("tango", member, kind="event", relevant=True, each=1)
    assert (results.groups[0].count_words, results.count_words) == ("1+", "1+")
    assert [hit.ref for hit in results.groups[0].hits] == ["E1"]
    assert not results.ranked


@pytest.mark.parametrize(
    "model",
    [kind.model for kind in search.KINDS if kind.key != "conflict"],
    ids=lambda m: m.__name__,
)
def test_the_index_answers(model: type, db: None) -> None:
    rows = model.objects.annotate(vector=search.vector_of(model)).filter(
        vector=search.query_for("tango")
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows.order_by().explain()
    assert f"{model._meta.model_name}_search" in plan


def test_unsafe_words_never_reach_the_page_as_markup(member: Viewer) -> None:
    with CaptureQueriesContext(connection):
        results = search.search("<script>alert(1)</script>", member)
    assert results.text == "<script>alert(1)</script>"
    assert results.groups == ()


@pytest.mark.parametrize("nearby", [3, 1_000])
def test_the_newest_of_more_than_are_counted(
    member: Viewer, visitor: Viewer, nearby: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED", 20)
    monkeypatch.setattr(search, "NEARBY", nearby)
    chance = random.Random(3)
    dossier = member.dossier
    with history.recording(by=User.objects.get(username="ida")):
        debtor = make.ActorFactory(dossier=dossier)
        event = make.EventFactory(dossier=dossier, state="published")
        for number in range(60):
            action = chance.choice(["To waltz", "To march", "To march"])
            state = chance.choice(["draft", "draft", "draft", "published"])
            make.CommitmentFactory(dossier=dossier, debtor=debtor, action=action, state=state)
            source = make.SourceFactory(
                dossier=dossier, title=action, published_earliest=chance.choice([None, number % 7])
            )
            text = make.SourceTextFactory(dossier=dossier, source=source, text=action)
            passage = make.PassageFactory(
                dossier=dossier, source_text=text, start=0, end=len(action), exact=action
            )
            if state == "published":
                make.EvidenceFactory(dossier=dossier, event=event, passage=passage)
    for viewer in (member, visitor):
        for word in ("march", "waltz"):
            groups = {group.kind.key: group for group in search.search(word, viewer, each=4).groups}
            published = F("published_earliest").desc(nulls_last=True)
            models: tuple[tuple[str, Any, str, list[Any]], ...] = (
                ("commitment", Commitment, "action", ["-id"]),
                ("passage", Passage, "exact", ["-id"]),
                ("source", Source, "title", [published, "-id"]),
            )
            for key, model, field, order in models:
                rows = model.objects.visible_to(viewer).filter(**{f"{field}__icontains": word})
                refs = [
                    row.source_text.source.ref if key == "passage" else row.ref
                    for row in rows.order_by(*order)
                ]
                most = 2 if key != "commitment" and viewer is visitor else 20
                count = f"{most}+" if len(refs) > most else f"{len(refs)}"
                group = groups[key]
                found = [hit.ref for hit in group.hits], group.count_words
                assert (key, word, found) == (key, word, (refs[: min(4, most + 1)], count))

"""The past: exact by both clocks, whole, read-only, and left behind afterwards."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import InternalError, connection, models, transaction
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from events import as_of, dates, history
from events.as_of import AsOf, Clock, NotThen
from events.models import Dossier, Event, Membership, Position, Proposal, Revision
from events.models.base import Within
from events.roles import Viewer
from tests import factories
from tests.factories import RECORDS
from tests.test_history import rows
from tests.views.negotiation import Negotiation

TRACKED = [Dossier, *RECORDS]
PRESENT = {"events_membership"}
"""Tables without a past: who may do what is a matter of now."""
UNDATED = {
    *{"events_dossier", "events_membership", "events_side", "events_source", "events_sourcetext"},
    *{"events_passage", "events_suggestion", "events_actor", "events_snapshot"},
}
"""Tables of which nothing is dated, nor hangs on what is."""


def columns(schema: str, table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"
            " ORDER BY attnum",
            [f"{schema}.{table}"],
        )
        return list(cursor.fetchall())


def recorded(number: int) -> AsOf:
    return AsOf(Clock.RECORDED, 0, f"r{number}", "", number)


def happened(instant: int) -> AsOf:
    return AsOf(Clock.HAPPENED, instant, "", "")


@pytest.mark.django_db
def test_every_table_has_its_past() -> None:
    for model in TRACKED:
        table = model._meta.db_table
        now = columns("public", table)
        assert (table, columns("truceline_recorded", table)) == (
            table,
            [] if table in PRESENT else now,
        )
        assert (table, columns("truceline_happened", table)) == (
            table,
            [] if table in UNDATED else now,
        )


# --- What it said


class Busy:
    """A dossier that several people changed in every way."""

    def __init__(self, seed: int, steps: int) -> None:
        self.random = random.Random(seed)
        self.people = [factories.UserFactory() for _ in range(3)]
        with history.recording(by=self.people[0]):
            self.dossier = factories.DossierFactory(visibility="public")
            for make in RECORDS.values():
                make(dossier=self.dossier)
        for _ in range(steps):
            step = self.random.choice([self.make, self.change, self.change, self.drop, self.undo])
            with history.recording(
                by=self.random.choice(self.people), keeps_state=self.random.random() < 0.3
            ):
                step()

    def rows_of(self, model: Any) -> Any:
        return model._base_manager.filter(dossier=self.dossier)

    def make(self) -> None:
        self.random.choice(list(RECORDS.values()))(dossier=self.dossier)

    def change(self) -> None:
        if self.random.random() < 0.2:
            self.dossier.title = f"Title {self.random.random()}"
            self.dossier.save()
        model = self.random.choice([m for m in RECORDS if m is not Membership])
        for pk in self.rows_of(model).values_list("pk", flat=True):
            if self.random.random() < 0.5:
                self.rows_of(model).filter(pk=pk).update(ref=f"r{self.random.random()}")
        if hasattr(model, "State"):
            self.rows_of(model).update(state=self.random.choice(model.State.values))

    def drop(self) -> None:
        model = self.random.choice([Event, Position, Proposal])
        chosen = self.rows_of(model).order_by("?").first()
        if chosen is not None:
            with suppress(models.RestrictedError, models.ProtectedError), transaction.atomic():
                chosen.delete()

    def undo(self) -> None:
        last = Revision.objects.filter(dossier_id=self.dossier.pk).order_by("-number").first()
        with suppress(history.CannotUndo), transaction.atomic():
            history.undo(last)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_recorded_is_read_exactly(seed: int) -> None:
    """Backwards from now, as the pages do, gives what forwards through the log gives."""
    busy = Busy(seed, steps=40)
    newest = history.sealed_number(busy.dossier.pk)
    assert newest > 25
    for number in range(newest + 1):
        expected = history.as_recorded(busy.dossier.pk, number)
        with recorded(number).entered(busy.dossier, public=False):
            for model in RECORDS:
                table = model._meta.db_table
                if table not in PRESENT:
                    then = expected.get(table, {})
                    assert (number, table, rows(model)) == (number, table, then)
            dossier = rows(Dossier)[busy.dossier.pk]
            then = expected.get("events_dossier", {}).get(busy.dossier.pk, dossier)
            assert dossier | {"visibility": ""} == then | {"visibility": ""}
            assert history.sealed_number(busy.dossier.pk) == number


@pytest.mark.django_db(transaction=True)
def test_the_public_gets_back_nothing_that_was_withdrawn() -> None:
    room = Negotiation(visibility="public")
    with history.recording(by=room.people["owner"]):
        room.talks.withdraw()
    with history.recording(by=room.people["owner"], keeps_state=True):
        Event.objects.filter(pk=room.statement.pk).update(title="Said later")
        room.conflict.delete()
    member = Viewer(room.people["reader"], room.dossier, "reader")
    visitor = Viewer(room.people["outsider"], room.dossier, "")
    first = recorded(1 + Revision.objects.filter(note="").count() - 3)
    with first.entered(room.dossier, public=False):
        seen = set(Event.objects.visible_to(member).values_list("title", flat=True))
        assert {room.talks.title, room.statement.title} <= seen
    with first.entered(room.dossier, public=True):
        seen = set(Event.objects.visible_to(visitor).values_list("title", flat=True))
        assert room.talks.title not in seen
        assert room.statement.title in seen
        assert not type(room.conflict).objects.filter(pk=room.conflict.pk).exists()


# --- What had happened


@pytest.mark.django_db(transaction=True)
def test_nothing_hangs_in_the_air_whatever_is_left_out() -> None:
    """What is left of a dossier names only what is left of it."""
    made = random.Random(7)
    with history.recording(by=factories.UserFactory()):
        dossier = factories.DossierFactory()
        for _ in range(6):
            for make in RECORDS.values():
                make(dossier=dossier)
        days = [dates.read(f"2025-03-{day:02}") for day in range(5, 15)]
        for event in Event.objects.filter(dossier=dossier):
            event.set_when(made.choice([*days, dates.read(""), dates.read("before 9 March 2025")]))
            event.save()
        _tangle(dossier, made)
    instants = [days[i].earliest for i in range(len(days))]
    kept = []
    for instant in instants:
        with happened(instant).entered(dossier, public=False):
            for model in RECORDS:
                for key in [f for f in model._meta.concrete_fields if isinstance(f, Within)]:
                    named = model._base_manager.filter(dossier=dossier).exclude(
                        **{f"{key.name}__isnull": True}
                    )
                    lost = named.exclude(
                        **{f"{key.attname}__in": key.related_model._base_manager.values("pk")}
                    )
                    assert (model.__name__, key.name, list(lost.values_list("ref"))) == (
                        model.__name__,
                        key.name,
                        [],
                    )
            kept.append(_counts(dossier))
        left = Event.objects.filter(dossier=dossier).exclude(earliest__gte=instant)
        assert kept[-1]["event"] == left.count()
    present = _counts(dossier)
    for noun, count in present.items():
        counts = [one[noun] for one in kept]
        assert (noun, counts) == (noun, sorted(counts))
        assert counts[-1] <= count
    assert all(kept[0][noun] < present[noun] for noun in ("event", "position", "evidence", "link"))


def _tangle(dossier: Dossier, made: random.Random) -> None:
    """Let optional keys name something too."""
    for model in RECORDS:
        optional = [
            f
            for f in model._meta.concrete_fields
            if isinstance(f, Within) and f.null and f.name not in getattr(model, "TARGETS", ())
        ]
        if model.__name__ in ("Evidence", "Note", "ConflictMember"):
            continue  # exactly one of theirs is filled
        for key in optional:
            pks = list(
                key.related_model._base_manager.filter(dossier=dossier).values_list("pk", flat=True)
            )
            for row in model._base_manager.filter(dossier=dossier):
                others = [pk for pk in pks if key.related_model is not model or pk < row.pk]
                if others and made.random() < 0.6:
                    with transaction.atomic():
                        model._base_manager.filter(pk=row.pk).update(
                            **{key.attname: made.choice(others)}
                        )


def _counts(dossier: Dossier) -> dict[str, int]:
    return {
        model._meta.model_name: model._base_manager.filter(dossier=dossier).count()
        for model in RECORDS
    }


# --- Entering and leaving


@pytest.mark.django_db(transaction=True)
def test_the_past_cannot_be_written() -> None:
    room = Negotiation()
    for past in (recorded(1), happened(0)):
        with (
            pytest.raises(InternalError, match="read-only transaction"),
            past.entered(room.dossier, public=False),
            history.recording(by=room.people["owner"]),
        ):
            Membership.objects.create(dossier=room.dossier, user=room.people["outsider"])
    assert Membership.objects.filter(user=room.people["outsider"]).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("past", [recorded(0), happened(-10)])
def test_it_is_left_behind(past: AsOf) -> None:
    """Also within a larger transaction, such as that of a test."""
    with history.recording(by=factories.UserFactory()):
        event = factories.EventFactory(earliest=0, latest=1)
    with past.entered(event.dossier, public=True):
        assert not Event.objects.filter(pk=event.pk).exists()
        with past.lifted():
            assert Event.objects.filter(pk=event.pk).exists()
        assert not Event.objects.filter(pk=event.pk).exists()
    assert Event.objects.filter(pk=event.pk).exists()
    with pytest.raises(LookupError), past.entered(event.dossier, public=True):
        raise LookupError
    assert Event.objects.filter(pk=event.pk).exists()
    with history.recording(by=factories.UserFactory()):
        event.delete()


# --- Reading an instant


@pytest.fixture
def told(transactional_db: Any) -> Dossier:
    """A dossier with three revisions."""
    by = factories.UserFactory()
    with history.recording(by=by):
        dossier = factories.DossierFactory(time_zone="Europe/Kyiv")
    for title in ("Two", "Three"):
        with history.recording(by=by):
            dossier.title = title
            dossier.save()
    return dossier


NOW = 1_741_900_000  # 13 March 2025, 21:06:40 UTC
MARCH_11 = 1_741_730_400  # its end in Kyiv


@pytest.mark.parametrize(
    ("text", "instant", "address", "label"),
    [
        ("11 Mar 2025", MARCH_11, "2025-03-11", "Tue 11 March 2025"),
        (" 2025-03-11 ", MARCH_11, "2025-03-11", "Tue 11 March 2025"),
        ("March 2024", 1_711_918_800, "2024-03", "Sun 31 March 2024"),
        ("2025-03-11T14:30Z", 1_741_703_460, "2025-03-11T14:30Z", "Tue 11 March 2025, 16:30"),
        ("before 11 March 2025", 1_741_644_000, "[..2025-03-10]", "Mon 10 March 2025"),
        ("44 BC", -63_492_602_524, "-0043", "31 December 44 BC"),
        ("13 March 2025", NOW, "2025-03-13T21:06:39Z", "13 Mar 2025, 23:06"),
    ],
)
def test_what_had_happened_by(
    told: Dossier, text: str, instant: int, address: str, label: str
) -> None:
    found = as_of.read(text, Clock.HAPPENED, told, NOW)
    assert found == AsOf(Clock.HAPPENED, instant, address, label)
    again = as_of.read(address, Clock.HAPPENED, told, NOW + 86_400)
    assert (again.instant, again.text) == (instant, address)


@pytest.mark.parametrize("text", ["", " ", "now", "Now"])
def test_the_present(told: Dossier, text: str) -> None:
    assert as_of.read(text, Clock.HAPPENED, told, NOW) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31 Feb 2025", "'31 Feb 2025' is not a date. Try '28 Feb 2025'."),
        ("2030", "'2030' is still to come. The latest is 'now'."),
        ("r99", "There is no revision r99. The history lists them."),
        (
            "after 11 March 2025",
            "'after 11 March 2025' has no end to look back from. Try a day, such as '11 Mar 2025'.",
        ),
    ],
)
def test_no_such_instant(told: Dossier, text: str, problem: str) -> None:
    with pytest.raises(NotThen) as refused:
        as_of.read(text, Clock.HAPPENED, told, NOW)
    assert str(refused.value) == problem


def test_what_was_recorded_by(told: Dossier) -> None:
    revisions = {r.number: r for r in Revision.objects.filter(dossier_id=told.pk)}
    last = revisions[3].sealed_at
    found = as_of.read("R2", Clock.HAPPENED, told, NOW)
    assert (found.clock, found.number, found.text) == (Clock.RECORDED, 2, "r2")
    assert found.label.endswith("(revision 2)")
    now = int(last.timestamp())
    day = last.astimezone(ZoneInfo(told.time_zone)).date()  # the dossier's, not ours
    today = as_of.read(day.isoformat(), Clock.RECORDED, told, now)
    assert (today.number, today.text) == (3, "r3")
    before = as_of.read("11 Mar 2025", Clock.RECORDED, told, now)
    assert (before.number, before.text, before.instant) == (0, "r0", MARCH_11)
    assert before.label == "the beginning, before anything was recorded"


@given(st.text(max_size=60))
def test_any_words_are_read_or_refused(words: str) -> None:
    dossier = factories.DossierFactory.build(time_zone="Asia/Kathmandu")
    found = None
    with suppress(NotThen):
        found = as_of.read(words, Clock.HAPPENED, dossier, NOW)
    assert found is None or found.instant <= NOW


# --- Leading on


@pytest.mark.parametrize(
    ("link", "led"),
    [
        ('<a href="/d/x/events/E1/">', '<a href="/d/x/events/E1/?as_of=r2&amp;clock=recorded">'),
        ('<a href="?q=a#b">', '<a href="?q=a&amp;as_of=r2&amp;clock=recorded#b">'),
        ('<a hx-get="?">', '<a hx-get="?as_of=r2&amp;clock=recorded">'),
        (
            '<i data-chart-url="/d/x/chart">',
            '<i data-chart-url="/d/x/chart?as_of=r2&amp;clock=recorded">',
        ),
        ('<a href="?as_of=r1&amp;clock=recorded">', '<a href="?as_of=r1&amp;clock=recorded">'),
        ('<a href="?q=a&amp;as_of=">', '<a href="?q=a">'),
        ('<a href="?as_of=">', '<a href="?">'),
        ('<a href="/d/xy/">', '<a href="/d/xy/">'),
        ('<a href="#main">', '<a href="#main">'),
        ('<a href="https://example.org/d/x/">', '<a href="https://example.org/d/x/">'),
        ("&lt;a href=&quot;/d/x/&quot;&gt;", "&lt;a href=&quot;/d/x/&quot;&gt;"),
        (
            '<form method="get" action="/d/x/search">',
            '<form method="get" action="/d/x/search"><input type="hidden" name="as_of" value="r2">'
            '<input type="hidden" name="clock" value="recorded">',
        ),
        ('<form method="get" data-as-of>', '<form method="get" data-as-of>'),
        ('<form method="post">', '<form method="post">'),
    ],
)
def test_links_lead_on(link: str, led: str) -> None:
    answer = HttpResponse(link)
    as_of.carry(answer, recorded(2), "/d/x/")
    assert answer.content.decode() == led


def test_so_do_redirects_and_no_other_files() -> None:
    moved = HttpResponse(status=302, headers={"Location": "/d/x/events/E1/?a=1"})
    as_of.carry(moved, recorded(2), "/d/x/")
    assert moved["Location"] == "/d/x/events/E1/?a=1&as_of=r2&clock=recorded"
    file = HttpResponse('<a href="/d/x/">', content_type="text/plain")
    as_of.carry(file, recorded(2), "/d/x/")
    assert file.content == b'<a href="/d/x/">'


def test_all_nouns_are_known() -> None:
    tables = {model._meta.db_table for model in apps.get_app_config("events").get_models()}
    assert tables >= PRESENT | UNDATED

"""Dossiers: the list one starts from, making one, its settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from events import history
from events.models import Dossier, Membership, Side, User
from tests import factories as make
from tests.markup import parse

pytestmark = pytest.mark.django_db

FORM = {
    "title": "Truce in the south",
    "slug": "south",
    "description": "Who stops where.",
    "time_zone": "Europe/Kyiv",
    "visibility": "private",
    "stale_after": "14",
}


@pytest.fixture
def ida() -> User:
    user: User = make.UserFactory(username="ida")
    return user


@pytest.fixture
def member(ida: User) -> Client:
    client = Client()
    client.force_login(ida)
    return client


@pytest.fixture
def dossiers(ida: User) -> list[Dossier]:
    """A public one of which Ida is no member, her own private one, and somebody else's."""
    with history.recording(by=ida):
        public = make.DossierFactory(slug="public", title="A public one", visibility="public")
        make.EventFactory(dossier=public, state="published")
        make.EventFactory(dossier=public)
        make.SourceFactory(dossier=public)
        own = make.DossierFactory(slug="own", title="Her own")
        make.MembershipFactory(dossier=own, user=ida, role="owner")
        make.EventFactory(dossier=own)
        others = make.DossierFactory(slug="others", title="Somebody else's")
        make.EventFactory(dossier=others)
    return [public, own, others]


def rows(client: Client) -> list[tuple[str, str]]:
    page = parse(client.get("/").content)
    return [(row.one("h2").text, row.one("p", "meta").text) for row in page.all("li", "row")]


def test_list_shows_what_one_may_see(member: Client, dossiers: list[Dossier]) -> None:
    assert rows(member) == [
        ("A public one", "1 event · 0 sources · Public"),
        ("Her own", "1 event · 0 sources · Private · You: owner"),
    ]


def test_a_superuser_sees_all(dossiers: list[Dossier]) -> None:
    client = Client()
    client.force_login(make.UserFactory(is_superuser=True))
    assert [row[1] for row in rows(client)] == [
        "2 events · 1 source · Public · You: owner",
        "1 event · 0 sources · Private · You: owner",
        "1 event · 0 sources · Private · You: owner",
    ]


def test_a_visitor_goes_straight_to_the_only_one(ida: User, dossiers: list[Dossier]) -> None:
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/d/public/")
    with history.recording(by=ida):
        make.DossierFactory(title="Another", visibility="public")
    assert rows(Client()) == [
        ("A public one", "1 event · 0 sources · Public"),
        ("Another", "0 events · 0 sources · Public"),
    ]


def test_nothing_there(member: Client) -> None:
    def words(client: Client) -> list[str]:
        box = parse(client.get("/").content).one("div", "empty")
        return [one.text for one in box.all() if one.tag in ("h3", "p", "a")]

    assert words(Client()) == [
        "Nothing is published here yet",
        "Sign in to see the dossiers you are a member of.",
        "Sign in",
    ]
    assert words(member) == [
        "No dossiers yet",
        "A dossier holds one negotiation: its sources, its events, who took which position.",
        "New dossier",
    ]


def test_list_costs_the_same_for_many(
    member: Client, ida: User, dossiers: list[Dossier], django_assert_num_queries: Callable
) -> None:
    with history.recording(by=ida):
        for _ in range(10):
            make.DossierFactory(visibility="public")
    with django_assert_num_queries(3):  # session, user, dossiers with their counts
        member.get("/")


def test_who_makes_a_dossier_owns_it(member: Client, ida: User) -> None:
    answer = member.post("/dossiers/new", FORM)
    made = Dossier.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/d/{made.slug}/")
    assert re.fullmatch("south-[a-z2-9]{4}", made.slug)
    assert {name: str(getattr(made, name)) for name in FORM} == FORM | {"slug": made.slug}
    assert list(Membership.objects.values_list("dossier", "user", "role")) == [
        (made.pk, ida.pk, "owner")
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time_zone": "Mars"}, "'Mars' is not a time zone. Try 'UTC' or 'Europe/Kyiv'."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_what_does_not_fit_is_told_and_kept(
    member: Client, dossiers: list[Dossier], change: dict[str, str], message: str
) -> None:
    answer = member.post("/dossiers/new", FORM | change)
    assert answer.status_code == 422
    assert message in parse(answer.content).one("section", "error-summary").text
    assert "Who stops where." in answer.text
    assert Dossier.objects.count() == 3


def test_a_taken_address_does_not_tell(member: Client, dossiers: list[Dossier]) -> None:
    """Nobody finds out by trying that there is a private dossier of that name."""
    made = [member.post("/dossiers/new", FORM | {"slug": slug}) for slug in ("others", "nothing")]
    answers = [re.sub("-[a-z2-9]{4}/$", "-xxxx/", answer["Location"]) for answer in made]
    assert answers == ["/d/others-xxxx/", "/d/nothing-xxxx/"]
    data = FORM | sides(dossiers[1])
    moved = member.post("/d/own/settings", data | {"slug": "others"})["Location"]
    assert re.fullmatch("/d/others-[a-z2-9]{4}/", moved)
    # Back to an address it had.
    data = FORM | sides(dossiers[1]) | {"slug": "own"}
    assert member.post(f"{moved}settings", data)["Location"] == "/d/own/"


def test_visitors_sign_in_first() -> None:
    answer = Client().get("/dossiers/new")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/dossiers/new")


def sides(dossier: Dossier, *new: tuple[str, str, int, int], **changes: str) -> dict[str, Any]:
    """What the settings page sends: its sides as they stand, `new` ones, and `changes`."""
    there = list(dossier.side_set.all())
    data = {"side_set-TOTAL_FORMS": str(len(there) + len(new))}
    data |= {"side_set-INITIAL_FORMS": str(len(there))}
    for number, side in enumerate(there):
        row = {"id": side.pk, "code": side.code, "name": side.name}
        row |= {"order": side.order, "slot": side.slot, "made_from": side.version}
        data |= {f"side_set-{number}-{name}": str(value) for name, value in row.items()}
    for number, values in enumerate(new, len(there)):
        row = dict(zip(("code", "name", "order", "slot"), values, strict=True))
        data |= {f"side_set-{number}-{name}": str(value) for name, value in row.items()}
    data["made_from"] = str(Dossier.objects.get(pk=dossier.pk).version)
    return data | changes


def test_owner_changes_settings_and_sides(member: Client, dossiers: list[Dossier]) -> None:
    own = dossiers[1]
    data = FORM | {"slug": "own"} | sides(own, ("US", "United States", 1, 1), ("", "", 0, 5))
    assert member.post("/d/own/settings", data)["Location"] == "/d/own/"
    own.refresh_from_db()
    assert (own.title, own.time_zone, own.stale_after) == ("Truce in the south", "Europe/Kyiv", 14)
    (side,) = Side.objects.all()
    assert (side.dossier, side.code, side.name, side.slot) == (own, "US", "United States", 1)

    data = FORM | {"slug": "own"} | sides(own, **{"side_set-0-name": "The States"})
    member.post("/d/own/settings", data)
    side.refresh_from_db()
    assert (side.name, side.version) == ("The States", 2)

    member.post(
        "/d/own/settings", FORM | {"slug": "own"} | sides(own, **{"side_set-0-DELETE": "on"})
    )
    assert not Side.objects.exists()


def test_two_sides_cannot_share_a_code(member: Client, dossiers: list[Dossier]) -> None:
    data = FORM | {"slug": "own"} | sides(dossiers[1], ("US", "One", 1, 1), ("US", "Two", 2, 2))
    answer = member.post("/d/own/settings", data)
    assert answer.status_code == 422
    assert "Please correct the duplicate" in answer.text
    assert not Side.objects.exists()


def test_only_owners_change_settings(member: Client, dossiers: list[Dossier], ida: User) -> None:
    assert member.get("/d/others/settings").status_code == 404
    assert member.get("/d/public/settings").status_code == 403
    with history.recording(by=ida):
        for own in Membership.objects.filter(user=ida, role="owner"):
            make.MembershipFactory(dossier=own.dossier, role="owner")
        Membership.objects.filter(user=ida).update(role="reviewer")
    answer = member.post("/d/own/settings", FORM)
    assert answer.status_code == 403
    assert "Truce in the south" not in {dossier.title for dossier in Dossier.objects.all()}


def test_settings_that_two_owners_change(
    member: Client, dossiers: list[Dossier], ida: User
) -> None:
    own = dossiers[1]
    member.post("/d/own/settings", FORM | {"slug": "own"} | sides(own, ("US", "States", 1, 1)))
    own.refresh_from_db()
    old = FORM | {"slug": "own"} | sides(own)
    other = make.UserFactory(first_name="T.", last_name="Lindqvist")
    with history.recording(by=other):
        own.title = "Truce in the far south"
        own.save()
        Side.objects.update(name="United States")
    # A field each: both stay, in the dossier and in its side.
    sent = old | {"stale_after": "21", "side_set-0-code": "USA"}
    answer = member.post("/d/own/settings", sent, follow=True)
    assert "Settings saved, beside what others changed: Title" in answer.text
    own.refresh_from_db()
    side = Side.objects.get()
    assert (own.title, own.stale_after) == ("Truce in the far south", 21)
    assert (side.name, side.code) == ("United States", "USA")
    # The same field: told beside it, with what was typed.
    sent = old | {"title": "Mine", "side_set-0-name": "America"}
    answer = member.post("/d/own/settings", sent)
    page = parse(answer.content)
    assert answer.status_code == 409
    assert "T. Lindqvist saved 'Truce in the far south'" in answer.text.replace("&#x27;", "'")
    assert "T. Lindqvist saved 'United States'" in answer.text.replace("&#x27;", "'")
    assert page.one("input", id="id_title")["value"] == "Mine"
    # What only the other one changed is shown as it is now.
    assert page.one("input", id="id_stale_after")["value"] == "21"
    own.refresh_from_db()
    assert own.title == "Truce in the far south"
    again = {f["name"]: f.get("value") for f in page.all("input") if f.get("name")}
    again |= {"visibility": "private", "description": own.description, "side_set-0-slot": "1"}
    assert member.post("/d/own/settings", again | {"side_set-TOTAL_FORMS": "1"}).status_code == 302
    own.refresh_from_db()
    assert (own.title, Side.objects.get().name) == ("Mine", "America")


@pytest.mark.parametrize("version", ["", "x", "99"])
def test_settings_that_do_not_say_their_version_are_refused(
    member: Client, dossiers: list[Dossier], version: str
) -> None:
    sent = FORM | {"slug": "own"} | sides(dossiers[1]) | {"made_from": version}
    answer = member.post("/d/own/settings", sent)
    assert answer.status_code == 409
    assert "does not say which version of" in answer.text
    assert Dossier.objects.get(pk=dossiers[1].pk).title == "Her own"

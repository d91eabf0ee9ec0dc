"""The list of sides, and changing one."""

from __future__ import annotations

import pytest

from events.models import Side
from tests.markup import parse
from tests.views.negotiation import Negotiation

pytestmark = pytest.mark.django_db


def test_list_is_in_the_order_of_lanes_with_actors_counted() -> None:
    room = Negotiation()
    client = room.client("analyst")
    sent = {"version": 1, "code": "US", "name": "United States", "order": 7, "slot": 4}
    assert client.post("/d/room/sides/SD1/edit", sent)["Location"] == "/d/room/sides/"
    page = parse(client.get("/d/room/sides/").content)
    assert [row.text for row in page.all("li", "row")] == [
        "UAUkraine Ukraine SD2 1 actor, lane 2, colour slot 2 Edit Ukraine Delete Ukraine",
        "USUnited States United States SD1 2 actors, lane 7, colour slot 4"
        " Edit United States Delete United States",
    ]


def test_two_sides_cannot_share_a_code() -> None:
    room = Negotiation()
    client = room.client("analyst")
    sent = {"code": "UA", "name": "Also Ukraine", "order": 3, "slot": 3}
    answer = client.post("/d/room/sides/new", sent)
    assert answer.status_code == 422
    assert parse(answer.content).one("section", "error-summary").text == (
        "1 field needs attention Side with this Dossier and Code already exists."
    )
    assert Side.objects.count() == 2


def test_deleting_leaves_its_actors_without_a_side() -> None:
    room = Negotiation()
    client = room.client("analyst")
    client.post("/d/room/sides/SD2/deletion", {"version": 1})
    room.ukraine.refresh_from_db()
    assert (room.ukraine.side, list(Side.objects.values_list("code", flat=True))) == (None, ["US"])

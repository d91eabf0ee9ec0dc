"""Which of our scripts a page loads: visitors get none of what only members use."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.test import Client

from tests.markup import parse
from tests.views.negotiation import Negotiation
from tracker.storage import HashedStaticFiles

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
IMPORT = re.compile(r'^import (?:.* from )?"\./([\w.-]+)";$', re.MULTILINE)
BUDGET = 65_000
"""Bytes of ours, as they are written, that a visitor's page may load."""

EVERYBODY = {"app", "dom", "drawer", "keys", "search", "theme", "toast"}
CHART = {"chart-brush", "chart-keys", "chart-moves", "chart-view", "chart-window"}
TIMELINE = EVERYBODY | CHART | {"timeline"}
SIGNED_IN = {"drafts", "undo"}
READER = EVERYBODY | {"reader", "reader-decisions", "reader-layout", "reader-parts"}
MEMBERS = SIGNED_IN | {"dates", "inline", "live", "notes"}


def loaded(client: Client, address: str) -> set[str]:
    """The modules that a page names, and those that these import."""
    page = parse(client.get(address).content)
    found: set[str] = set()
    new = {Path(s["src"]).name for s in page.all("script", type="module")}
    while new:
        found |= new
        new = {each for name in new for each in IMPORT.findall((SCRIPTS / name).read_text())}
        new -= found
    return {name.removesuffix(".js") for name in found}


LOADED = {
    ("", "/d/room/"): TIMELINE,
    ("", "/d/room/actors/"): EVERYBODY,
    ("", "/sign-in/"): EVERYBODY,
    ("outsider", "/d/room/"): TIMELINE | SIGNED_IN,
    ("reader", "/d/room/"): TIMELINE | MEMBERS,
    ("analyst", "/d/room/"): TIMELINE | MEMBERS | {"chart-calendar", "chart-dates"},
    ("analyst", "/d/room/?as_of=2025-01-01"): TIMELINE | SIGNED_IN,
    ("analyst", "/d/room/events/E1/edit"): EVERYBODY | MEMBERS,
    ("analyst", "/d/room/review/"): EVERYBODY | MEMBERS | {"review"},
    ("", "/d/room/sources/S1/"): READER,
    ("reader", "/d/room/sources/S1/"): READER | MEMBERS,
    ("analyst", "/d/room/sources/S1/"): READER | MEMBERS | {"newcomers", "selection"},
    ("analyst", "/dossiers/new"): EVERYBODY | SIGNED_IN,
}


@pytest.mark.django_db
def test_a_page_loads_what_its_reader_needs() -> None:
    room = Negotiation(visibility="public")
    found = {(who, where): loaded(room.client(who), where) for who, where in LOADED}
    assert found == LOADED


@pytest.mark.django_db
def test_a_visitor_loads_less_than_the_budget() -> None:
    names = loaded(Negotiation(visibility="public").client(""), "/d/room/")
    sizes = {name: (SCRIPTS / f"{name}.js").stat().st_size for name in names}
    assert sum(sizes.values()) < BUDGET, sizes


def test_a_module_has_one_address_whether_a_page_or_a_module_names_it(tmp_path: Path) -> None:
    """Under two addresses it would run twice."""
    own, storage = FileSystemStorage(SCRIPTS.parent), HashedStaticFiles(location=tmp_path)
    plain = {f"js/{file.name}": (own, f"js/{file.name}") for file in SCRIPTS.glob("*.js")}
    for name in plain:
        storage.save(name, ContentFile((SCRIPTS.parent / name).read_bytes()))
    done = [result for _, _, result in storage.post_process(plain)]
    assert set(done) == {True}
    hashed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    named = {Path(address).name for address in hashed.values()}
    written = [(tmp_path / "js" / name).read_text() for name in named]
    imported = {name for text in written for name in IMPORT.findall(text)}
    assert "dom.js" not in imported
    assert imported <= named

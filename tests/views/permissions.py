"""What each address is for: who may use it and how; the table that test_permissions.py tries.

A new address needs a row here, else the suite fails and names it. A row says who (an Access) and
which methods; the rest follows: who may not, gets 404 where a private dossier must not be told,
403 where they know of it, the sign-in page where they are nobody yet; other methods get 405.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import admin
from django.urls import URLResolver

from events.roles import Access

PUBLIC, SIGNED_IN = Access.PUBLIC, Access.SIGNED_IN
READ, EDIT, REVIEW, OWN = Access.READ, Access.EDIT, Access.REVIEW, Access.OWN

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MEMBERS = ("reader", "analyst", "reviewer", "owner")
ROLES = ("visitor", "outsider", *MEMBERS, "superuser", "staff")
"""A visitor has not signed in; outsiders and staff are no members; staff have no permissions."""
NOBODY = ("visitor", "outsider", "staff")

ALLOWED: dict[Access, tuple[str, ...]] = {
    PUBLIC: ROLES,
    SIGNED_IN: ROLES[1:],
    READ: ("reader", "analyst", "reviewer", "owner", "superuser"),
    EDIT: ("analyst", "reviewer", "owner", "superuser"),
    REVIEW: ("reviewer", "owner", "superuser"),
    OWN: ("owner", "superuser"),
}


class Row(NamedTuple):
    """Who may, with which methods (HEAD goes with GET); `but` names roles that get another
    answer although the access would let them in."""

    access: Access
    methods: str
    but: dict[str, str] = {}


HIDDEN = dict.fromkeys(NOBODY, "404")
"""For what is only for members, also in a public dossier."""

NOT_THEIRS = dict.fromkeys(("analyst", "reviewer", "superuser"), "403")
"""For the note that the owner wrote."""

OF_A_NOUN: dict[str, Row] = {
    "list": Row(READ, "GET"),
    "detail": Row(READ, "GET"),
    "history": Row(READ, "GET", HIDDEN),
    "version": Row(READ, "GET", HIDDEN),
    "create": Row(EDIT, "GET POST"),
    "edit": Row(EDIT, "GET POST"),
    "field": Row(EDIT, "GET POST"),
    "delete": Row(EDIT, "GET POST"),
    "restoration": Row(EDIT, "GET POST"),
    "merge": Row(EDIT, "GET POST"),
    "options": Row(EDIT, "GET"),
    "review": Row(REVIEW, "POST DELETE"),
    "publication": Row(REVIEW, "POST DELETE"),
    "withdrawal": Row(REVIEW, "POST DELETE"),
}
"""The addresses that record_paths() makes."""

NOUNS = (
    *("event", "evidence", "participation", "source", "passage", "actor", "affiliation", "side"),
    *(
        "note",
        "issue",
        "proposal",
        "term",
        "proposer",
        "consent",
        "position",
        "commitment",
        "outcome",
    ),
    *("link", "conflict", "conflictmember"),
    *("readout", "readoutpoint", "readoutpassage"),
)

OTHERS: dict[str, Row] = {
    "dossier-list": Row(PUBLIC, "GET"),
    "dossier-create": Row(SIGNED_IN, "GET POST"),
    "timeline": Row(READ, "GET"),
    "chart": Row(READ, "GET"),
    "chart-svg": Row(READ, "GET"),
    "chart-png": Row(READ, "GET"),
    "timeline-print": Row(READ, "GET"),
    "table": Row(READ, "GET"),
    "agenda": Row(READ, "GET"),
    "silences": Row(READ, "GET"),
    "proposal-versions": Row(READ, "GET"),
    "agenda-feed": Row(READ, "GET"),
    "matrix": Row(READ, "GET"),
    "matrix-csv": Row(READ, "GET"),
    "matrix-svg": Row(READ, "GET"),
    "matrix-png": Row(READ, "GET"),
    "shifts": Row(READ, "GET"),
    "ledger": Row(READ, "GET"),
    "search": Row(READ, "GET"),
    "changes": Row(READ, "GET", HIDDEN),
    "presence": Row(READ, "POST DELETE", HIDDEN),
    "source-records": Row(READ, "GET"),
    "source-details": Row(READ, "GET"),
    "conflict-decision": Row(EDIT, "GET POST"),
    "event-moved-date": Row(EDIT, "GET"),
    "note-list": Row(READ, "GET", HIDDEN),
    "event-readouts": Row(READ, "GET"),
    "readoutpoint-place": Row(EDIT, "POST"),
    "actor-events": Row(READ, "GET"),
    "conflict-sides": Row(EDIT, "GET"),
    "readoutpoint-conflict": Row(EDIT, "POST"),
    "note-edit": Row(EDIT, "GET POST", NOT_THEIRS),
    "note-field": Row(EDIT, "GET POST", NOT_THEIRS),
    "note-restoration": Row(EDIT, "GET POST", NOT_THEIRS),
    "note-delete": Row(EDIT, "GET POST", dict.fromkeys(("analyst", "reviewer"), "403")),
    # Nothing of a passage is changed in place.
    "passage-field": Row(EDIT, "GET POST", dict.fromkeys(ROLES, "404")),
    "source-beside": Row(READ, "GET", HIDDEN),
    "source-text-create": Row(EDIT, "GET POST"),
    "source-text-detail": Row(READ, "GET", HIDDEN),
    "source-text-changes": Row(READ, "GET", HIDDEN),
    "passage-queue": Row(READ, "GET", HIDDEN),
    "passage-detail": Row(READ, "GET", HIDDEN),
    "passage-place": Row(EDIT, "POST"),
    "passage-loss": Row(EDIT, "POST"),
    "note-people": Row(EDIT, "GET"),
    "note-resolution": Row(EDIT, "POST"),
    "note-reopening": Row(EDIT, "POST"),
    "checks": Row(READ, "GET", HIDDEN),
    "review": Row(EDIT, "GET"),
    "review-publication": Row(REVIEW, "POST"),
    "review-marking": Row(REVIEW, "POST"),
    "date-reading": Row(EDIT, "GET"),
    "source-marking": Row(EDIT, "GET"),
    "source-mark": Row(EDIT, "GET POST"),
    "source-mark-targets": Row(EDIT, "GET"),
    "suggestion-acceptance": Row(EDIT, "POST"),
    "suggestion-rejection": Row(EDIT, "POST"),
    "dossier-edit": Row(OWN, "GET POST"),
    "members": Row(OWN, "GET POST"),
    "membership-edit": Row(OWN, "POST"),
    "membership-delete": Row(OWN, "GET POST"),
    # A superuser who is no member has nothing to leave.
    "membership-departure": Row(READ, "GET POST", {**HIDDEN, "superuser": "404"}),
    "history": Row(READ, "GET", HIDDEN),
    "revision-detail": Row(READ, "GET", HIDDEN),
    # What an owner did, an analyst does not undo.
    "revision-restoration": Row(EDIT, "POST", {"analyst": "403"}),
    "undo": Row(EDIT, "GET POST", {"analyst": "403"}),
    "sign-in": Row(PUBLIC, "GET POST PUT"),
    "sign-out": Row(PUBLIC, "POST"),
    "preferences": Row(PUBLIC, "POST"),
    "healthz": Row(PUBLIC, "GET"),
    "readyz": Row(PUBLIC, "GET"),
}

OF_THE_ADMIN = {
    # Name in the admin: what staff without a permission get, and a superuser.
    "index": ("yes", "yes"),
    "password_change": ("yes", "yes"),
    "password_change_done": ("yes", "yes"),
    "jsi18n": ("yes", "yes"),
    "autocomplete": ("403", "403"),  # Without the field that asks.
    "app_list": ("404", "yes"),
    "auth_user_password_change": ("403", "yes"),
    "changelist": ("403", "yes"),
    "add": ("403", "yes"),
    "history": ("403", "yes"),
    "delete": ("403", "yes"),
    "change": ("403", "yes"),
    "row": ("yes", "yes"),  # On to the page of the row, which is guarded.
    "anything else": ("404", "404"),
}
READ_ONLY = ("revision", "change", "refcounter", "presence")
"""Models whose rows nobody writes in the admin."""
NEVER_ADDED = (*READ_ONLY, "accessattempt", "accesslog", "accessfailurelog")


class Place(NamedTuple):
    """An address of the URL map: its name ("admin:" before those of the admin), how it is written
    there, and its view."""

    name: str
    pattern: str
    view: Any


def places(patterns: Any, before: str = "", space: str = "") -> list[Place]:
    """The whole URL map."""
    found: list[Place] = []
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace == "admin" else space
            found += places(pattern.url_patterns, address, inner)
        else:
            name = pattern.name or ("row" if "object_id" in address else "anything else")
            found.append(Place(space + name, address, pattern.callback))
    return found


def row_of(name: str) -> Row | None:
    """The row of an address that is not the admin's; None where nobody declared one."""
    noun, _, tail = name.rpartition("-")
    return OTHERS.get(name) or (OF_A_NOUN.get(tail) if noun in NOUNS else None)


def tail_of(name: str) -> str:
    """Which row of OF_THE_ADMIN is meant: the page's own, or that of the page's kind."""
    own = name.removeprefix("admin:")
    labels = {model._meta.label_lower.replace(".", "_") for model in admin.site._registry}
    head, _, tail = own.rpartition("_")
    return tail if head in labels else own


def expected(place: Place, role: str, method: str, *, private: bool) -> str:
    """What the declared rows promise: "yes", "404", "403", "405" or "sign in"."""
    name, is_class = place.name, hasattr(place.view, "view_class")
    if name.startswith("admin:"):
        return _of_the_admin(name, role, method)
    row = row_of(name)
    assert row is not None
    inside = row.access in (READ, EDIT, REVIEW, OWN)
    if inside and role in NOBODY:
        if private:
            return "404"
        if row.access != READ:
            return "sign in" if role == "visitor" else "403"
    elif role not in ALLOWED[row.access]:
        return "sign in" if role == "visitor" else "403"
    if name == "sign-in" and role != "visitor":
        return "yes"  # Whoever is in is led on, whatever they send.
    named = "GET" if method == "HEAD" else method
    if named != "OPTIONS" and named not in row.methods.split():
        return "405"
    if named == "OPTIONS":
        return "yes" if is_class else "405"
    return row.but.get(role, "yes")


def _of_the_admin(name: str, role: str, method: str) -> str:
    tail = tail_of(name)
    if tail == "login":
        # Django's own page, for everybody; it takes PUT as POST.
        return "yes" if method not in ("PATCH", "DELETE") else "405"
    if method not in ("GET", "HEAD", "POST"):
        return "405"
    if tail == "view_on_site":
        return "404"
    if tail == "logout":
        # Whoever is not let in is sent to the admin's first page.
        return "405" if role in ("staff", "superuser") and method != "POST" else "yes"
    if role not in ("staff", "superuser"):
        return "sign in"
    if tail in ("password_change_done", "autocomplete", "jsi18n") and method == "POST":
        return "405"
    staff, root = OF_THE_ADMIN[tail]
    if role == "staff":
        return staff
    writes = tail == "delete" or (tail == "change" and method == "POST")
    fixed = NEVER_ADDED if tail == "add" else READ_ONLY if writes else ()
    return "403" if any(f"_{model}_" in name for model in fixed) else root


def printed(got: dict[str, list[tuple[str, str, str]]]) -> list[str]:
    """The matrix as lines of text: an address or a kind of addresses to a line, a role to a
    column; in it the methods that are let in, or what all of them get."""
    cells: dict[str, dict[str, dict[str, set[str]]]] = {}
    for role, answers in got.items():
        for name, method, answer in answers:
            cells.setdefault(_group(name), {}).setdefault(role, {}).setdefault(method, set())
            cells[_group(name)][role][method].add(answer)
    width = max(map(len, cells)) + 2
    lines = [" " * width + "".join(f"{role:<15}" for role in got)]
    for group, by_role in sorted(cells.items()):
        words = [_cell(by_role[role]) for role in got]
        lines.append(f"{group:<{width}}" + "".join(f"{word:<15}" for word in words))
    counts = [f"{role} {len(answers):,}" for role, answers in got.items()]
    addresses = len({name for answers in got.values() for name, *_ in answers})
    return [*lines, f"Requests: {', '.join(counts)}; {addresses} names of addresses."]


def _group(name: str) -> str:
    if name.startswith("admin:"):
        tail = tail_of(name)
        return f"admin: {tail} of a model" if f"_{tail}" in name else f"admin: {tail}"
    noun, _, tail = name.rpartition("-")
    return f"a record: {tail}" if noun in NOUNS and name not in OTHERS else name


def _cell(by_method: dict[str, set[str]]) -> str:
    """ "GET POST" for methods let in; for none of them the answer: "404", "403", "sign in"."""
    let_in = [m for m, said in by_method.items() if "yes" in said and m not in ("HEAD", "OPTIONS")]
    if let_in:
        return " ".join(let_in) if len(let_in) < 5 else "all"
    refused = {word for said in by_method.values() for word in said} - {"405", "yes"}
    return "/".join(sorted(refused)) or "405"

"""The house rules (CONTRIBUTING.md) that a program can check, over every file of the tree.

Each rule is a function from a file's text, or from a view, to what it finds wrong there; below it
stand the test over the tree and the proof, on a small bad example, that the rule bites.
"""

import ast
import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views import View

from events.gate import open_to, requires
from events.roles import Access

ROOT = Path(__file__).resolve().parent.parent

PURE = (
    "dates",
    "anchors",
    "timeline",
    "suggest",
    "marks",
    "signs",
    "diff",
    "alignment",
    "titles",
    "drafting",
    "negotiation",
    "ordering",
)
# What a module may import: its own layer and those before it. Modules not named stand with
# formats, between the models and what answers people.
LAYERS = (
    set(PURE),
    {"models", "history"},
    {"formats", "filters", "search"},
    {"views", "admin", "management", "templatetags", "urls"},
)
# Views of something other than one noun.
NOT_A_NOUN = {
    *{"timeline", "history", "exchange", "review", "search", "changes", "checks", "marking"},
    *{"account", "addresses", "editing", "health", "lifecycle", "merging", "records"},
    # What a source has: versions of its text, the passages in them, a translation beside it.
    *{"text_version", "passage", "beside"},
    # What the pages of actors and issues show of them.
    *{"around", "profile", "standings"},
    # Accounts of an event, side by side.
    "compared",
    # What pages of several nouns show.
    *{"cited", "contested", "meanwhile", "panels", "rows"},
    # The timeline taken away: as a picture, on paper.
    "chart_file",
    # What is on the table: proposals and what hangs on them.
    *{"table", "agenda", "silence"},
    # Who stands where on what, the ledger of one cell, what moved, and all that taken away.
    *{"matrix", "matrix_file", "shift"},
    # A text on its way in, of a new source or a version of one.
    "source_text",
}
# Methods that Django calls by name where it finds them.
ASKED_FOR = {
    *{"get", "post", "put", "patch", "delete"},
    *{"contribute_to_class", "deconstruct", "get_absolute_url"},
}
VAGUE = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "shared"}
BLOCK_LIMIT = 45  # lines; "about 30"

Checker = Callable[[str], list[str]]
Walk = Callable[[ast.AST], Iterator[ast.AST]]


def python_files(*places: str) -> list[Path]:
    """List the Python files of some folders, migrations aside."""
    found = [file for place in places for file in (ROOT / place).rglob("*.py")]
    return sorted(file for file in found if "migrations" not in file.parts)


def templates() -> list[Path]:
    """List our templates."""
    return sorted((ROOT / "templates").rglob("*.html"))


def offences(files: Iterable[Path], check: Checker) -> list[str]:
    """Apply a rule to files; each offence is led by its file's name."""
    return [
        f"{file.relative_to(ROOT)}: {offence}"
        for file in files
        for offence in check(file.read_text())
    ]


def assert_none(found: Iterable[str]) -> None:
    """Fail with every offence on a line of its own."""
    listed = sorted(found)
    assert not listed, "\n" + "\n".join(listed)


def walk_running(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs: not what stands under `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from walk_running(node)


def imports(source: str, package: str, walk: Walk = walk_running) -> list[str]:
    """List the dotted names that a module of `package` imports when it runs."""
    found = []
    for node in walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            lead = parts[: len(parts) - node.level + 1] if node.level else []
            base = ".".join([*lead, *([node.module] if node.module else [])])
            found += [f"{base}.{alias.name}" for alias in node.names]
    return found


def package_of(file: Path) -> str:
    """Give the package a file belongs to: events.forms for events/forms/event.py."""
    return ".".join(file.relative_to(ROOT).parent.parts)


def module_of(file: Path) -> str:
    """Give the module a file makes: events.forms for events/forms/__init__.py."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def is_within(name: str, outer: str) -> bool:
    """Tell whether a dotted name is `outer` or lies in it."""
    return name == outer or name.startswith(f"{outer}.")


# Rule 1: models have verbs; a view asks for one of them, within one recording.

WRITES = {
    *{"save", "delete", "create", "update", "write", "get_or_create", "update_or_create"},
    *{"bulk_create", "bulk_update", "revise", "restore", "undo", "establish", "move_to"},
    *{"publish", "review", "withdraw", "receive", "add_text", "decide"},
}


def writes(node: ast.AST) -> list[ast.Call]:
    """Find what in a function writes. Accounts are no records, and commit=False does not save."""
    return [
        call
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in WRITES
        and ast.unparse(call.func.value) != "request.user"
        and "commit=False" not in map(ast.unparse, call.keywords)
    ]


def busy_views(source: str) -> list[str]:
    """Find functions that write twice, or in a loop."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and len(writes(node)) > 1:
            found.append(f"{node.name} writes {len(writes(node))} times")
        if isinstance(node, ast.For | ast.While | ast.ListComp) and writes(node):
            found.append(f"line {node.lineno} writes in a loop")
    return found


def test_no_view_changes_two_records_itself() -> None:
    assert_none(offences(python_files("events/views"), busy_views))


def test_no_view_changes_two_records_bites() -> None:
    source = (
        "def post(request):\n    form.save(commit=False)\n    form.save()\n    sides.save()\n"
        "def put(request):\n    for row in rows:\n        row.publish()"
    )
    assert busy_views(source) == ["post writes 2 times", "line 6 writes in a loop"]


def database_names(source: str) -> list[str]:
    """Find what a view imports to ask the database without a model."""
    roots = ("django.db.connection", "django.db.connections", "psycopg")
    return [name for name in imports(source, "") if any(is_within(name, root) for root in roots)]


def test_views_hold_no_sql() -> None:
    # Whether the database answers at all is no question to a model.
    files = [file for file in python_files("events/views") if file.stem != "health"]
    assert_none(offences(files, database_names))


def test_views_hold_no_sql_bites() -> None:
    source = "from django.db import IntegrityError, connection"
    assert database_names(source) == ["django.db.connection"]


# Rule 2: one door for writes; no signals.


def unrecorded(source: str) -> list[str]:
    """Find writes that do not stand in a `with` of recording(). A form's write() opens its own."""
    tree = ast.parse(source)
    inside = {
        call
        for node in ast.walk(tree)
        if isinstance(node, ast.With) and any("recording(" in ast.unparse(i) for i in node.items)
        for call in writes(node)
    }
    return [
        f"line {call.lineno} writes outside recording(): {ast.unparse(call)}"
        for call in writes(tree)
        if call not in inside and not ast.unparse(call.func).endswith("form.write")
    ]


def test_views_write_inside_recording() -> None:
    assert_none(offences(python_files("events/views"), unrecorded))


def test_views_write_inside_recording_bites() -> None:
    source = "with history.recording(by=me):\n    a.save()\nb.save()\nform.write(by=me)"
    assert unrecorded(source) == ["line 3 writes outside recording(): b.save()"]


def settings_of_author(source: str) -> list[str]:
    """Find texts that name the setting by which the database knows the author."""
    return [
        f"line {node.lineno} names {node.value!r}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and "truceline.author" in str(node.value)
    ]


def test_only_the_history_sets_the_author() -> None:
    files = [file for file in python_files("events", "tracker") if file.stem != "history"]
    assert_none(offences(files, settings_of_author))
    assert settings_of_author((ROOT / "events/history.py").read_text())


def signals(source: str) -> list[str]:
    """Find imports of Django's signals."""
    roots = ("django.dispatch", "django.db.models.signals", "django.core.signals")
    return [name for name in imports(source, "") if any(is_within(name, root) for root in roots)]


def test_no_signals() -> None:
    assert_none(offences(python_files("events", "tracker"), signals))


def test_no_signals_bites() -> None:
    assert signals("from django.db.models.signals import post_save") == [
        "django.db.models.signals.post_save"
    ]


# Rule 3: pure packages know neither the database nor the web.


def impurities(source: str, package: str = "events") -> list[str]:
    """Find what a pure module must not import."""
    roots = ("django.db", "django.http", "django.views", "django.forms", "psycopg")
    names = imports(source, package)
    return [name for name in names if any(is_within(name, root) for root in roots)]


def pure_files() -> list[Path]:
    """List the files of the pure packages, whether they are folders or single files."""
    names = {f"events.{name}" for name in PURE}
    return [
        file
        for file in python_files("events")
        if any(is_within(module_of(file), name) for name in names)
    ]


def test_pure_packages_import_neither_database_nor_web() -> None:
    files = pure_files()
    assert {module_of(file).split(".")[1] for file in files} >= {"dates", "timeline"}
    assert_none(
        f"{module_of(file)} imports {name}"
        for file in files
        for name in impurities(file.read_text(), package_of(file))
    )


def test_pure_packages_bites() -> None:
    source = "from django.db import models\nimport django.http\nfrom django.utils import html"
    assert impurities(source) == ["django.db.models", "django.http"]
    assert impurities("if TYPE_CHECKING:\n    from django.db import models") == []


# Rule 4: imports run one way.


def layer(module: str) -> int:
    """Give the place of events.<name>... in LAYERS."""
    name = module.split(".")[1]
    return next((number for number, names in enumerate(LAYERS) if name in names), 2)


def backward(source: str, module: str, package: str) -> list[str]:
    """Find imports from a later layer."""
    own = layer(module)
    return [
        name
        for name in imports(source, package)
        if name.startswith("events.") and layer(name) > own
    ]


def test_imports_run_one_way() -> None:
    files = [file for file in python_files("events") if module_of(file) != "events"]
    assert_none(
        f"{module_of(file)} imports {name}"
        for file in files
        for name in backward(file.read_text(), module_of(file), package_of(file))
    )


def test_imports_run_one_way_bites() -> None:
    source = "from events.views import event\nfrom .. import dates\nfrom ..forms import fields"
    assert backward(source, "events.models.event", "events.models") == [
        "events.views.event",
        "events.forms.fields",
    ]


def led_to(start: str, named: dict[str, list[str]]) -> set[str]:
    """Follow what modules import, for types too, as far as it leads."""
    found: set[str] = set()
    new = {start}
    while new:
        found |= new
        names = {name for module in new for name in named[module]}
        new = {module for name in names for module in (name, name.rpartition(".")[0])}
        new = (new & named.keys()) - found
    return found


def test_forms_stand_in_no_circle_with_models_and_roles() -> None:
    named = {
        module_of(file): imports(file.read_text(), package_of(file), ast.walk)
        for file in python_files("events")
    }
    assert_none(
        f"{start} leads to {module}"
        for start in ("events.models", "events.history", "events.roles")
        for module in sorted(led_to(start, named))
        if is_within(module, "events.forms") or module == "events.gate"
    )


def test_what_imports_lead_to_bites() -> None:
    named = {"a": ["b.Form"], "b": ["c", "else.d"], "c": ["a.Model"], "d": ["a"]}
    assert led_to("a", named) == {"a", "b", "c"}
    for_types = "if TYPE_CHECKING:\n    from events import forms"
    assert imports(for_types, "events", ast.walk) == ["events.forms"]


# Rule 5: one file per noun, under the same name everywhere.


def nouns() -> set[str]:
    """Give the nouns: the files of events/models that hold one."""
    files = (ROOT / "events/models").glob("*.py")
    return {file.stem for file in files} - {"__init__", "base", "fields"}


def plurals(names: Iterable[str], known: set[str]) -> list[str]:
    """Find names that are a noun's plural."""
    return [name for name in names if name.removesuffix("s") in known - {name} and name[-1] == "s"]


def test_every_model_file_holds_its_noun() -> None:
    for noun in nouns():
        names = dir(importlib.import_module(f"events.models.{noun}"))
        assert noun in {name.lower() for name in names}, f"events/models/{noun}.py"


def test_views_forms_and_templates_are_named_after_nouns() -> None:
    known = nouns()
    views = {file.stem for file in (ROOT / "events/views").glob("*.py")} - {"__init__"}
    assert views - known - NOT_A_NOUN == set()
    forms = {file.stem for file in (ROOT / "events/forms").glob("*.py")}
    assert plurals(forms, known) == []
    pages = {file.stem for file in (ROOT / "templates/events").glob("*_*.html")}
    # A file of events/models may hold more records than the one it is named after.
    known |= {model._meta.model_name for model in apps.get_app_config("events").get_models()}
    assert {page for page in pages if page.split("_")[0] not in known | {"record"}} == set()


def pages_of_nouns() -> set[str]:
    """Give the nouns that have a list of their own, by the URL map."""
    names = {
        pattern.name or ""
        for pattern in get_resolver("events.urls").url_patterns
        if isinstance(pattern, URLPattern)
    }
    return {name.removesuffix("-list") for name in names if name.endswith("-list")}


def missing_files(noun: str, home: str, root: Path = ROOT) -> list[str]:
    """Find which files of a noun with pages are not there; `home` is the noun of its model file."""
    wanted = [f"events/{place}/{home}.py" for place in ("models", "views", "forms")]
    wanted += [f"templates/events/{noun}_list.html", f"tests/views/test_{home}.py"]
    return [file for file in wanted if not (root / file).exists()]


def test_nouns_with_pages_have_a_file_everywhere() -> None:
    found = pages_of_nouns()
    assert found >= {"event", "source", "actor", "dossier"}
    models = {m._meta.model_name: m for m in apps.get_app_config("events").get_models()}
    homes = {noun: models[noun].__module__.rpartition(".")[2] for noun in found}
    assert_none(
        f"{noun}: {file}" for noun, home in homes.items() for file in missing_files(noun, home)
    )


def test_nouns_with_pages_bites(tmp_path: Path) -> None:
    (tmp_path / "events/models").mkdir(parents=True)
    (tmp_path / "events/models/actor.py").touch()
    assert missing_files("affiliation", "actor", tmp_path) == [
        "events/views/actor.py",
        "events/forms/actor.py",
        "templates/events/affiliation_list.html",
        "tests/views/test_actor.py",
    ]


def test_plurals_bites() -> None:
    assert plurals(["event", "events", "timeline"], {"event"}) == ["events"]


# Rule 6: a fragment lives in its page as a partial.

NO_PAGE = {
    "as_of.html": "the control of the past in every page, each piece a partial",
    "base.html": "what pages extend",
    "components.html": "pieces of many pages, each a partial",
    "timeline_chart.html": "the chart, drawn alone by its own tests",
    "events/record_panels.html": "pieces of many records' pages, each a partial",
    "events/note_detail.html": "notes beside many records, each piece a partial",
    "events/widgets/record_input.html": "a widget, which Django looks up by file",
    "django/forms/div.html": "a form, likewise",
    "django/forms/field.html": "a form's field, likewise",
}


def fragments(names: dict[str, str]) -> list[str]:
    """Find templates (name to text) that are not pages: they extend nothing and are not known."""
    return [
        name
        for name, text in names.items()
        if not re.match(r"\s*({#.*?#}\s*)?{%\s*extends\b", text) and name not in NO_PAGE
    ]


def test_fragments_live_in_their_pages() -> None:
    place = ROOT / "templates"
    there = {str(file.relative_to(place)): file.read_text() for file in templates()}
    assert fragments(there) == []
    assert set(NO_PAGE) <= set(there)


def test_fragments_bites() -> None:
    page = '{% extends "base.html" %}'
    assert fragments({"a.html": page, "a_row.html": "<li>", "base.html": "<html>"}) == [
        "a_row.html"
    ]


# Rule 7: every view declares who may use it.


def callbacks(patterns: Iterable[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Walk the URL map: address and callback of every view that is ours to guard."""
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            # The admin guards every one of its views itself.
            if pattern.namespace != "admin":
                yield from callbacks(pattern.url_patterns, address)
        else:
            yield address, pattern.callback


def undeclared(address: str, callback: Any) -> list[str]:
    """Find what is wrong with a view's declaration."""
    access = getattr(callback, "access", None)
    if not isinstance(access, Access):
        return [f"{address}: declares no access"]
    outside = access in {Access.PUBLIC, Access.SIGNED_IN, Access.STAFF}
    if ("<slug:slug>" in address) == outside:
        return [f"{address}: {access} does not suit this address"]
    return []


def test_every_view_declares_who_may_use_it() -> None:
    ours = list(callbacks(get_resolver().url_patterns))
    assert ours
    assert_none(offence for view in ours for offence in undeclared(*view))


def test_every_view_declares_bites() -> None:
    @requires(Access.EDIT)
    class Guarded(View):
        pass

    class Loosened(Guarded):
        def dispatch(self, *args: Any, **kwargs: Any) -> Any:
            return super().dispatch(*args, **kwargs)

    @open_to(Access.PUBLIC)
    def public(request: Any) -> None: ...

    patterns: list[URLPattern] = [
        path("d/<slug:slug>/a", Guarded.as_view()),
        path("d/<slug:slug>/b", Loosened.as_view()),
        path("d/<slug:slug>/c", public),
        path("d", public),
        path("e", Guarded.as_view()),
    ]
    found = [offence for view in callbacks(patterns) for offence in undeclared(*view)]
    assert found == [
        "d/<slug:slug>/b: declares no access",
        "d/<slug:slug>/c: public does not suit this address",
        "e: edit does not suit this address",
    ]


# Rule 8: what a request asks for is read in one kind of place.


READERS = re.compile(r"(Form|Filter|\.form|\.initial_from)$")


def reads_of_get(source: str) -> list[str]:
    """Find request.GET put to any use but being handed whole to a form or a filter."""
    tree = ast.parse(source)
    handed = {
        argument
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and READERS.search(ast.unparse(call.func))
        for argument in call.args
    }
    return [
        f"line {node.lineno} reads request.GET"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "GET" and node not in handed
    ]


def test_get_parameters_are_read_only_in_forms_and_filters() -> None:
    allowed = (ROOT / "events/forms", ROOT / "events/filters.py", ROOT / "events/filters")
    files = [
        file
        for file in python_files("events", "tracker")
        if not any(file == place or place in file.parents for place in allowed)
    ]
    assert_none(offences(files, reads_of_get))


@pytest.mark.parametrize(
    "use",
    [
        "request.GET['q']",
        "request.GET.get('q')",
        "'q' in request.GET",
        "dict(request.GET)",
        "f(request.GET)",
    ],
)
def test_get_parameters_bites(use: str) -> None:
    assert reads_of_get(f"def view(request):\n    return {use}") == ["line 2 reads request.GET"]
    assert reads_of_get("def view(request):\n    return SearchForm(request.GET)") == []


# Rule 9: a format's reader and writer share a file.


def one_way(source: str) -> list[str]:
    """Find a writer without its reader: dump() without load(), whatever follows in the name."""
    names = {n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}
    writers = sorted(name for name in names if re.match(r"(dump|write_)", name))
    return [f"{name} has no load() beside it" for name in writers if "load" not in names]


def test_reader_and_writer_share_a_file() -> None:
    files = python_files("events/formats")
    assert_none(offences(files, one_way))
    split = [
        file.name for file in files if re.search(r"_(reader|writer|parser|out|in)$", file.stem)
    ]
    assert split == []


def test_formats_that_go_both_ways_are_tested_so() -> None:
    both = [
        file.stem
        for file in python_files("events/formats")
        if re.search(r"^def dump\(", file.read_text(), re.MULTILINE)
    ]
    assert both == ["dossier"]
    for name in both:
        text = (ROOT / f"tests/formats/test_{name}.py").read_text()
        assert re.search(rf"{name}\.load\((written|{name}\.dump)", text), name


def test_reader_and_writer_bites() -> None:
    assert one_way("def dump(x):\n    pass\ndef write_folder(x):\n    pass") == [
        "dump has no load() beside it",
        "write_folder has no load() beside it",
    ]
    assert one_way("def load(x):\n    pass\ndef dump(x):\n    pass") == []


# Rule 10: small files with telling names.


def lines(file: Path) -> int:
    """Count a file's lines, blank ones aside."""
    return sum(bool(line.strip()) for line in file.read_text().splitlines())


def test_commands_are_under_30_lines() -> None:
    files = [f for f in python_files("events/management/commands") if f.stem != "__init__"]
    long = {file.name: count for file in files if (count := lines(file)) >= 30}
    assert files
    assert long == {}


def test_views_are_under_200_lines() -> None:
    files = python_files("events/views")
    assert files
    long = {file.name: count for file in files if (count := lines(file)) >= 200}
    assert long == {}


def test_no_vague_names() -> None:
    places = [ROOT / place for place in ("events", "tracker", "templates", "static", "tests")]
    names = [path for place in places for path in place.rglob("*") if path.stem in VAGUE]
    assert names == []


TAG = re.compile(r"{%\s*(end)?(block|partialdef)\b\s*([\w-]*)")


def long_blocks(source: str) -> list[str]:
    """Find blocks and partials of a template that are longer than BLOCK_LIMIT lines.

    Lines of a block inside another count for the inner one alone.
    """
    found, open_blocks = [], list[list[Any]]()
    for line in source.splitlines():
        if open_blocks:
            open_blocks[-1][1] += 1
        for end, _, name in TAG.findall(line):
            if not end:
                open_blocks.append([name, 0])
            elif open_blocks:
                name, lines = open_blocks.pop()
                if lines > BLOCK_LIMIT:
                    found.append(f"block {name} has {lines} lines")
    return found


def test_template_blocks_are_short() -> None:
    assert_none(offences(templates(), long_blocks))


def test_template_blocks_bites() -> None:
    lines = "<p>\n" * (BLOCK_LIMIT + 5)
    assert long_blocks(f"{{% block a %}}\n{lines}{{% endblock %}}") == ["block a has 51 lines"]
    inner = f"{{% partialdef b %}}\n{'<p>\n' * 30}{{% endpartialdef %}}\n"
    assert long_blocks(f"{{% block a %}}\n{inner}{'<p>\n' * 30}{{% endblock %}}") == []


# Rule 11: list pages pin their number of queries.


def unpinned(lists: Iterable[str], source: str) -> list[str]:
    """Find lists, by the last part of their address, whose queries `source` does not pin."""
    table = next(
        node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "QUERIES"
    )
    pinned = ast.literal_eval(table)
    return [name for name in lists if not isinstance(pinned.get(name), int)]


def test_lists_pin_their_queries() -> None:
    patterns = get_resolver("events.urls").url_patterns
    lists = [
        str(pattern.pattern).removeprefix("d/<slug:slug>/").rstrip("/")
        for pattern in patterns
        if isinstance(pattern, URLPattern) and (pattern.name or "").endswith("-list")
    ]
    assert len(lists) > 10
    text = (ROOT / "tests/views/test_records.py").read_text()
    assert unpinned([name for name in lists if name], text) == []
    # The pages that are no record's list pin theirs where they are tested.
    for page in ("dossier", "timeline", "search", "matrix"):
        text = (ROOT / f"tests/views/test_{page}.py").read_text()
        assert "django_assert_num_queries(" in text, page


def test_lists_pin_bites() -> None:
    assert unpinned(["events", "sides"], "QUERIES = {'events': 6}") == ["sides"]


# Rule 12: public functions have types and a docstring.


def unexplained(source: str, module: Any = None) -> list[str]:
    """Find public functions and methods without types or a docstring.

    A method that replaces one of a base class, or that Django asks for by name, is explained
    there; properties and the methods of private classes explain themselves.
    """
    tree = ast.parse(source)
    found = [] if ast.get_docstring(tree) or not tree.body else ["the module has no docstring"]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found += _untyped(node, node.name)
            if not ast.get_docstring(node):
                found.append(f"{node.name} has no docstring")
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found += _methods(node, getattr(module, node.name, None))
    return found


def _methods(owner: ast.ClassDef, real: Any) -> list[str]:
    found = []
    inherited = ASKED_FOR | {
        name for base in getattr(real, "__mro__", [])[1:] for name in vars(base)
    }
    for node in owner.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        found += _untyped(node, f"{owner.name}.{node.name}")
        wrapped = {ast.unparse(decorator) for decorator in node.decorator_list}
        is_property = bool(wrapped & {"property", "cached_property"})
        if not ast.get_docstring(node) and node.name not in inherited and not is_property:
            found.append(f"{owner.name}.{node.name} has no docstring")
    return found


def _untyped(node: ast.FunctionDef, name: str) -> list[str]:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    arguments += [extra for extra in (node.args.vararg, node.args.kwarg) if extra]
    bare = [a.arg for a in arguments if a.annotation is None and a.arg not in ("self", "cls")]
    found = [f"{name} does not say the type of {', '.join(bare)}"] if bare else []
    return found if node.returns else [*found, f"{name} does not say what it gives"]


def test_public_functions_have_types_and_docstrings() -> None:
    found: list[str] = []
    for file in python_files("events", "tracker"):
        module = importlib.import_module(module_of(file))
        found += offences([file], lambda source, module=module: unexplained(source, module))
    assert_none(found)


def test_public_functions_bites() -> None:
    source = (
        '"""Doc."""\ndef f(a, b: int):\n    pass\nclass C:\n    def g(self) -> int:\n        pass'
    )
    assert unexplained(source) == [
        "f does not say the type of a",
        "f does not say what it gives",
        "f has no docstring",
        "C.g has no docstring",
    ]


# Rule 13: a test that asserts no more than status 200 proves next to nothing.


def weak_tests(source: str) -> list[str]:
    """Find tests whose every assertion is that a status is 200."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            asserted = [ast.unparse(a.test) for a in ast.walk(node) if isinstance(a, ast.Assert)]
            if asserted and all(
                re.fullmatch(r"[\w.()'\"/, ]*status(_code)? == 200", text) for text in asserted
            ):
                found.append(f"{node.name} asserts only that the status is 200")
    return found


def test_no_test_asserts_only_status_200() -> None:
    assert_none(offences(python_files("tests"), weak_tests))


def test_status_200_bites() -> None:
    source = "def test_a(client):\n    assert client.get('/').status_code == 200"
    assert weak_tests(source) == ["test_a asserts only that the status is 200"]


CHECKS = re.compile(r"assert|expect|raises|num_queries")


def claims_nothing(source: str) -> list[str]:
    """Find tests that assert nothing, neither themselves nor by a function of the same file."""
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
    claiming: set[str] = set()
    for _ in range(3):  # as deep as such functions call each other
        claiming |= {function.name for function in functions if _claims(function, claiming)}
    return [
        f"{function.name} asserts nothing"
        for function in functions
        if function.name.startswith("test_") and function.name not in claiming
    ]


def _claims(function: ast.FunctionDef, known: set[str]) -> bool:
    nodes = list(ast.walk(function))
    called = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    by_others = any(CHECKS.search(name) or name in known for name in called)
    return by_others or any(isinstance(node, ast.Assert) for node in nodes)


def test_every_test_asserts_something() -> None:
    assert_none(offences(python_files("tests"), claims_nothing))


def test_every_test_asserts_bites() -> None:
    source = (
        "def test_a(client):\n    client.get('/')\ndef test_b(page):\n    assert_accessible(page)"
    )
    assert claims_nothing(source) == ["test_a asserts nothing"]


# Rule 14: warnings are errors, and no test is passed over.


def test_warnings_are_errors(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.getini("filterwarnings") == ["error"]


def passed_over(source: str) -> list[str]:
    """Find tests that are skipped or expected to fail."""
    names = {"skip", "skipif", "skipIf", "skipUnless", "xfail", "importorskip", "skipTest"}
    return [
        f"line {node.lineno} uses {node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in names
    ]


def test_no_test_is_skipped() -> None:
    assert_none(offences(python_files("tests"), passed_over))


def test_no_test_is_skipped_bites() -> None:
    assert passed_over("@pytest.mark.skip\ndef test_a(): pass") == ["line 1 uses skip"]


# Rule 15: no inline script or style; the CSP would refuse it.

INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\s(hx-)?on[:\w-]*\s*=", re.IGNORECASE),
    "a script without src": re.compile(r"<script(?![^>]*\ssrc\s*=)[^>]*>", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "a value that is evaluated": re.compile(r"=\s*[\"']\s*js:", re.IGNORECASE),
}
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)


def inline(source: str) -> list[str]:
    """Find inline script and style in a template, comments aside."""
    text = COMMENT.sub("", source)
    return [f"{what}: {m[0][:60]}" for what, rule in INLINE.items() for m in rule.finditer(text)]


def test_templates_have_no_inline_script_or_style() -> None:
    files = templates()
    assert files
    assert_none(offences(files, inline))


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ('<p style="x">', "a style attribute"),
        ('<a\n onclick="x">', "an event attribute"),
        ('<a hx-on:click="x">', "an event attribute"),
        ("<script>x</script>", "a script without src"),
        ("<style>x</style>", "a style element"),
        ('<a href="javascript:x">', "a javascript: address"),
        ("<a hx-vals='js:{a: b}'>", "a value that is evaluated"),
    ],
)
def test_inline_bites(source: str, what: str) -> None:
    assert [offence.split(":")[0] for offence in inline(source)][-1] == what.split(":")[0]


def test_inline_leaves_the_rest_alone() -> None:
    source = '{# <p style="x"> #}<script src="a.js" type="module"></script><b data-on="1">a</b>'
    assert inline(source) == []


def inline_in_python(source: str) -> list[str]:
    """Find inline script and style in the HTML that Python writes."""
    return [
        offence
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for offence in inline(node.value)
    ]


def test_python_writes_no_inline_script_or_style() -> None:
    assert_none(offences(python_files("events", "tracker"), inline_in_python))
    assert inline_in_python("x = format_html('<p style=\"{}\">', y)")


def test_the_policy_allows_nothing_inline() -> None:
    allowed = {str(value) for values in settings.SECURE_CSP.values() for value in values}
    assert allowed == {"'none'", "'self'", "data:"}


def test_scripts_evaluate_nothing() -> None:
    files = sorted((ROOT / "static/js").rglob("*.js"))
    evaluating = re.compile(r"\beval\(|new Function\(|\bdocument\.write\(")
    assert [str(file) for file in files if evaluating.search(file.read_text())] == []

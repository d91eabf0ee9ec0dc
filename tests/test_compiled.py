"""Queries whose text is kept: they answer as the ORM does, whatever is asked for next."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Count, QuerySet

from events import history
from events.compiled import compiled
from events.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def _build(keys: list[int], kind: str, *, backwards: bool) -> QuerySet[Any, Any]:
    rows = Event.objects.filter(pk__in=keys, pk__among=keys, kind=kind)
    rows = rows.annotate(links=Count("links_out"))
    return rows.order_by("-pk" if backwards else "pk").values_list("pk", "earliest", "links")


def test_rows_are_those_of_the_orm() -> None:
    ask = compiled(_build)
    with history.recording(by=factories.UserFactory()):
        dossier = factories.DossierFactory()
        kinds = ["talks", "post", "talks", "post", "talks"]
        events = [factories.EventFactory(dossier=dossier, kind=kind) for kind in kinds]
    talks, posts = ([one.pk for one in events if one.kind == k] for k in ("talks", "post"))
    for keys in (talks, posts, [*talks, *posts], talks[:1], []):
        for kind in ("talks", "post", "100%s"):
            for backwards in (True, False):
                found = ask(keys, kind, backwards=backwards)
                assert found == list(_build(keys, kind, backwards=backwards))


def test_another_number_of_values_is_refused() -> None:
    with pytest.raises(TypeError, match="takes keys, kind"):
        compiled(_build)([1], backwards=True)
    with pytest.raises(TypeError, match="takes keys, kind"):
        compiled(_build)([1], None, backwards=True)

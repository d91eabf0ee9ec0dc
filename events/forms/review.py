"""What the queue and the data checks read from their addresses, and what a decision sends."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.http import url_has_allowed_host_and_scheme

from events.review import Mark

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST = 100
"""Records that are published in one go, at most."""

_CHOSEN = re.compile(r"([A-Z]{1,2}[0-9]{1,15}):([0-9]{1,9})")


class AddressForm(forms.Form):
    """Parameters of a page; what does not fit counts as not given."""

    selected = forms.CharField(required=False, max_length=40)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    def asked(self, name: str) -> str:
        """The value of a parameter, "" where it is missing or does not fit."""
        return str(self.cleaned_data.get(name, ""))


class QueueForm(AddressForm):
    """The order of the queue, and where its page begins."""

    order = forms.ChoiceField(choices=[("oldest", ""), ("kind", "")], required=False)
    after = forms.CharField(required=False)
    before = forms.CharField(required=False)

    @property
    def by_kind(self) -> bool:
        """Whether the kinds come one after the other."""
        return self.asked("order") == "kind"

    def start(self) -> dict[str, Any]:
        """Where the page begins; an address that does not fit shows the first page."""
        for name in ("after", "before"):
            if mark := _read(self.asked(name)):
                return {"mark": mark, "forward": name == "after"}
        return {}


def written(mark: Mark | None) -> str:
    """A mark for an address, "" for none."""
    if mark is None:
        return ""
    words = json.dumps([mark.at.isoformat(), mark.rank, mark.pk])
    return signing.b64_encode(words.encode()).decode()


def _read(text: str) -> Mark | None:
    try:
        at, rank, pk = json.loads(signing.b64_decode(text.encode()))
        moment = dt.datetime.fromisoformat(at)
        # Postgres takes no zone further off than 16 hours, so all are brought to one.
        mark = Mark(moment.astimezone(dt.UTC), int(rank), int(pk))
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None
    return mark if moment.tzinfo and abs(mark.pk) < 2**63 else None


class DecisionForm(forms.Form):
    """A decision on one record: the version that was read, and where to go afterwards."""

    version = forms.IntegerField(required=False, min_value=1)
    next = forms.CharField(required=False)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST)
        self.host, self.secure = request.get_host(), request.is_secure()
        self.is_valid()

    @property
    def base_version(self) -> int | None:
        """The version that was read; None when the form did not say."""
        return self.cleaned_data.get("version")

    @property
    def to(self) -> str:
        """Where to go afterwards: an address of ours, or ""."""
        to = self.cleaned_data.get("next", "")
        ours = url_has_allowed_host_and_scheme(to, {self.host}, self.secure)
        # A mere word would be taken for the name of a view.
        return to if ours and to.startswith("/") else ""


class ChosenForm(forms.Form):
    """The records chosen in the queue, each as "E7:3": its ref and the version that was read."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST)
        self.sent = request.POST.getlist("record")

    def chosen(self) -> dict[str, int]:
        """Ref to version. Raises ValidationError with what would work."""
        found = [_CHOSEN.fullmatch(value) for value in self.sent]
        if not found:
            raise ValidationError("Choose the records first: tick the boxes at their left.")
        if len(found) > MOST:
            raise ValidationError(f"At most {MOST} records go at once.")
        if not all(found):
            raise ValidationError("What was sent names no record. Load the page again.")
        return {match[1]: int(match[2]) for match in found if match}


class ChecksForm(AddressForm):
    """Which check is shown alone, "" for all in short."""

    check = forms.SlugField(required=False)

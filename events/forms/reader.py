"""What the reader of a source is asked to show, from its address."""

from __future__ import annotations

from typing import ClassVar

from django import forms


class ReaderForm(forms.Form):
    """Kinds of marks to show (all unless `only` says that `show` lists them), and whether
    paragraphs without an open suggestion are folded. What does not fit is as if not asked for."""

    KINDS: ClassVar[dict[str, str]] = {
        "event": "Events",
        "position": "Positions",
        "commitment": "Commitments",
        "proposal": "Proposals",
        "other": "Other records",
        "quote": "Quotations only",
        "suggestion": "Suggestions",
    }

    only = forms.BooleanField(required=False)
    show = forms.MultipleChoiceField(choices=list(KINDS.items()), required=False)
    fold = forms.BooleanField(required=False)
    selected = forms.CharField(required=False, max_length=40)

    @property
    def shown(self) -> frozenset[str]:
        """The kinds to show."""
        if not self.is_valid() or not self.cleaned_data["only"]:
            return frozenset(self.KINDS)
        return frozenset(self.cleaned_data["show"])

    @property
    def is_folded(self) -> bool:
        """Whether to fold what is reviewed."""
        return self.is_valid() and bool(self.cleaned_data["fold"])

    @property
    def selected_ref(self) -> str:
        """The record whose drawer stands beside the text, "" for none."""
        self.is_valid()
        return str(self.cleaned_data.get("selected", ""))

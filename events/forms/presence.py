"""What a page asks when it follows the changes of others, and what it tells about itself."""

from __future__ import annotations

from django import forms

TAB = r"\A[a-z0-9]{1,40}\Z"
BIGGEST = 2**63 - 1


class ChangesForm(forms.Form):
    """From which revision on, for which page, and the people it already knows of."""

    after = forms.IntegerField(min_value=0, max_value=BIGGEST, required=False)
    tab = forms.RegexField(TAB, required=False)
    here = forms.CharField(max_length=40, required=False)
    as_of = forms.CharField(required=False)

    @property
    def problem(self) -> str:
        """What is wrong with the parameters, in a sentence; "" when they are right."""
        return " ".join(f"{name}: {errors[0]}" for name, errors in self.errors.items())


class PresenceForm(forms.Form):
    """The page that is open, and the record and field that are being edited in it."""

    tab = forms.RegexField(TAB)
    record = forms.CharField(max_length=40, required=False)
    field = forms.CharField(max_length=60, required=False)

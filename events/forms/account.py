"""Forms about the person, not about records: signing in, habits, and a date to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from events import dates
from events.forms.fields import EventWhenField
from events.models import Event, Source, User

if TYPE_CHECKING:
    from events.models import Dossier


class SignInForm(AuthenticationForm):
    """User name and password; the error says nothing about which of them was wrong."""

    error_messages = {
        "invalid_login": "This user name and password do not fit together.",
        "inactive": "This account is switched off.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = "User name"
        # Django only tells the browser how long a name may be; the log of failed tries has to fit.
        name.validators.append(MaxLengthValidator(name.max_length))


class PreferencesForm(forms.Form):
    """Theme and single keys; each may come alone."""

    theme = forms.ChoiceField(choices=User.Theme, required=False)
    single_keys = forms.ChoiceField(choices=[("on", "On"), ("off", "Off")], required=False)
    next = forms.CharField(required=False)

    def chosen(self) -> dict[str, str]:
        """The habits that were sent, by name."""
        names = ("theme", "single_keys")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class ReadingForm(forms.Form):
    """A date as it is being typed; `about` is the ref of the event it is for, or of the
    source whose words it is."""

    text = forms.CharField(max_length=dates.MAX_LENGTH, required=False, strip=False)
    about = forms.SlugField(required=False)

    def reading(self, dossier: Dossier) -> dates.Reading:
        """What the text means in this dossier. Raises ValidationError with what would work."""
        if not self.is_valid():
            raise ValidationError(f"A date has at most {dates.MAX_LENGTH} characters.")
        about = self.cleaned_data.get("about", "")
        event = Event.objects.filter(dossier=dossier, ref=about).first() if about else None
        field = EventWhenField("when")
        field.dossier, field.record = dossier, event or Event(dossier=dossier)
        source = Source.objects.filter(dossier=dossier, ref=about).first() if about else None
        if source is not None:
            field.counts_from(source)
        return field.clean(self.cleaned_data["text"])

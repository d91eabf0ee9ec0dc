"""Forms of a dossier's members: adding someone, giving another role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from events.models import Membership, User

if TYPE_CHECKING:
    from events.models import Dossier


class MemberForm(forms.Form):
    """Someone new: the user name exactly as it is written, and a role."""

    username = forms.CharField(
        label="User name, exactly as they sign in with it",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(choices=Membership.Role, initial=Membership.Role.READER)

    def __init__(self, data: Any = None, *, dossier: Dossier) -> None:
        super().__init__(data)
        self.dossier = dossier

    def clean_username(self) -> str:
        """Find the account. One that is switched off is answered like one that is not there."""
        name: str = self.cleaned_data["username"]
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise ValidationError(f"'{name}' is not an account that can be added. Check the name.")
        if Membership.objects.filter(dossier=self.dossier, user=user).exists():
            raise ValidationError(f"{name} is a member already. Change the role in the list.")
        self.user = user
        return name

    def member(self) -> Membership:
        """The membership to be saved."""
        return Membership(dossier=self.dossier, user=self.user, role=self.cleaned_data["role"])


class RoleForm(forms.Form):
    """Another role for a member, and the version of the membership it was chosen over."""

    role = forms.ChoiceField(choices=Membership.Role)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)

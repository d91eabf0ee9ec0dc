"""What a first start sets up: the shipped dossiers, and somebody to sign in as."""

import os
import secrets
from io import StringIO
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction

from events.history import recording
from events.models import Dossier, Membership, User
from tracker import places

SEEDS = [places.CHECKOUT / "seeds" / name for name in ("jeddah", "korea")]
AUTHOR = "truceline"
ADMIN = "admin"


def author() -> User:
    """Give the account in whose name things are set up; nobody can sign in with it."""
    user, made = get_user_model().objects.get_or_create(
        username=AUTHOR, defaults={"first_name": "Truceline", "last_name": "set-up"}
    )
    if made:
        user.set_unusable_password()
        user.save()
    return user


def load_seeds() -> bool:
    """Load the shipped dossiers into a database that has no dossier at all; tell whether it did.

    All or none, so that a start that was stopped halfway is made good by the next one.
    """
    if Dossier.objects.exists():
        return False
    with transaction.atomic():
        for seed in SEEDS:
            call_command("import_dossier", str(seed), by=author().username, stdout=StringIO())
    return True


def make_users(file: Path) -> dict[str, str]:
    """Make one account per role and an administrator, with random passwords.

    Each gets its role in every dossier. The passwords are given back, by user name, and kept in
    `file`, which only its owner can read. Accounts that exist are left as they are: the answer
    is empty when all do.
    """
    users = get_user_model().objects
    wanted = [*Membership.Role.values, ADMIN]
    there = set(users.filter(username__in=wanted).values_list("username", flat=True))
    passwords = {name: secrets.token_urlsafe(12) for name in wanted if name not in there}
    if not passwords:
        return {}
    with transaction.atomic():
        made = {}
        for name, password in passwords.items():
            create = users.create_superuser if name == ADMIN else users.create_user
            made[name] = create(username=name, password=password)
        with recording(by=author(), note="Accounts for a first look", origin="command"):
            for dossier in Dossier.objects.all():
                for role in Membership.Role.values:
                    if role in made:
                        Membership.objects.create(dossier=dossier, user=made[role], role=role)
        # Before the commit: a password that is stored nowhere else must not be lost to a crash.
        _keep(file, passwords)
    return passwords


def _keep(file: Path, passwords: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as out:
        out.writelines(f"{name} {password}\n" for name, password in passwords.items())

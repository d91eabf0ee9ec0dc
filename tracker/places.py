"""Where this checkout keeps what it makes: database, key, list of demo users.

Standard library only: the database's supervisor uses it too.
"""

import hashlib
import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SYSTEM = Path("/var/lib/truceline")


def home(checkout: Path = CHECKOUT) -> Path:
    """Give the folder for this checkout's own data; it may not exist yet.

    TRUCELINE_DATA names it outright. An ordinary user's lies in the checkout (var/). Root's lies
    under /var/lib/truceline, one for each checkout: Postgres refuses to run as root, and the user
    it runs as can seldom reach into root's folders.
    """
    given = os.environ.get("TRUCELINE_DATA", "")
    if given:
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        digest = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]
        return SYSTEM / digest
    return checkout / "var"

"""What a server process keeps for good is left out of the search for garbage."""

import gc

from django.urls import get_resolver


def keep() -> None:
    """Load what requests need, and never look at it again.

    A search for garbage goes through all that has been loaded, more than a hundred thousand
    objects: one request in ten or so would wait for it, for 30 to 100 ms.
    """
    _ = get_resolver().url_patterns  # The views, and all that they import.
    gc.collect()
    gc.freeze()

"""What a server process keeps for good."""

import gc

from tracker import memory


def test_what_is_loaded_is_not_looked_at_again() -> None:
    memory.keep()
    try:
        assert gc.get_freeze_count() > 50_000
        assert len(gc.get_objects()) < 10_000
    finally:
        gc.unfreeze()

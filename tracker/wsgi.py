"""The WSGI entry point: `tracker.wsgi:application`."""

import os
import signal
import threading
import time

from django.core.wsgi import get_wsgi_application

from tracker import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")


def _end_with(parent: int) -> None:
    """End when the server process has ended: killed outright, it cannot tell its workers.

    They would hold the port, and the embedded Postgres, for ever.
    """
    while os.getppid() == parent:
        time.sleep(0.25)
    os.kill(os.getpid(), signal.SIGKILL)


_server = int(os.environ.get("TRUCELINE_WORKER_OF", "0"))
if _server == os.getppid():
    threading.Thread(target=_end_with, args=[_server], daemon=True).start()

application = get_wsgi_application()
memory.keep()

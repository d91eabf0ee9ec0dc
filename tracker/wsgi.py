"""The WSGI entry point: `tracker.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# A server keeps its connections; a command opens one and ends. Only the first gains from a pool.
os.environ.setdefault("DATABASE_POOL", "1")

application = get_wsgi_application()

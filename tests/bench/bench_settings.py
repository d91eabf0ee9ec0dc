"""Truceline's settings, with a view of nothing to compare with and a place of its own for files."""

import os

from tracker.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.bench_urls"
STATIC_ROOT = os.environ["TRUCELINE_BENCH_STATIC"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

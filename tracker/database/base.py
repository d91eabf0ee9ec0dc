"""Django's Postgres backend over the embedded cluster, started by the first connection.

Settings stay free of side effects this way: `manage.py check` starts no server, and any command
that does connect just works, whether or not the web server runs.
"""

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.client import DatabaseClient

from tracker import embedded_postgres


class Client(DatabaseClient):
    """`manage.py dbshell`, which reads the settings rather than the connection's parameters."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Any
    ) -> tuple[Any, Any]:
        """Point psql at the running cluster."""
        cluster = embedded_postgres.shared()
        cluster.start()
        where = {"HOST": str(cluster.socket_folder()), "USER": embedded_postgres.ROLE}
        arguments, env = super().settings_to_cmd_args_env(settings_dict | where, parameters)
        arguments[0] = str(cluster.programs / "psql")
        return arguments, env


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to the cluster that this checkout's processes share."""

    client_class = Client

    def get_connection_params(self) -> dict[str, Any]:
        """Start the cluster or find it running, then say where its socket is."""
        cluster = embedded_postgres.shared()
        cluster.start()
        where = {"host": str(cluster.socket_folder()), "user": embedded_postgres.ROLE}
        return super().get_connection_params() | where

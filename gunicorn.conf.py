"""How gunicorn serves the web process."""

import os

from support_bridge.settings import Settings, SettingsError

try:
    port = Settings.from_env().port
except SettingsError as error:
    raise SystemExit(f"The settings are not fit to start with:\n{error}") from None

bind = f"0.0.0.0:{port}"  # noqa: S104  (a container has no other way in)
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))  # gunicorn's own name for it
worker_class = "gthread"
threads = 8
timeout = 30
graceful_timeout = 20
keepalive = 5
# No access log of gunicorn's own: it would hold whole addresses.
accesslog = None
loglevel = "warning"
control_socket_disable = True

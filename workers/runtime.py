"""The services of this process, built once, when the first job or tick asks."""

import functools

from support_bridge.services import Services, build
from support_bridge.settings import DeletingSettings, Settings
from support_bridge.store.classification import check
from support_bridge.tables import metadata
from support_bridge.unsaid import never_say


@functools.cache
def services(*, deleting: bool = False) -> Services:
    """The parts; with the credentials that may delete for the deleter alone. Raises SettingsError."""
    check(metadata)
    settings = Settings.from_env()
    credentials = DeletingSettings.from_env() if deleting else None
    never_say(settings, *([credentials] if credentials else []))
    return build(settings, credentials)

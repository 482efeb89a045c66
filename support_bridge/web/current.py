"""The services of the application that answers the current request, or runs the current command."""

from typing import cast

from flask import Flask, current_app

from support_bridge.services import Services

KEY = "support_bridge"


def attach(app: Flask, services: Services) -> None:
    """Hand the application its services."""
    app.extensions[KEY] = services


def current_services() -> Services:
    """The current application's services."""
    return cast(Services, current_app.extensions[KEY])

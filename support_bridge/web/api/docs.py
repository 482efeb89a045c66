"""`/api/docs` and `/api/openapi.json`: the API, described for people and for programs.

The page is made here: ready-made ones need scripts and styles that our pages do not allow, and say nothing without.
"""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_smorest import Api

from support_bridge.web.api.reading import operations
from support_bridge.web.current import current_services

NOWHERE = "https://support-bridge.example"  # in examples, where PUBLIC_URL is not set


def pages(api: Api, door: Callable[[Callable[..., ResponseReturnValue]], Any]) -> Blueprint:
    """The two pages, behind a door that everybody who is known may pass."""
    blueprint = Blueprint("api_docs", __name__)

    @blueprint.get("/api/openapi.json")
    @door
    def openapi() -> ResponseReturnValue:
        """The description."""
        return jsonify(api.spec.to_dict())

    @blueprint.get("/api/docs")
    @door
    def show() -> ResponseReturnValue:
        """The description, to read."""
        description = api.spec.to_dict()
        return render_template(
            "web/api_docs.html",
            about=description["info"]["description"],
            operations=operations(description),
            error_keys=description["components"]["schemas"]["Error"]["properties"],
            url=current_services().settings.public_url or NOWHERE,
            as_json=json.dumps,
        )

    return blueprint

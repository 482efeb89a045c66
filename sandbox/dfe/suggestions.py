"""Publish's suggestions of providers by a part of a name or a code."""

from flask import Blueprint, request

from sandbox.account.tickets import Json
from sandbox.dfe.errors import publish_refuses
from sandbox.dfe.publish import VERSION, known

blueprint = Blueprint("suggestions", __name__, url_prefix="/publish/api/public/v1/provider_suggestions")

SHORTEST = 3
MOST = 10


@blueprint.get("")
def suggest() -> Json:
    query = request.args.get("query", "")
    if len(query) < SHORTEST:
        raise publish_refuses(400)
    wanted = query.casefold()
    found = [
        _suggestion(provider)
        for code, provider in known().items()
        if wanted in code.casefold() or wanted in str(provider["attributes"]["name"]).casefold()
    ]
    return {"data": found[:MOST], "jsonapi": VERSION}


def _suggestion(provider: Json) -> Json:
    said = provider["attributes"]
    shown = {"name": said["name"], "code": said["code"]}
    return {"id": provider["id"], "type": "provider_suggestions", "attributes": shown}

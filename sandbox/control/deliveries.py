"""The truth about deliveries, what is to go wrong with them, the webhook's address, triggers."""

from typing import Any

from flask import Blueprint, request

from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk.answers import Refusal
from sandbox.zendesk.webhooks.mischief import read_mischief
from sandbox.zendesk.webhooks.subscribers import Trigger

blueprint = Blueprint("control_deliveries", __name__, url_prefix="/_sandbox")


@blueprint.get("/deliveries")
def show_deliveries() -> Json:
    """Everything is settled when nothing is `waiting`; `?list=0` leaves the single deliveries out."""
    deliveries = world().deliveries
    told: Json = {"waiting": deliveries.sender.waiting, "fates": dict(deliveries.fates())}
    if request.args.get("list") != "0":
        told["deliveries"] = [invocation.shown() for invocation in list(deliveries.activity)]
    return told


@blueprint.put("/deliveries")
def make_mischief() -> Json:
    """The whole of it: what is left out is as it is in real life."""
    asked: dict[str, Any] = request.get_json()
    try:
        mischief = read_mischief(asked)
    except (TypeError, ValueError) as error:
        raise Refusal(400, {"error": str(error)}) from None
    world().deliveries.make_mischief(mischief)
    return asked


@blueprint.put("/webhook")
def subscribe() -> Json:
    """Point the webhook that is there from the start at a receiver; an empty `url` takes it away."""
    asked: dict[str, Any] = request.get_json()
    deliveries = world().deliveries
    deliveries.subscribe(asked["url"], asked["secret"], asked.get("subscriptions"))
    if asked["url"]:
        deliveries.start()
    return {"url": asked["url"]}


@blueprint.post("/triggers")
def add_trigger() -> Json:
    """For a webhook that is connected to triggers: what it is sent when a ticket is made or updated."""
    asked: dict[str, Any] = request.get_json()
    deliveries = world().deliveries
    webhook = deliveries.webhooks.get(asked["webhook_id"])
    if webhook is None or not webhook.is_for_triggers:
        raise Refusal(400, {"error": "not a webhook for triggers"})
    trigger = Trigger(webhook.id, str(asked["body"]))
    deliveries.triggers.append(trigger)
    return {"id": trigger.id}

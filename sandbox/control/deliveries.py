"""The truth about deliveries, what is to go wrong with them, the webhook's address, triggers."""

from flask import Blueprint, request

from sandbox.account.tickets import Json
from sandbox.control.orders import asked, text, wrong
from sandbox.control.world import world
from sandbox.zendesk.webhooks.mischief import read_mischief
from sandbox.zendesk.webhooks.rules import is_address
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
    order = asked()
    world().deliveries.make_mischief(read_mischief(order))
    return order


@blueprint.put("/webhook")
def subscribe() -> Json:
    """Point the webhook that is there from the start at a receiver; an empty `url` takes it away."""
    order, deliveries = asked(), world().deliveries
    url, secret, subscriptions = text(order, "url"), text(order, "secret"), order.get("subscriptions")
    if url and not is_address(url):
        raise wrong("url is not one that can be called")
    if subscriptions is not None and not isinstance(subscriptions, list):
        raise wrong("subscriptions is a list")
    deliveries.subscribe(url, secret, subscriptions)
    if url:
        deliveries.start()
    return {"url": url}


@blueprint.post("/triggers")
def add_trigger() -> Json:
    """For a webhook that is connected to triggers: what it is sent when a ticket is made or updated."""
    order, deliveries = asked(), world().deliveries
    webhook = deliveries.webhooks.get(text(order, "webhook_id"))
    if webhook is None or not webhook.is_for_triggers:
        raise wrong("webhook_id is not that of a webhook for triggers")
    trigger = Trigger(webhook.id, text(order, "body"))
    deliveries.triggers.append(trigger)
    return {"id": trigger.id}

"""The plain ways of accepting a delivery: a view that does nothing; and one that verifies, then enqueues the payload,
which is neither durable nor deduplicated."""

import base64
import hmac
import os

import redis
from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from rq import Queue


def empty() -> Flask:
    """It answers."""
    app = Flask("empty")

    @app.post("/webhooks/zendesk")
    def hear() -> ResponseReturnValue:
        return {"status": "recorded"}, 202

    return app


def enqueuing() -> Flask:
    """It verifies and enqueues, as whoever reads Zendesk's and RQ's pages would write it."""
    app = Flask("enqueuing")
    queue = Queue("plain", connection=redis.Redis.from_url(os.environ["REDIS_URL"]))
    secret = os.environ["ZENDESK_WEBHOOK_SECRETS"].encode()

    @app.post("/webhooks/zendesk")
    def hear() -> ResponseReturnValue:
        at = request.headers.get("X-Zendesk-Webhook-Signature-Timestamp", "").encode()
        wanted = base64.b64encode(hmac.digest(secret, at + request.get_data(), "sha256")).decode()
        if not hmac.compare_digest(wanted, request.headers.get("X-Zendesk-Webhook-Signature", "")):
            abort(401)
        queue.enqueue("events.handle", request.get_json())
        return {"status": "queued"}, 202

    return app

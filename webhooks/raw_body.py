"""A request's body as the bytes that came: the signature is over them."""

from flask import Request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from webhooks.json_bodies import Unreadable
from webhooks.outcomes import Reason


def raw_body(request: Request) -> bytes:
    """All of it. Raises RequestEntityTooLarge, and Unreadable where it does not come as announced."""
    try:
        body = request.get_data()
        if _goes_on(request, body):
            raise RequestEntityTooLarge
    except HTTPException:
        raise
    except Exception:
        # Broken chunks and the like: each web server has errors of its own for them, and a stranger could have us
        # report one for each.
        raise Unreadable(Reason.BODY, "The body could not be read") from None
    return body


def _goes_on(request: Request, body: bytes) -> bool:
    """Whether there is more than was read: werkzeug cuts one of no announced length off at the most that we take, and
    does not say so."""
    is_cut = request.content_length is None and len(body) == request.max_content_length
    return is_cut and "wsgi.input_terminated" in request.environ and bool(request.environ["wsgi.input"].read(1))

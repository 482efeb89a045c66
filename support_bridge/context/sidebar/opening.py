"""A sidebar that was opened: once for each signed URL, and for an hour. What the page gives back holds the agent's id
and an end, and is signed with SECRET_KEY: a cookie would not be sent from within another site's frame."""

import hashlib
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from support_bridge.context.sidebar.refusals import NotOpened, Reason
from support_bridge.context.sidebar.signed_url import Signed
from support_bridge.context.tables import Opening
from support_bridge.store.engine import rows_changed

LASTS = timedelta(hours=1)
PURPOSE = "support-bridge sidebar opening"  # what else SECRET_KEY signs must not open a sidebar
LARGEST = 1024


def use(session: Session, signed: Signed) -> None:
    """Note that this signed URL is used. Raises NotOpened where it was before: two at once, one of them."""
    row = insert(Opening).values(hash=signed.hash, until=signed.until).on_conflict_do_nothing()
    if session.scalar(row.returning(Opening.until)) is None:
        raise NotOpened(Reason.REPLAYED)


def give(secret: str, agent_id: int, now: datetime) -> str:
    """What the page is given, for its own forms."""
    return str(_signer(secret).dumps([agent_id, int((now + LASTS).timestamp())]))


def agent_of(secret: str, given: str, now: datetime) -> int:
    """The agent whom it was opened for. Raises NotOpened for what we did not sign, or that has ended."""
    if len(given) > LARGEST:
        raise NotOpened(Reason.OPENING)
    try:
        agent_id, until = _signer(secret).loads(given)
    except (BadData, TypeError, ValueError) as error:
        raise NotOpened(Reason.OPENING) from error
    if datetime.fromtimestamp(until, UTC) <= now:
        raise NotOpened(Reason.OPENING_ENDED)
    return int(agent_id)


def forget(session: Session, now: datetime) -> int:
    """Drop what would count no more anyway; how many."""
    return rows_changed(session.execute(delete(Opening).where(Opening.until < now)))


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=PURPOSE, signer_kwargs={"digest_method": hashlib.sha256})

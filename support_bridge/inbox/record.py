"""Record what was heard, once."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard


def record(session: Session, heard: Heard, now: datetime, request: str | None = None) -> bool:
    """Whether it is new; `request` is our id of the request that it came in. A call or an event that was recorded
    before is left as it is, also one in the same instant: the database's unique indexes decide, not a look beforehand.
    """
    statement = (
        insert(Delivery)
        .values(
            event_type=heard.event_type,
            ticket_id=heard.ticket_id,
            invocation_id=heard.invocation_id,
            body_id=heard.body_id,
            webhook_id=heard.webhook_id,
            user_id=heard.user_id,
            conversation_id=heard.conversation_id,
            event_at=heard.event_at,
            received_at=now,
            request_id=request,
        )
        .on_conflict_do_nothing()
        .returning(Delivery.id)
    )
    return session.scalar(statement) is not None

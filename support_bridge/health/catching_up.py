"""Whether what Zendesk did not tell us is looked for."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from support_bridge.health.check import Check
from support_bridge.insights.walks import CHATS, Walk, walks
from support_bridge.services import Services

NAME = "catching up"
# They walk every five minutes. A long backlog of Zendesk's takes longer, and somebody should know of it.
LATE = timedelta(hours=2)


def catching_up(services: Services) -> Check:
    """How the walks of Zendesk's exports go."""
    try:
        with services.sessions() as session:
            found = walks(session)
    except SQLAlchemyError:
        return Check(NAME, False, "cannot be read")
    if not found:
        return Check(NAME, True, "no export was walked yet: the clock and a worker do it", look=True)
    told = [_said(walk, datetime.now(UTC)) for walk in found]
    if not any(walk.name == CHATS for walk in found) and not services.settings.zendesk_chat_token:
        told.append((True, True, "chats are not walked: set ZENDESK_CHAT_TOKEN"))
    well, look = all(ok for ok, _, _ in told), any(look for _, look, _ in told)
    return Check(NAME, well, "; ".join(words for _, _, words in told), look=look)


def _said(walk: Walk, now: datetime) -> tuple[bool, bool, str]:
    """Whether it is well, whether somebody should know, and the words."""
    far = f"{walk.name} up to {walk.watermark:%d %b %H:%M}" if walk.watermark else f"{walk.name} not yet"
    if walk.failed_at:
        return False, False, f"{far}, failing since {walk.failed_at:%d %b %H:%M} by {walk.error_class}"
    # Where nothing changes the export shows nothing newer, however often it is walked to its end.
    seen = walk.ended_at or walk.watermark
    late = seen is not None and now - seen > LATE and walk.name != CHATS
    ended = f"{far}, walked to its end {walk.ended_at:%d %b %H:%M}" if walk.ended_at else far
    return True, late, f"{ended}, long ago" if late else ended

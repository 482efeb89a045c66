"""Whether what macros and triggers asked for is answered."""

from sqlalchemy.exc import SQLAlchemyError

from support_bridge.context.requested import standing
from support_bridge.health.check import Check
from support_bridge.services import Services

NAME = "asked by macro"


def context_requests(services: Services) -> Check:
    """How many wait, and whether somebody must look at some."""
    try:
        with services.sessions() as session:
            found = standing(session)
    except SQLAlchemyError:
        return Check(NAME, False, "cannot be read")
    if not found.set_aside:
        return Check(NAME, True, f"{found.waiting:,} waiting, none set aside")
    why = ", ".join(f"{n:,} by {error}" for error, n in found.set_aside.items())
    todo = "see to the cause, then flask inbox replay --from the time since when"
    return Check(NAME, False, f"{found.waiting:,} waiting; set aside: {why}; {todo}")

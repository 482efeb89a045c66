"""Work through the approved runs: a batch, a stage, and the next, until nothing is due."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from support_bridge.errors import Refused, SupportBridgeError, TryAgain
from support_bridge.retention import batches
from support_bridge.retention.approve import stop
from support_bridge.retention.stages import (
    absent,
    chats_gone,
    deleting_permanently,
    permanent,
    planned,
    scrubbed,
    soft_deleted,
    soft_deleting,
)
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.values import Batch, Stage
from support_bridge.settings import Settings
from support_bridge.store.free_text import checked_text

logger = logging.getLogger(__name__)

PAUSE = timedelta(seconds=10)
STAGES: Mapping[Stage, Callable[[Batch, Parts], None]] = {
    Stage.PLANNED: planned.advance,
    Stage.SOFT_DELETING: soft_deleting.advance,
    Stage.SOFT_DELETED: soft_deleted.advance,
    Stage.DELETING_PERMANENTLY: deleting_permanently.advance,
    Stage.PERMANENT: permanent.advance,
    Stage.ABSENT: absent.advance,
    Stage.SCRUBBED: scrubbed.advance,
    Stage.CHATS_GONE: chats_gone.advance,
}


def may_delete(settings: Settings) -> bool:
    """Whether both keys are turned: the mode, and the account's own name."""
    return settings.retention_mode == "enforce" and settings.retention_account == settings.zendesk_subdomain


def refuse_unless_allowed(settings: Settings) -> None:
    """Raises Refused, naming the key that is not turned."""
    if not may_delete(settings):
        raise Refused(
            "Nothing is deleted here: RETENTION_MODE must be enforce, and RETENTION_ACCOUNT the name in "
            "ZENDESK_SUBDOMAIN"
        )


def work(settings: Settings, parts: Parts, *, until: datetime) -> int:
    """Advance batches until none is due or the time is over; how many. Raises Refused without both keys."""
    refuse_unless_allowed(settings)
    done = 0
    while parts.clock() < until:
        with parts.sessions.begin() as session:
            batch = batches.lease(session, parts.clock(), parts.lease)
        if batch is None:
            break
        _advance(batch, parts)
        done += 1
        logger.info("batch", extra={"run": batch.run, "stage": batch.stage.value, "tickets": len(batch.tickets)})
    with parts.sessions.begin() as session:
        batches.finish(session, parts.clock())
    return done


def _advance(batch: Batch, parts: Parts) -> None:
    try:
        STAGES[batch.stage](batch, parts)
    except batches.LeaseLost:
        logger.warning("lease lost", extra={"run": batch.run, "stage": batch.stage.value})
    except TryAgain as error:
        _put_back(batch, parts, error.not_before or parts.clock() + PAUSE)
    except SupportBridgeError as error:
        _stop(batch, parts, _fit(error))
    except Exception as error:
        # The edge of the deleter: only the kind is said, for an error's words may be a ticket's.
        logger.exception("batch failed", extra={"run": batch.run, "stage": batch.stage.value})
        _stop(batch, parts, f"an unexpected {type(error).__name__}")


def _put_back(batch: Batch, parts: Parts, not_before: datetime) -> None:
    logger.info("batch waits", extra={"run": batch.run, "stage": batch.stage.value})
    with parts.sessions.begin() as session:
        batches.put_back(session, batch, not_before)


def _fit(error: SupportBridgeError) -> str:
    """Its words, or where they may not be kept only its kind: a run that must stop stops, whatever the reason."""
    try:
        return checked_text(str(error), "reason")
    except Refused:
        return f"a {type(error).__name__}"


def _stop(batch: Batch, parts: Parts, reason: str) -> None:
    """A person must look: the credentials do not work, or an answer cannot be understood. Nothing is given up for it,
    least of all tickets that are half deleted: the run stops, and goes on where it was when it is resumed."""
    logger.error("run stopped", extra={"run": batch.run, "stage": batch.stage.value})
    with parts.sessions.begin() as session:
        batches.put_back(session, batch, parts.clock())
        if batches.is_active(session, batch.run):
            stop(session, batch.run, reason)

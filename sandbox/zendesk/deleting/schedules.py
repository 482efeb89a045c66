"""Zendesk's own retention: developer.zendesk.com/api-reference/ticketing/business-rules/deletion_schedules/."""

from typing import Any

from flask import Blueprint, Response, g, request

from sandbox.account.clock import iso
from sandbox.account.schedules import CUSTOM_OBJECT, OBJECTS, TICKETS, Condition, Schedule, is_known
from sandbox.account.sweeping import plan
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.answers import gone
from sandbox.zendesk.urls import url

blueprint = Blueprint("deletion_schedules", __name__, url_prefix="/api/v2/deletion_schedules")


@blueprint.get("")
def list_schedules() -> Json:
    return {"deletion_schedules": [_shape(schedule) for schedule in world().account.schedules.values()]}


@blueprint.get("/<int:number>")
def show(number: int) -> Json:
    return {"deletion_schedule": _shape(_found(number))}


@blueprint.post("")
def create() -> tuple[Json, int]:
    account, asked = world().account, _asked()
    schedule = Schedule(
        account.next_id(), str(asked.get("title") or ""), str(asked.get("description") or ""),
        str(asked.get("object") or TICKETS), bool(asked.get("active", False)), _conditions(asked), g.now, g.now,
    )  # fmt: skip
    if not schedule.title:
        raise answers.invalid("title", "Title: cannot be blank")
    if schedule.object not in OBJECTS and not schedule.object.startswith(CUSTOM_OBJECT):
        raise answers.invalid("object", "Object: is invalid")
    if schedule.active:
        _refuse_a_second(schedule)
    account.schedules[schedule.id] = schedule
    plan(account, schedule, g.now)
    return {"deletion_schedule": _shape(schedule)}, 201


@blueprint.put("/<int:number>")
def update(number: int) -> Json:
    """Conditions are replaced as a whole, and what it deletes can never be changed."""
    schedule, asked = _found(number), _asked()
    active = bool(asked.get("active", schedule.active))
    conditions = _conditions(asked) if "conditions" in asked else schedule.conditions
    if active:
        _refuse_a_second(schedule)
    schedule.title = str(asked.get("title") or schedule.title)
    schedule.description = str(asked.get("description", schedule.description))
    schedule.active, schedule.conditions, schedule.updated_at = active, conditions, g.now
    plan(world().account, schedule, g.now)
    return {"deletion_schedule": _shape(schedule)}


@blueprint.delete("/<int:number>")
def delete(number: int) -> Response:
    del world().account.schedules[_found(number).id]
    return gone()


def _found(number: int) -> Schedule:
    schedule = world().account.schedules.get(number)
    if schedule is None:
        raise answers.not_found()
    return schedule


def _asked() -> dict[str, Any]:
    asked: dict[str, Any] = (request.get_json(silent=True) or {}).get("deletion_schedule") or {}
    return asked


def _conditions(asked: dict[str, Any]) -> dict[str, list[Condition]]:
    """One without any condition would delete the whole archive: it is refused; Zendesk's words are not confirmed."""
    given = asked.get("conditions") or {}
    found = {name: list(given.get(name) or []) for name in ("all", "any")}
    if not found["all"] or not all(is_known(condition) for condition in [*found["all"], *found["any"]]):
        raise answers.invalid("conditions", "Conditions: are invalid")
    return found


def _refuse_a_second(schedule: Schedule) -> None:
    """Documented: one active schedule for each object, ten with an add-on. What Zendesk answers is not confirmed."""
    others = world().account.schedules.values()
    if any(one.active and one.object == schedule.object and one.id != schedule.id for one in others):
        raise answers.invalid("base", "Only one active deletion schedule is allowed for each object")


def _shape(schedule: Schedule) -> Json:
    return {
        "id": schedule.id,
        "title": schedule.title,
        "description": schedule.description,
        "object": schedule.object,
        "active": schedule.active,
        "default": schedule.default,
        "conditions": schedule.conditions,
        "created_at": iso(schedule.created_at),
        "updated_at": iso(schedule.updated_at),
        "url": url("deletion_schedules", schedule.id),
    }

"""Zendesk's own retention."""

from sandbox.shapes.values import FLAG, MOMENT, OAS, TEXT, WHOLE, Field, Listed, Shape, like

CONDITION = Shape("a condition of a schedule", "ConditionObject", {
    "field": Field(TEXT, "A §7"),
    "operator": Field(TEXT, "A §7"),
    "value": Field(TEXT, "A §7"),
})  # fmt: skip

CONDITIONS = Shape("conditions of a schedule", "ConditionsObject", {
    "all": Field(Listed(CONDITION), "A §7"),
    "any": Field(Listed(CONDITION), "A §7"),
})  # fmt: skip

SCHEDULE = Shape("deletion schedule", "DeletionSchedule", {
    "id": Field(WHOLE, OAS),
    "title": Field(TEXT, OAS),
    "description": Field(TEXT, OAS),
    "object": Field(like(r"zen:(ticket|user|attachment|bot_only_conversation|custom_object:.+)"), "A §7"),
    "active": Field(FLAG, "A §7"),
    "default": Field(FLAG, "A §7"),
    "conditions": Field(CONDITIONS, "A §7"),
    "created_at": Field(MOMENT, OAS),
    "updated_at": Field(MOMENT, OAS),
    "url": Field(TEXT, OAS),
})  # fmt: skip

ONE = Shape("one deletion schedule", "", {"deletion_schedule": Field(SCHEDULE, "A §7")})
LIST = Shape("deletion schedules", "", {"deletion_schedules": Field(Listed(SCHEDULE), "A §7")})

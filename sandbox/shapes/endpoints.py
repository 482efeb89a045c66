"""Which shapes each endpoint of /api/v2, and OAuth's, answers with when it succeeds: by method and route."""

from sandbox.shapes import (
    audits,
    catalogue,
    chat,
    comments,
    deleted_tickets,
    deletion_schedules,
    exports,
    invocations,
    jobs,
    metric_sets,
    oauth,
    search,
    staff,
    tickets,
    users,
    webhooks,
)
from sandbox.shapes.parts import EMPTY
from sandbox.shapes.values import NOTHING, Either, Type

API = "/api/v2"

TICKETS: dict[str, Type] = {
    "GET /tickets": Either(
        (tickets.LIST, tickets.CURSOR_LIST, tickets.LIST_WITH_METRICS, tickets.CURSOR_LIST_WITH_METRICS)
    ),
    "GET /tickets/{}": Either((tickets.ONE, tickets.ONE_WITH_METRICS)),
    "GET /tickets/show_many": Either((tickets.MANY, tickets.MANY_WITH_METRICS)),
    "GET /users/{}/tickets/requested": Either((tickets.LIST, tickets.CURSOR_LIST)),
    "GET /tickets/{}/comments": Either((comments.LIST, comments.CURSOR_LIST)),
    "GET /tickets/{}/audits": Either((audits.LIST, audits.CURSOR_LIST)),
    "GET /tickets/{}/tags": tickets.TAGS,
    "PUT /tickets/{}/tags": tickets.TAGS,
    "POST /tickets/{}/tags": tickets.TAGS,
    "DELETE /tickets/{}/tags": tickets.TAGS,
    "GET /tickets/{}/metrics": metric_sets.ONE,
    "GET /ticket_metrics": Either((metric_sets.LIST, metric_sets.CURSOR_LIST)),
    "GET /ticket_metrics/{}": metric_sets.ONE,
    "POST /tickets": tickets.UPDATED,
    "PUT /tickets/{}": tickets.UPDATED,
    "PUT /tickets/{}/mark_as_spam": NOTHING,
    "DELETE /tickets/{}": NOTHING,
    "DELETE /tickets/destroy_many": jobs.ONE,
    "GET /deleted_tickets": Either((deleted_tickets.LIST, deleted_tickets.CURSOR_LIST)),
    "PUT /deleted_tickets/{}/restore": EMPTY,
    "PUT /deleted_tickets/restore_many": EMPTY,
    "DELETE /deleted_tickets/{}": jobs.ONE,
    "DELETE /deleted_tickets/destroy_many": jobs.ONE,
    "GET /job_statuses": Either((jobs.LIST, jobs.CURSOR_LIST)),
    "GET /job_statuses/{}": jobs.ONE,
    "GET /job_statuses/show_many": jobs.MANY,
}

FINDING: dict[str, Type] = {
    "GET /incremental/tickets/cursor": Either((exports.BY_CURSOR, exports.BY_CURSOR_WITH_METRICS)),
    "GET /incremental/tickets": Either((exports.BY_TIME, exports.BY_TIME_WITH_METRICS)),
    "GET /search": search.RESULTS,
    "GET /search/count": search.COUNT,
    "GET /search/export": search.EXPORT,
}

ACCOUNT: dict[str, Type] = {
    "GET /brands": Either((catalogue.BRANDS, catalogue.BRANDS_BY_CURSOR)),
    "GET /groups": Either((catalogue.GROUPS, catalogue.GROUPS_BY_CURSOR)),
    "GET /groups/{}": staff.ONE_GROUP,
    "GET /users/{}/groups": Either((staff.GROUPS, staff.GROUPS_BY_CURSOR)),
    "GET /custom_roles": staff.ROLES,
    "GET /custom_roles/{}": staff.ONE_ROLE,
    "GET /ticket_forms": Either((catalogue.FORMS, catalogue.FORMS_BY_CURSOR)),
    "GET /ticket_fields": Either((catalogue.FIELDS, catalogue.FIELDS_BY_CURSOR)),
    "GET /users/me": Either((users.ONE, users.NOBODY)),
    "GET /users/{}": users.ONE,
    "GET /users/show_many": users.MANY,
    "DELETE /users/{}": users.ONE,
    "GET /oauth/tokens/current": oauth.CURRENT,
    "DELETE /oauth/tokens/current": NOTHING,
}

CHAT: dict[str, Type] = {
    "GET /chat/chats": chat.MANY,
    "GET /chat/chats/{}": chat.ONE,
    "DELETE /chat/chats/{}": NOTHING,
    "GET /chat/incremental/chats": chat.EXPORT,
}

WEBHOOKS: dict[str, Type] = {
    "GET /webhooks": webhooks.LIST,
    "POST /webhooks": webhooks.ONE,
    "GET /webhooks/{}": webhooks.ONE,
    "PUT /webhooks/{}": NOTHING,
    "PATCH /webhooks/{}": NOTHING,
    "DELETE /webhooks/{}": NOTHING,
    "GET /webhooks/{}/signing_secret": webhooks.SIGNING_SECRET,
    "POST /webhooks/{}/signing_secret": webhooks.SIGNING_SECRET,
    "GET /webhooks/{}/invocations": invocations.LIST,
    "GET /webhooks/{}/invocations/{}/attempts": invocations.ATTEMPTS,
    "POST /webhooks/test": webhooks.TEST,
}

SCHEDULES: dict[str, Type] = {
    "GET /deletion_schedules": deletion_schedules.LIST,
    "POST /deletion_schedules": deletion_schedules.ONE,
    "GET /deletion_schedules/{}": deletion_schedules.ONE,
    "PUT /deletion_schedules/{}": deletion_schedules.ONE,
    "DELETE /deletion_schedules/{}": NOTHING,
}

PARTS = (TICKETS, FINDING, ACCOUNT, CHAT, WEBHOOKS, SCHEDULES)
ENDPOINTS: dict[str, Type] = {
    **{endpoint.replace(" ", f" {API}"): type_ for part in PARTS for endpoint, type_ in part.items()},
    "POST /oauth/tokens": oauth.GIVEN,
}

"""Every call that the service makes to Zendesk: its name in the metrics, the limit that binds it, the fact behind it.

A call that is not in this table is not sent. `docs/zendesk.md` is written from it: `make zendesk-calls`.
"""

import re
from dataclasses import dataclass

DOCS = "https://developer.zendesk.com/api-reference"
TICKETS = f"{DOCS}/ticketing/tickets/tickets"
EXPORTS = f"{DOCS}/ticketing/ticket-management/incremental_exports"

# Zendesk Chat has a limit of its own, on every plan: https://developer.zendesk.com/api-reference/live-chat/introduction/
CHAT_PER_MINUTE = 200


@dataclass(frozen=True)
class Limit:
    """A single endpoint's own limit, in calls a minute, until an answer's headers say otherwise."""

    name: str
    per_minute: int


# The names are those of Zendesk's headers (zendesk-ratelimit-…) where one has been seen.
# https://developer.zendesk.com/api-reference/introduction/rate-limits/#endpoint-rate-limits
EXPORT = Limit("incremental-exports", 10)
SEARCH_EXPORT = Limit("search-export", 100)
UPDATE = Limit("tickets-update", 100)
DESTROY_FOR_GOOD = Limit("deleted-tickets-destroy", 300)


@dataclass(frozen=True)
class Call:
    """One endpoint. `path` has `{}` for an id; `by` is the client's method; `fact` is what the code relies on."""

    name: str
    verb: str
    path: str
    by: str
    fact: str
    document: str
    limit: Limit | None = None

    @property
    def is_chat(self) -> bool:
        """Whether Zendesk Chat answers it, which counts by itself."""
        return self.path.startswith("/api/v2/chat/")

    def matches(self, verb: str, path: str) -> bool:
        """Whether a request is this call; `.json` at the end of its path makes no difference."""
        return verb == self.verb and _pattern(self.path).fullmatch(path.removesuffix(".json")) is not None


CALLS = (
    Call(
        "show_ticket", "GET", "/api/v2/tickets/{}", "reading.ticket, reading.ticket_alone, reading.tickets_now",
        "404 for a soft-deleted ticket as for one that never was: it proves nothing.", f"{TICKETS}/#show-ticket",
    ),
    Call(
        "show_tickets", "GET", "/api/v2/tickets/show_many", "reading.tickets, inspecting.show_many",
        "At most 100 ids. Whether archived tickets and side-loaded metric sets come is not confirmed: "
        "`flask zendesk check` looks, and what is missing is asked for by itself.", f"{TICKETS}/#show-multiple-tickets",
    ),
    Call(
        "show_metrics", "GET", "/api/v2/tickets/{}/metrics", "reading.tickets",
        "Documented as a list and seen as an object: both are read. A deleted ticket has none.",
        f"{DOCS}/ticketing/tickets/ticket_metrics/#show-ticket-metrics",
    ),
    Call(
        "list_audits", "GET", "/api/v2/tickets/{}/audits",
        "reading.chat_ids, reading.who_asked, inspecting.sees_audits",
        "The only way from a ticket to its chat (ChatStartedEvent), and to whoever set a tag. Needs the scope `read`; "
        "an archived ticket's come in one page.", f"{DOCS}/ticketing/tickets/ticket_audits/#list-audits-for-a-ticket",
    ),
    Call(
        "list_comments", "GET", "/api/v2/tickets/{}/comments", "noting.has_note",
        "Cursor pages; the last has a cursor too, only `has_more` is false. `via.channel` is `api` for what programs "
        "wrote: in public, only that may be a note of ours.",
        f"{DOCS}/ticketing/tickets/ticket_comments/#list-comments",
    ),
    Call(
        "update_ticket", "PUT", "/api/v2/tickets/{}", "noting.add, noting.uncheck",
        "A closed ticket answers 422. A comment whose `public` is left out may go to the requester. Also 30 in 10 "
        "minutes for each ticket.", f"{TICKETS}/#update-ticket", UPDATE,
    ),
    Call(
        "remove_tags", "DELETE", "/api/v2/tickets/{}/tags", "noting.remove_tag",
        "Those that are named, and no others; the answer has those that stay. That it counts as an update of the "
        "ticket is not documented, and assumed.",
        f"{DOCS}/ticketing/ticket-management/tags/#remove-tags", UPDATE,
    ),
    Call(
        "export_tickets", "GET", "/api/v2/incremental/tickets/cursor",
        "reading.export, reading.scrubbed, inspecting.sees_everything",
        "Everything, archived and deleted too; for administrators. `end_of_stream` says where it ends: the cursor is "
        "never null.", f"{EXPORTS}/#incremental-ticket-export-cursor-based", EXPORT,
    ),
    Call(
        "export_search", "GET", "/api/v2/search/export", "reading.found, inspecting.show_many",
        "No cap at 1,000 and no doubles; archived tickets too. The cursor lasts an hour; the index lags by minutes.",
        f"{DOCS}/ticketing/ticket-management/search/#export-search-results", SEARCH_EXPORT,
    ),
    Call(
        "delete_tickets", "DELETE", "/api/v2/tickets/destroy_many", "deleting.soft_delete",
        "200 with a job, at most 100 ids; 30 jobs at a time for the whole account.", f"{TICKETS}/#bulk-delete-tickets",
    ),
    Call(
        "delete_tickets_permanently", "DELETE", "/api/v2/deleted_tickets/destroy_many", "deleting.delete_permanently",
        "200 with a job whose result names no ticket. Only soft-deleted tickets.",
        f"{TICKETS}/#delete-multiple-tickets-permanently", DESTROY_FOR_GOOD,
    ),
    Call(
        "show_job", "GET", "/api/v2/job_statuses/{}", "deleting.job",
        "`results` is a list, an object or null. Forgotten after an hour to a day: then the tickets are read.",
        f"{DOCS}/ticketing/ticket-management/job_statuses/#show-job-status",
    ),
    Call(
        "list_brands", "GET", "/api/v2/brands", "reading.directory",
        "Cursor or offset pages, by the endpoint: both are read.",
        f"{DOCS}/ticketing/account-configuration/brands/#list-brands",
    ),
    Call(
        "list_groups", "GET", "/api/v2/groups", "reading.directory",
        "As brands.", f"{DOCS}/ticketing/groups/groups/#list-groups",
    ),
    Call(
        "show_group", "GET", "/api/v2/groups/{}", "agents.is_public",
        "`is_public` false: a private group, whose tickets its members and administrators alone may open.",
        f"{DOCS}/ticketing/groups/groups/#show-group",
    ),
    Call(
        "show_user", "GET", "/api/v2/users/{}", "agents.agent",
        "Role, suspension and `ticket_restriction` of the agent who asks: which tickets they may open. Names and "
        "addresses come too, and are not read.", f"{DOCS}/ticketing/users/users/#show-user",
    ),
    Call(
        "list_groups_of_user", "GET", "/api/v2/users/{}/groups", "agents.groups_of",
        "As brands; only where the ticket's group decides.", f"{DOCS}/ticketing/groups/groups/#list-groups",
    ),
    Call(
        "show_custom_role", "GET", "/api/v2/custom_roles/{}", "agents.ticket_access",
        "`configuration.ticket_access`. Only plans with custom roles have them; what cannot be read opens nothing.",
        f"{DOCS}/ticketing/account-configuration/custom_roles/#show-custom-role",
    ),
    Call(
        "list_forms", "GET", "/api/v2/ticket_forms", "reading.directory",
        "As brands; not on every plan.", f"{DOCS}/ticketing/tickets/ticket_forms/#list-ticket-forms",
    ),
    Call(
        "list_fields", "GET", "/api/v2/ticket_fields", "inspecting.fields",
        "As brands.", f"{DOCS}/ticketing/tickets/ticket_fields/#list-ticket-fields",
    ),
    Call(
        "show_token", "GET", "/api/v2/oauth/tokens/current", "inspecting.scopes",
        "What the token may do. Not `users/me`, which answers 200 to strangers.",
        f"{DOCS}/ticketing/oauth/oauth_tokens/#show-token",
    ),
    Call(
        "list_tickets", "GET", "/api/v2/tickets", "inspecting.sees_tickets, inspecting.sees_audits",
        "Refuses strangers with 401. Archived tickets are left out.", f"{TICKETS}/#list-tickets",
    ),
    Call(
        "list_webhooks", "GET", "/api/v2/webhooks", "inspecting.webhooks",
        "For administrators. Another backend of Zendesk's: only `x-rate-limit` comes.",
        f"{DOCS}/webhooks/webhooks-api/webhooks/#list-webhooks",
    ),
    Call(
        "list_invocations", "GET", "/api/v2/webhooks/{}/invocations", "inspecting.webhooks",
        "The activity log of seven days; ids and statuses.",
        f"{DOCS}/webhooks/webhooks-api/webhooks/#list-webhook-invocations",
    ),
    Call(
        "list_deletion_schedules", "GET", "/api/v2/deletion_schedules", "inspecting.deletion_schedules",
        "For administrators. An active one deletes archived tickets by itself, untouched for its time.",
        f"{DOCS}/ticketing/business-rules/deletion_schedules/",
    ),
    Call(
        "export_chats", "GET", "/api/v2/chat/incremental/chats", "chats.answers, chats.changed",
        "`next_page` is never null: a page with fewer chats than asked for is the last. Chat's own 200 a minute.",
        f"{DOCS}/live-chat/chat-api/incremental_export/",
    ),
    Call(
        "show_chat", "GET", "/api/v2/chat/chats/{}", "chats.exists",
        "404 when it is gone, and for everything on an account without Chat.",
        f"{DOCS}/live-chat/chat-api/chats/#show-chat",
    ),
    Call(
        "delete_chat", "DELETE", "/api/v2/chat/chats/{}", "deleting_chats.delete",
        "204. Deleting a ticket leaves its chat.", f"{DOCS}/live-chat/chat-api/chats/#delete-chat",
    ),
)  # fmt: skip


def call_for(verb: str, path: str) -> Call:
    """The call that a request is. Raises LookupError for one that is not in the table: add it, with its facts."""
    for call in CALLS:
        if call.matches(verb, path):
            return call
    raise LookupError(f"{verb} {path} is not in the table of calls")


def _pattern(path: str) -> re.Pattern[str]:
    # An id, never a word of the API's own in its place.
    return re.compile(re.escape(path).replace(r"\{\}", r"(?!(?:(?:show|destroy)_many|me)(?:/|$))[^/]+"))

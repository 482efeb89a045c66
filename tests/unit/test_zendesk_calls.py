"""The table of calls."""

import pytest

from support_bridge.zendesk.calls import CALLS, call_for


@pytest.mark.parametrize(
    ("verb", "path", "name"),
    [
        ("GET", "/api/v2/tickets/1042.json", "show_ticket"),
        ("GET", "/api/v2/tickets/1042", "show_ticket"),
        ("GET", "/api/v2/tickets/show_many.json", "show_tickets"),
        ("DELETE", "/api/v2/tickets/destroy_many.json", "delete_tickets"),
        ("GET", "/api/v2/job_statuses/V3-82b776cf8b5daf12.json", "show_job"),
        ("GET", "/api/v2/chat/chats/2109.10502823.Sjuj2YrBpXwei", "show_chat"),
        ("GET", "/api/v2/webhooks/01GB59CYKMZ5P1BN1JK6XY4NPB/invocations", "list_invocations"),
        ("GET", "/api/v2/oauth/tokens/current.json", "show_token"),
    ],
)
def test_a_request_is_one_call(verb: str, path: str, name: str) -> None:
    assert call_for(verb, path).name == name


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("DELETE", "/api/v2/tickets/1042.json"),  # the service deletes by jobs alone
        ("POST", "/api/v2/tickets.json"),
        ("GET", "/api/v2/users/me.json"),  # it answers 200 to strangers
        ("GET", "/api/v2/tickets/1042/../../users/1.json"),
        ("GET", "/api/v2/tickets/"),
        ("GET", ""),
    ],
)
def test_what_is_not_in_the_table_is_not_asked(verb: str, path: str) -> None:
    with pytest.raises(LookupError):
        call_for(verb, path)


def test_no_two_calls_have_one_name_or_one_address() -> None:
    assert len({call.name for call in CALLS}) == len({(call.verb, call.path) for call in CALLS}) == len(CALLS)

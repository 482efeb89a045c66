"""What Zendesk answers where there is nothing: a known few in ways of their own, as recorded."""

from sandbox.zendesk import answers
from sandbox.zendesk.answers import Refusal

ODD = {
    "/api/v2/guide/content_tags": (404, ""),
    "/api/v2/votes": (404, " "),  # a single space, in 2012
    "/api/v2/channels/voice": (400, "Required parameter missing: phone_number"),
}


def unknown(path: str) -> Refusal:
    """For a path or method that nothing here serves."""
    if path.startswith("/api/v2/chat/"):
        return Refusal(404, {"error": "Not Found"})
    found = next((odd for prefix, odd in ODD.items() if path.startswith(prefix)), None)
    return Refusal(*found) if found else answers.no_such_endpoint()


def is_elsewhere(host: str, subdomain: str) -> bool:
    """Whether the request is for an account of Zendesk's that is not this one."""
    name = host.partition(":")[0]
    return name.endswith(".zendesk.com") and name != f"{subdomain}.zendesk.com"

"""Objects carry the account's real host, whatever name it was called by."""

HOST = "https://becomingateacher.zendesk.com"


def url(*parts: object) -> str:
    return f"{HOST}/api/v2/{'/'.join(str(part) for part in parts)}.json"

"""What a list of providers can be asked for, as in Publish's controller: `filter[…]`, `sort`, `fields[providers]`."""

from flask import request

from sandbox.account.tickets import Json

SHORTEST_NAME = 3  # a shorter one filters nothing
Words = set[str]


def chosen(providers: list[Json]) -> list[Json]:
    """Those asked for, by name."""
    found = [one for one in providers if _is_chosen(one["attributes"])]
    backwards = "-name" in request.args.get("sort", "").split(",")
    return sorted(found, key=lambda one: str(one["attributes"]["name"]).strip().casefold(), reverse=backwards)


def sparse(provider: Json) -> Json:
    """With no more than the fields asked for; relationships are fields too."""
    asked = request.args.get("fields[providers]")
    if not asked:
        return provider
    names = asked.split(",")
    kept = {part: {name: one for name, one in provider.get(part, {}).items() if name in names}
            for part in ("attributes", "relationships")}  # fmt: skip
    return {**provider, **kept}


def _is_chosen(said: Json) -> bool:
    name = _asked("provider_name")
    if len(name) >= SHORTEST_NAME and name.casefold() not in str(said["name"]).casefold():
        return False
    kinds, regions = _words("provider_type"), _words("region_code")
    if (kinds and said["provider_type"] not in kinds) or (regions and said["region_code"] not in regions):
        return False
    flags = {"is_accredited_body": "accredited_body", "can_sponsor_student_visa": "can_sponsor_student_visa",
             "can_sponsor_skilled_worker_visa": "can_sponsor_skilled_worker_visa"}  # fmt: skip
    wanted = (field for flag, field in flags.items() if _asked(flag).casefold() == "true")
    return all(said[field] in (True, "true") for field in wanted)


def _asked(name: str) -> str:
    return request.args.get(f"filter[{name}]", "")


def _words(name: str) -> Words:
    return {word for word in _asked(name).split(",") if word}

"""Publish's Teacher Training Courses API: api.publish-teacher-training-courses.service.gov.uk/docs/."""

from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from flask import Blueprint, g, request

from sandbox.account.tickets import Json
from sandbox.dfe import hostile
from sandbox.dfe.course_list import courses
from sandbox.dfe.errors import publish_refuses
from sandbox.dfe.provider_filters import chosen, sparse
from sandbox.dfe.provider_list import hostile_provider, providers

blueprint = Blueprint("publish", __name__, url_prefix="/publish/api/public/v1/recruitment_cycles/<year>")

VERSION = {"version": "1.0"}
YEARS = range(2019, 2029)
MOST_IN_A_PAGE = 500
known = cache(providers)


@blueprint.get("/providers")
def list_providers(year: str) -> Json:
    cycle = _cycle(year)
    return _page([_resource(provider, cycle) for provider in chosen([*known().values()])], cycle)


@blueprint.get("/providers/<code>")
def show_provider(year: str, code: str) -> Json:
    cycle = _cycle(year)
    return _included({"data": _resource(_provider(code), cycle), "jsonapi": VERSION}, cycle)


@blueprint.get("/providers/<code>/courses")
def list_courses(year: str, code: str) -> Json:
    cycle = _cycle(year)
    shown = [_course(course, cycle) for course in courses(_provider(code)["attributes"]["code"])]
    answer = _page(shown, cycle)
    return hostile.everywhere(answer) if code.upper() == hostile.PROVIDER else answer


def _provider(code: str) -> Json:
    """Codes are upcased first."""
    provider = hostile_provider() if code.upper() == hostile.PROVIDER else known().get(code.upper())
    if provider is None:
        raise publish_refuses(404)
    return provider


def _cycle(year: str) -> int:
    """An unknown year silently means the current cycle, which starts in October."""
    if year.isdigit() and int(year) in YEARS:
        return int(year)
    now: datetime = g.now
    return now.year + (now.month >= 10)


def _resource(provider: Json, cycle: int) -> Json:
    return sparse({**provider, "relationships": {"recruitment_cycle": _of_cycle(cycle)}})


def _of_cycle(cycle: int) -> Json:
    if "recruitment_cycle" not in _asked():
        return {"meta": {"included": False}}
    return {"data": {"type": "recruitment_cycles", "id": str(cycle - 2018)}}


def _course(course: Json, cycle: int) -> Json:
    """What is related is named where it was asked for."""
    accredited = known().get(course["attributes"]["accredited_provider_code"] or "")
    named = "accredited_provider" in _asked() and accredited is not None
    by = {"data": {"type": "providers", "id": accredited["id"]}} if named and accredited else None
    not_named = {"meta": {"included": False}}
    relations = {"recruitment_cycle": _of_cycle(cycle), "provider": not_named, "accredited_body": by or not_named}
    return {**course, "relationships": relations}


def _included(answer: Json, cycle: int) -> Json:
    """What was asked for beside the data, each once."""
    found: list[Json] = []
    if "recruitment_cycle" in _asked():
        attributes = {
            "year": cycle,
            "application_start_date": f"{cycle - 1}-10-06",
            "application_end_date": f"{cycle}-09-21",
        }
        found.append({"id": str(cycle - 2018), "type": "recruitment_cycles", "attributes": attributes})
    if "accredited_provider" in _asked() and isinstance(answer["data"], list):
        codes = {one["attributes"].get("accredited_provider_code") for one in answer["data"]}
        not_included = {"relationships": {"recruitment_cycle": {"meta": {"included": False}}}}
        found += [known()[code] | not_included for code in sorted(codes & known().keys())]
    return answer | ({"included": found} if found else {})


def _asked() -> list[str]:
    return request.args.get("include", "").split(",")


def _page(items: list[Json], cycle: int) -> Json:
    """Both `page=2&per_page=50` and `page[page]=2&page[per_page]=50`; links are null at the ends."""
    number, size = _number("page", 1), min(_number("per_page", 100), MOST_IN_A_PAGE)
    last = max(1, -(-len(items) // size))
    if not 1 <= number <= last:
        raise publish_refuses(400, "page overflow")
    shown = items[(number - 1) * size : number * size]
    links: dict[str, str | None] = {"first": _link(1, size), "last": _link(last, size)}
    links |= {"prev": _link(number - 1, size) if number > 1 else None}
    links |= {"next": _link(number + 1, size) if number < last else None}
    return _included({"data": shown, "links": links, "meta": {"count": len(items)}, "jsonapi": VERSION}, cycle)


def _number(name: str, default: int) -> int:
    return max(request.args.get(f"page[{name}]", type=int) or request.args.get(name, default, int), 0) or default


def _link(number: int, size: int) -> str:
    kept = {k: v for k, v in request.args.items() if not k.startswith("page") and k != "per_page"}
    query = urlencode({**kept, "page[page]": number, "page[per_page]": size})
    return f"{request.host_url.rstrip('/')}{request.path}?{query}"

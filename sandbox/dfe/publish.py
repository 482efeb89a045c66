"""Publish's Teacher Training Courses API: api.publish-teacher-training-courses.service.gov.uk/docs/."""

from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from flask import Blueprint, g, request

from sandbox.account.tickets import Json
from sandbox.dfe.course_list import courses
from sandbox.dfe.provider_list import providers
from sandbox.zendesk.answers import Refusal

blueprint = Blueprint("publish", __name__, url_prefix="/publish/api/public/v1/recruitment_cycles/<year>")

VERSION = {"version": "1.0"}
YEARS = range(2019, 2029)
known = cache(providers)


@blueprint.get("/providers")
def list_providers(year: str) -> Json:
    cycle = _cycle(year)
    return _page([_resource(provider, cycle) for provider in known().values()], cycle)


@blueprint.get("/providers/<code>")
def show_provider(year: str, code: str) -> Json:
    cycle = _cycle(year)
    return _included({"data": _resource(_provider(code), cycle), "jsonapi": VERSION}, cycle)


@blueprint.get("/providers/<code>/courses")
def list_courses(year: str, code: str) -> Json:
    return _page(courses(_provider(code)["attributes"]["code"]), _cycle(year))


def not_found() -> Refusal:
    detail = "The requested resource could not be found."
    return Refusal(404, {"errors": [{"status": 404, "title": "NOT_FOUND", "detail": detail}]})


def _provider(code: str) -> Json:
    """Codes are upcased first."""
    provider = known().get(code.upper())
    if provider is None:
        raise not_found()
    return provider


def _cycle(year: str) -> int:
    """An unknown year silently means the current cycle, which starts in October."""
    if year.isdigit() and int(year) in YEARS:
        return int(year)
    now: datetime = g.now
    return now.year + (now.month >= 10)


def _resource(provider: Json, cycle: int) -> Json:
    if "recruitment_cycle" in _asked():
        relation: Json = {"data": {"type": "recruitment_cycles", "id": str(cycle - 2018)}}
    else:
        relation = {"meta": {"included": False}}
    return {**provider, "relationships": {"recruitment_cycle": relation}}


def _included(answer: Json, cycle: int) -> Json:
    if "recruitment_cycle" in _asked():
        attributes = {
            "year": cycle,
            "application_start_date": f"{cycle - 1}-10-06",
            "application_end_date": f"{cycle}-09-21",
        }
        answer["included"] = [{"id": str(cycle - 2018), "type": "recruitment_cycles", "attributes": attributes}]
    return answer


def _asked() -> list[str]:
    return request.args.get("include", "").split(",")


def _page(items: list[Json], cycle: int) -> Json:
    """Both `page=2&per_page=50` and `page[page]=2&page[per_page]=50`; links are null at the ends."""
    number, size = _number("page", 1), min(_number("per_page", 100), 500)
    last = max(1, -(-len(items) // size))
    if not 1 <= number <= last:
        raise Refusal(400, {"errors": [{"status": 400, "title": "BAD REQUEST", "detail": "page overflow"}]})
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

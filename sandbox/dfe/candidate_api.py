"""Apply's Candidate API, v1.4: www.apply-for-teacher-training.service.gov.uk/candidate-api."""

from functools import cache

from flask import Blueprint, request

from sandbox.account.tickets import Json
from sandbox.dfe.candidates import candidates
from sandbox.dfe.errors import apply_refuses

blueprint = Blueprint("candidate_api", __name__, url_prefix="/apply/candidate-api/v1.4")

TOKEN = "sandbox-apply-token"  # noqa: S105  a make-believe token
known = cache(candidates)


@blueprint.before_request
def check_token() -> None:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        raise apply_refuses(401)


@blueprint.get("/candidates/<candidate_id>")
def show(candidate_id: str) -> Json:
    candidate = known().get(candidate_id)
    if candidate is None:
        raise apply_refuses(404)
    return {"data": candidate}

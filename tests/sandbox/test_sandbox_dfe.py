"""Publish's public API and Apply's Candidate API."""

from typing import Any

PROVIDERS = "/publish/api/public/v1/recruitment_cycles/2027/providers"
CANDIDATES = "/apply/candidate-api/v1.4/candidates"
ATTRIBUTES = {
    "accredited_body", "city", "county", "changed_at", "code", "ukprn", "urn", "created_at", "postcode", "latitude",
    "longitude", "telephone", "email", "name", "provider_type", "region_code", "street_address_1", "street_address_2",
    "street_address_3", "train_with_disability", "train_with_us", "website", "can_sponsor_skilled_worker_visa",
    "can_sponsor_student_visa", "selectable_school",
}  # fmt: skip


def _candidate(sandbox: Any, path: str, bearer: str = "sandbox-apply-token") -> Any:
    headers = {"Authorization": f"Bearer {bearer}"}
    return sandbox.session.get(f"{sandbox.url}{CANDIDATES}{path}", headers=headers, timeout=5)


def test_a_provider_has_the_attributes_that_publish_describes(sandbox: Any) -> None:
    answer = sandbox.json(f"{PROVIDERS}/1tz?include=recruitment_cycle", by="")
    assert answer["data"]["attributes"].keys() == ATTRIBUTES
    assert answer["data"]["attributes"]["code"] == "1TZ"
    assert answer["included"][0]["attributes"]["year"] == 2027


def test_an_unknown_year_is_silently_the_current_cycle(sandbox: Any) -> None:
    path = "/publish/api/public/v1/recruitment_cycles/1999/providers/1TZ?include=recruitment_cycle"
    assert sandbox.json(path, by="")["included"][0]["attributes"]["year"] == 2027


def test_an_unknown_provider_is_a_json_api_error(sandbox: Any) -> None:
    refused = sandbox.get(f"{PROVIDERS}/ZZZ", by="")
    assert refused.status_code == 404
    assert refused.json()["errors"][0]["title"] == "NOT_FOUND"


def test_providers_are_as_untidy_as_real_ones(sandbox: Any) -> None:
    found = [provider["attributes"] for provider in sandbox.json(PROVIDERS, by="")["data"]]
    assert len(found) >= 40
    assert any(provider["ukprn"] is None for provider in found)
    assert any(provider["name"].startswith(" ") for provider in found)
    assert {type(provider["accredited_body"]) for provider in found} == {bool, str}


def test_both_ways_of_asking_for_a_page_work_and_links_end_with_null(sandbox: Any) -> None:
    first = sandbox.json(f"{PROVIDERS}?page=1&per_page=30", by="")
    assert first["links"]["prev"] is None
    last = sandbox.json(first["links"]["next"], by="")
    assert last["links"]["next"] is None
    assert last == sandbox.json(f"{PROVIDERS}?page[page]=2&page[per_page]=30", by="")
    assert sandbox.get(f"{PROVIDERS}?page=9", by="").status_code == 400


def test_a_provider_lists_its_courses(sandbox: Any) -> None:
    course = sandbox.json(f"{PROVIDERS}/1TZ/courses", by="")["data"][0]
    assert course["type"] == "courses"
    assert course["attributes"]["name"]


def test_a_candidate_has_forms_and_choices(sandbox: Any) -> None:
    data = _candidate(sandbox, "/C1234").json()["data"]
    assert (data["id"], data["type"]) == ("C1234", "candidate")
    form = data["attributes"]["application_forms"][0]
    assert form["application_choices"]["data"][0]["provider"]["name"] == "Sandbox Institute of Teaching, North Campus"
    assert _candidate(sandbox, "/C1433").status_code == 200


def test_a_removed_candidate_is_left_with_such_an_address(sandbox: Any) -> None:
    email = _candidate(sandbox, "/C1240").json()["data"]["attributes"]["email_address"]
    assert email.startswith("deleted-application-")


def test_the_candidate_api_refuses_in_its_own_words(sandbox: Any) -> None:
    refused = _candidate(sandbox, "/C1234", "wrong")
    assert refused.status_code == 401
    assert refused.json()["errors"] == [{"error": "Unauthorized", "message": "Please provide a valid API token"}]
    unknown = _candidate(sandbox, "/C9")
    assert (unknown.status_code, unknown.json()["errors"][0]["error"]) == (404, "NotFound")

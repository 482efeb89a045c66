"""Publish's public API and Apply's Candidate API."""

from typing import Any

import pytest

SUGGESTIONS = "/publish/api/public/v1/provider_suggestions"
TIMETABLES = "/apply/publications/recruitment-cycle-timetables"
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


def test_there_is_a_candidate_in_every_status_that_apply_knows(sandbox: Any) -> None:
    forms = [
        form
        for number in range(1234, 1488)
        for form in _candidate(sandbox, f"/C{number}").json()["data"]["attributes"]["application_forms"]
    ]
    said = {choice["status"] for form in forms for choice in form["application_choices"]["data"]}
    assert said - {"gone_fishing"} == {
        "unsubmitted", "cancelled", "application_not_sent", "awaiting_provider_decision", "inactive", "interviewing",
        "offer", "offer_withdrawn", "pending_conditions", "recruited", "rejected", "declined", "withdrawn",
        "conditions_not_met", "offer_deferred",
    }  # fmt: skip
    assert {form["application_status"] for form in forms} >= {"never_signed_in", "unknown_state", "on_holiday"}


def test_a_list_of_courses_has_more_than_a_page_and_drafts_among_them(sandbox: Any) -> None:
    path = f"{PROVIDERS}/W88/courses?page[page]={{}}&page[per_page]=9999"
    first, second = (sandbox.json(path.format(number), by="") for number in (1, 2))
    assert (len(first["data"]), len(second["data"]), second["links"]["next"]) == (500, 230, None)
    codes = {course["attributes"]["code"] for course in first["data"] + second["data"]}
    assert len(codes) == 730
    assert {course["attributes"]["state"] for course in second["data"]} == {
        "published", "draft", "withdrawn", "rolled_over",
    }  # fmt: skip


def test_courses_come_with_their_accredited_providers_when_told_so(sandbox: Any) -> None:
    said = sandbox.json(f"{PROVIDERS}/A42/courses?include=accredited_provider", by="")
    named = {one["attributes"]["code"]: one["id"] for one in said["included"]}
    assert set(named) == {"1TZ"}
    assert said["data"][0]["relationships"]["accredited_body"]["data"]["id"] == named["1TZ"]
    assert "included" not in sandbox.json(f"{PROVIDERS}/A42/courses", by="")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter[provider_name]=institute", lambda said: "Institute" in said["name"]),
        ("filter[provider_type]=scitt,university", lambda said: said["provider_type"] in ("scitt", "university")),
        ("filter[region_code]=london", lambda said: said["region_code"] == "london"),
        ("filter[is_accredited_body]=true", lambda said: said["accredited_body"] in (True, "true")),
    ],
)
def test_a_list_of_providers_is_filtered(sandbox: Any, query: str, found: Any) -> None:
    everyone = [one["attributes"] for one in sandbox.json(f"{PROVIDERS}?per_page=500", by="")["data"]]
    some = [one["attributes"] for one in sandbox.json(f"{PROVIDERS}?per_page=500&{query}", by="")["data"]]
    assert some == [said for said in everyone if found(said)]
    assert 0 < len(some) < len(everyone)


def test_a_short_name_filters_nothing_and_only_the_fields_asked_for_come(sandbox: Any) -> None:
    said = sandbox.json(f"{PROVIDERS}?per_page=500&filter[provider_name]=in&fields[providers]=code,name", by="")
    assert len(said["data"]) == 46
    assert {tuple(sorted(one["attributes"])) for one in said["data"]} == {("code", "name")}


def test_suggestions_need_three_letters_and_are_ten_at_most(sandbox: Any) -> None:
    assert sandbox.get(f"{SUGGESTIONS}?query=1T", by="").status_code == 400
    assert [one["attributes"]["code"] for one in sandbox.json(f"{SUGGESTIONS}?query=1tz", by="")["data"]] == ["1TZ"]
    assert len(sandbox.json(f"{SUGGESTIONS}?query=sandbox", by="")["data"]) == 10


def test_the_timetables_follow_one_another_with_some_hours_between(sandbox: Any) -> None:
    cycles = sandbox.json(TIMETABLES, by="")["data"]
    assert [one["recruitment_cycle_year"] for one in cycles] == list(range(2040, 2023, -1))
    for later, earlier in zip(cycles, cycles[1:], strict=False):
        assert earlier["find_closes_at"][:10] < later["find_opens_at"][:10] < later["apply_opens_at"][:10]
    assert sandbox.json(f"{TIMETABLES}/2027", by="")["data"] == [
        one for one in cycles if one["recruitment_cycle_year"] == 2027
    ]


def test_the_hostile_ones_are_found_by_their_code_and_id_alone(sandbox: Any) -> None:
    said = sandbox.json(f"{PROVIDERS}/X66", by="")["data"]["attributes"]
    assert said["code"] == "X66"
    texts = "".join(str(one) for one in said.values())
    assert [one for one in ("<script>", "{{", "\u202e", "\x00", "]]>", "0123456789" * 1000) if one not in texts] == []
    assert "<img" in str(sandbox.json(f"{PROVIDERS}/X66/courses", by=""))
    form = _candidate(sandbox, "/C6666").json()["data"]["attributes"]["application_forms"][0]
    assert form["application_status"].islower()
    assert "<" in str(form)
    assert "X66" not in str(sandbox.json(f"{PROVIDERS}?per_page=500", by=""))


@pytest.mark.parametrize("path", [f"{PROVIDERS}/1TZ", "/apply/candidate-api/v1.4/candidates/C1234", TIMETABLES])
def test_too_many_requests_are_refused_in_rack_attacks_words(sandbox: Any, path: str) -> None:
    order = {"path_prefix": path, "status": 429, "retry_after": 60}
    assert sandbox.call("POST", "/_sandbox/faults", by="", json=order).ok
    refused = sandbox.get(path, by="")
    assert (refused.status_code, refused.text, refused.headers["Retry-After"]) == (429, "Retry later\n", "60")
    assert refused.headers["Content-Type"].startswith("text/plain")

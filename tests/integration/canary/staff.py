"""People come: each of the sandbox's, and a stranger, to every page; with marks in forms, and with forms too late."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import requests

from sandbox.sign_in.people import PEOPLE
from tests.integration.canary.scene import Scene
from tests.integration.canary.visitors import QUERY, Visitor, typed_back
from tests.integration.receiver import ADDRESS, EMAIL, PERSON, TELEPHONE

HERE, ELSEWHERE = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}
HOLD = {"ticket": "1047", "reason": "Request 14", "review-day": "1", "review-month": "2", "review-year": "2099"}
TYPED = {
    "ticket": f"{PERSON} Seven",
    "reason": f"{PERSON} <{EMAIL}> rang from {TELEPHONE}",
    "review-day": ADDRESS,
    "review-month": PERSON,
    "review-year": EMAIL,
}
MONTHS = {"metric": PERSON, "first-month": EMAIL, "first-year": TELEPHONE, "last-month": ADDRESS}
ASIDE = f"?q={PERSON}"  # a form that was not sent is sent again to where it was sent
ARGUMENTS = {"metric": "created", "name": "pages.css", "hold_id": 1, "ticket_id": 1042}
MARKED = {**ARGUMENTS, "metric": EMAIL, "name": PERSON}
NO_METRIC = f"There is no metric '{EMAIL}'. There are"


def play(scene: Scene) -> None:
    """Everybody, one after the other; the first hold is placed before, so that there is one to see."""
    keeper = scene.visitor("rights")
    keeper.sign_in()
    _post(scene, keeper, HOLD | {"csrf_token": keeper.key()}, 303)
    for who in ("a stranger", *PEOPLE):
        visitor = scene.visitor(who)
        if visitor.person:
            last = visitor.sign_in("/privacy")
            scene.expect(f"{who} signs in", (last.status_code, last.headers.get("Location")), (302, "/privacy"))
        _walk(scene, visitor)
        scene.look()
        if visitor.person:
            _sign_out(scene, visitor)
    for who in ("retention", "rights"):
        _type(scene, who)
        _be_late(scene, who)


def paths(scene: Scene, method: str, arguments: dict[str, Any]) -> Iterator[str]:
    """Every route that has the method, its arguments filled in."""
    for rule in scene.rules:
        if method in (rule.methods or ()):
            built = rule.build({name: arguments[name] for name in rule.arguments})
            assert built is not None
            yield built[1]


def _walk(scene: Scene, visitor: Visitor) -> None:
    for path in paths(scene, "GET", ARGUMENTS):
        visitor.ask("GET", path, shown=sent_to_sign_in(path))
    for path in (*paths(scene, "GET", MARKED), f"/{PERSON}/{EMAIL}?{TELEPHONE}", "/holds/7/release"):
        visitor.ask("GET", path, params=QUERY, shown=(*sent_to_sign_in(path, QUERY), NO_METRIC))
    shown = (*sent_to_sign_in("/insights", MONTHS), *typed_back(MONTHS.values()))
    visitor.ask("GET", "/insights", params=MONTHS, shown=shown)


def sent_to_sign_in(path: str, query: dict[str, str] | None = None) -> list[str]:
    """Who is not signed in is sent to sign in and back to where they wanted to go."""
    asked = requests.Request("GET", f"http://host{path}", params=query).prepare().path_url
    way, mark, words = asked.partition("?")
    return [f"/auth/dfe?next={quote(unquote(way) + mark + words, safe='')}"]


def _type(scene: Scene, who: str) -> None:
    """A form full of marks: refused, and shown to whoever filled it in."""
    visitor = scene.visitor(who)
    visitor.sign_in("/holds")
    key = {"csrf_token": visitor.key()}
    _post(scene, visitor, TYPED | key, 400)
    for name, typed in TYPED.items():
        _post(scene, visitor, HOLD | {name: typed} | key, 400)
    _post(scene, visitor, TYPED | {"csrf_token": PERSON}, 400)
    _post(scene, visitor, TYPED | {"csrf_token": PERSON}, 400, ELSEWHERE, shown=False)
    _post(scene, visitor, TYPED | key | {"more": PERSON * 200_000}, 413, shown=False)
    scene.expect("a hold at most", scene.value("SELECT count(*) FROM hold"), 1)


def _be_late(scene: Scene, who: str) -> None:
    """The session ends while the form is filled in."""
    visitor = scene.visitor(who)
    visitor.sign_in("/holds")
    key = {"csrf_token": visitor.key()}
    scene.change("DELETE FROM staff_session")
    _post(scene, visitor, TYPED | key, 401)
    _post(scene, visitor, TYPED | key, 401, ELSEWHERE, shown=False)
    visitor.browser.cookies.clear()
    _post(scene, visitor, TYPED | key, 401)
    _post(scene, visitor, TYPED, 400, ELSEWHERE, shown=False)


def _post(
    scene: Scene,
    visitor: Visitor,
    form: dict[str, str],
    status: int,
    site: dict[str, str] = HERE,
    *,
    shown: bool = True,
) -> None:
    back = typed_back(form.values()) if shown and status >= 400 else []
    got = visitor.ask("POST", f"/holds{ASIDE}", data=form, headers=site, shown=(*back, f'action="/holds{ASIDE}"'))
    scene.expect(f"{visitor.who} sends a form", got.status_code, status)
    scene.expect("what was typed is shown", any(one in got.text for one in back), bool(back))


def _sign_out(scene: Scene, visitor: Visitor) -> None:
    got = visitor.ask("POST", "/auth/dfe/sign-out", data={"csrf_token": visitor.key(), "name": EMAIL}, headers=HERE)
    away = got.headers.get("Refresh", "").partition("url=")[2]
    scene.expect(f"{visitor.who} signs out", away.startswith(scene.issuer), True)
    back = requests.get(away, allow_redirects=False, timeout=10).headers["Location"]
    scene.expect("and comes back", visitor.come_back(back).status_code, 200)

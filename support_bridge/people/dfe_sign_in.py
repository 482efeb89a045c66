"""DfE Sign-in, by OpenID Connect: the code flow with state, nonce and PKCE, and what its answers must be."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.flask_client.apps import FlaskOAuth2App
from flask import Flask, redirect, request, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from support_bridge.errors import NeedsAPerson, Refused, TryAgain
from support_bridge.people.rules import checked_subject_id
from support_bridge.settings import Settings
from support_bridge.web.walls import origin

# The e-mail address is not asked for: nothing here needs it.
SCOPES = "openid profile"
TIMEOUT_SECONDS = 5
ALGORITHMS = ["RS256", "PS256", "ES256"]  # not one that the client's secret, or nothing at all, would satisfy
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint", "jwks_uri")
OUR_FAULTS = ("invalid_client", "unauthorized_client", "invalid_scope")
KEY = "dfe_sign_in"
BEGUN = f"_state_{KEY}_"  # where Authlib keeps in the cookie what a sign-in was begun with
LONGEST_NAME = 80
MOST_BEGUN = 3  # sign-ins at once, in as many tabs; each one's state stands in the cookie
# A browser keeps a cookie of up to 4,096 bytes, and the state and the form's key stand in it too.
LONGEST_ID_TOKEN = 2500


@dataclass(frozen=True)
class Arrival:
    """Somebody whom DfE Sign-in vouches for, and where they wanted to go. The token is for signing out there."""

    subject: str
    name: str
    id_token: str
    go_to: str


class _Client(FlaskOAuth2App):
    """Authlib's client, but for what it learns of the provider: that would override its own settings, all of them."""

    _asking = threading.Lock()
    _ask_again_at = 0.0

    def load_server_metadata(self) -> dict[str, Any]:
        """What the provider says of itself, once for this process. Raises TryAgain, also for some seconds after it did
        not answer; NeedsAPerson when it describes itself as somebody else."""
        if "issuer" not in self.server_metadata:
            with self._asking:
                if "issuer" not in self.server_metadata:
                    self.server_metadata = self.server_metadata | self._described()
        found: dict[str, Any] = self.server_metadata
        return found

    def _described(self) -> dict[str, Any]:
        if time.monotonic() < self._ask_again_at:
            raise TryAgain("DfE Sign-in does not answer now")
        # Whoever waits behind the lock does not wait for the same silence once more.
        self._ask_again_at = time.monotonic() + TIMEOUT_SECONDS
        with self._get_session() as asking:  # type: ignore[attr-defined]
            answer = asking.request("GET", self._server_metadata_url, withhold_token=True)  # type: ignore[attr-defined]
            answer.raise_for_status()
            told = answer.json()
        self._ask_again_at = 0.0
        issuer = self.server_metadata["settings_issuer"]
        # The client's secret and people's codes go to these addresses: they must lie where the settings say.
        strange = [name for name in ENDPOINTS if origin(str(told.get(name, issuer))) != origin(issuer)]
        if strange or _plain(str(told.get("issuer"))) != _plain(issuer):
            raise NeedsAPerson("DfE Sign-in describes itself otherwise than DFE_SIGN_IN_ISSUER says")
        known = {name: told[name] for name in ("issuer", *ENDPOINTS) if name in told}
        return known | {"id_token_signing_alg_values_supported": ALGORITHMS}


class DfeSignIn:
    """The way to the provider and back. Every call has a timeout and follows no redirect."""

    def __init__(self, client: _Client, settings: Settings) -> None:
        self._client = client
        self._client_id = settings.dfe_sign_in_client_id
        self._callback = f"{settings.public_url}/auth/dfe/callback"
        self._signed_out = f"{settings.public_url}/auth/dfe/signed-out"

    def leave(self, go_to: str) -> Response:
        """Send the browser to the provider, and afterwards to `go_to`. Raises TryAgain while it does not answer."""
        _drop_older_beginnings()
        with _explained():
            begun = self._client.create_authorization_url(self._callback)
        url = begun.pop("url")
        self._client.save_authorize_data(redirect_uri=self._callback, go_to=go_to, **begun)
        return redirect(url)

    def arrive(self) -> Arrival:
        """Whom the provider sent back. Raises Refused when it is not the answer to what this browser asked, TryAgain
        while the provider does not answer, NeedsAPerson when what it says does not hold."""
        # Before anything else that the query says is believed.
        begun = session.get(f"{BEGUN}{request.args.get('state')}")
        if not begun:
            raise Refused("This sign-in was begun in another browser, or too long ago.")
        with _explained():
            token = self._client.authorize_access_token(
                claims_options={
                    # As it writes itself; held against the settings when it was read.
                    "iss": {"essential": True, "value": self._client.load_server_metadata()["issuer"]},
                    "aud": {"essential": True, "value": self._client_id},
                }
            )
            claims = token.get("userinfo")
            if not claims:
                raise NeedsAPerson("DfE Sign-in did not say who it is")
            subject = _subject(claims["sub"])
            name = _name(claims) or _name(self._told(token, subject))
        return Arrival(subject, name, str(token["id_token"]), begun["data"]["go_to"])

    def sign_out_url(self, id_token: str | None) -> str:
        """Where the browser signs out at the provider too. Raises TryAgain and NeedsAPerson as above."""
        hint = {"id_token_hint": id_token} if id_token else {"client_id": self._client_id}
        with _explained():
            return str(self._client.create_logout_url(self._signed_out, **hint)["url"])

    def _told(self, token: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        """What else it says of them; nothing where it does not answer, for a name is all that is missing then."""
        try:
            told: Mapping[str, Any] = self._client.userinfo(token=token)
        except (OSError, ValueError, TypeError, AuthlibBaseError):
            return {}
        # OpenID Connect Core 1.0, section 5.3.2: an answer about somebody else must not be used.
        return told if told.get("sub") == subject else {}


def attach(app: Flask, settings: Settings) -> None:
    """Hand the application its way to DfE Sign-in, where this deployment has one."""
    if missing_settings(settings):
        app.extensions[KEY] = None
        return
    client = OAuth(app).register(  # type: ignore[no-untyped-call]
        KEY,
        client_cls=_Client,
        client_id=settings.dfe_sign_in_client_id,
        client_secret=settings.dfe_sign_in_secret,
        server_metadata_url=f"{settings.dfe_sign_in_issuer}/.well-known/openid-configuration",
        settings_issuer=settings.dfe_sign_in_issuer,
        client_kwargs={
            "scope": SCOPES,
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
            "max_redirects": 0,
            "trust_env": False,
        },
    )
    app.extensions[KEY] = DfeSignIn(client, settings)


def missing_settings(settings: Settings) -> list[str]:
    """The settings without which nobody can sign in, and which are not there."""
    needed = ("public_url", "dfe_sign_in_issuer", "dfe_sign_in_client_id", "dfe_sign_in_secret")
    return [name.upper() for name in needed if not getattr(settings, name)]


def of(app: Flask) -> DfeSignIn:
    """The application's. Raises Refused where there is none."""
    found = app.extensions[KEY]
    if not isinstance(found, DfeSignIn):
        raise Refused("Nobody can sign in here yet: the settings for DfE Sign-in are missing.")
    return found


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the libraries raise into what is to be done about it. Their words quote tokens: they are dropped."""
    try:
        yield
    except AuthlibBaseError as error:
        if error.error in OUR_FAULTS:
            raise NeedsAPerson(f"DfE Sign-in refuses this service ({error.error})") from None
        # Somebody pressed cancel, or the code was used before.
        raise Refused("DfE Sign-in did not sign you in.") from None
    except OSError:  # every error of requests' own is one
        raise TryAgain("DfE Sign-in does not answer now") from None
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise NeedsAPerson(f"What DfE Sign-in says cannot be believed ({type(error).__name__})") from None


def _drop_older_beginnings() -> None:
    begun = sorted((value["exp"], name) for name, value in session.items() if name.startswith(BEGUN))
    for _, name in begun[: -MOST_BEGUN + 1]:
        session.pop(name)


def _name(claims: Mapping[str, Any]) -> str:
    whole = claims.get("name") or " ".join(filter(None, (claims.get("given_name"), claims.get("family_name"))))
    return str(whole)[:LONGEST_NAME] if str(whole).isprintable() else ""


def _subject(said: object) -> str:
    try:
        return checked_subject_id(str(said))
    except Refused:  # its words are for whoever types one
        raise NeedsAPerson("DfE Sign-in's id of somebody is none that may be kept") from None


def _plain(url: str) -> str:
    """An issuer, whether or not it writes the port that everybody knows, or a slash at the end."""
    return origin(url) + urlsplit(url).path.rstrip("/")

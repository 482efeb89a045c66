"""What every answer carries to keep a browser from doing more than it should, and how a session's cookie is set."""

import secrets
from urllib.parse import quote, urlsplit

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from support_bridge.services import zendesk_url
from support_bridge.settings import Settings
from support_bridge.web.audience import is_for_the_sidebar

HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Our own pages see where somebody came from (the check of forms needs it); nobody else does.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'"
)

# In Zendesk's frame, and in no other: no inline script, so no nonce; Zendesk's script by its whole address.
SIDEBAR_POLICY = (
    "default-src 'none'; base-uri 'none'; connect-src 'none'; form-action 'self'; frame-ancestors {zendesk}; "
    "img-src 'self'; script-src 'self' {sdk}; style-src 'self'"
)


def put_up(app: Flask, settings: Settings) -> None:
    """Have the application stand behind them."""
    # Sent back over plain HTTP only on the machine itself: the settings refuse any other http:// address.
    is_plain = settings.public_url.startswith("http://")
    app.config |= {
        # A browser takes a cookie of that prefix only from this very host, over HTTPS, for every path.
        "SESSION_COOKIE_NAME": "support-bridge" if is_plain else "__Host-support-bridge",
        "SESSION_COOKIE_SECURE": not is_plain,
        "SESSION_COOKIE_HTTPONLY": True,
        # Strict would keep it back when DfE Sign-in sends somebody here.
        "SESSION_COOKIE_SAMESITE": "Lax",
    }
    if settings.trusted_proxies:
        # Each adds itself to the addresses; the scheme is said once, by the one that people reach.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=1)  # type: ignore[method-assign]
    app.url_map.merge_slashes = False  # its redirect would go to whichever host a caller names

    @app.after_request
    def add_headers(response: Response) -> Response:
        is_framed = is_for_the_sidebar(request.path)
        for name, value in _framed(settings).items() if is_framed else HEADERS.items():
            response.headers.setdefault(name, value)
        if not is_framed:
            response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce()))
        # What is shown is for whoever is signed in now: neither a proxy nor the next user of the machine may keep it.
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def nonce() -> str:
    """The mark by which a browser knows this answer's own scripts; another one for each answer."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def zendesk_origin(settings: Settings) -> str:
    """The one site that may frame the sidebar: the account's."""
    return origin(zendesk_url(settings))


def _framed(settings: Settings) -> dict[str, str]:
    """For every answer below /sidebar, whatever its status: `X-Frame-Options` knows no site that may."""
    policy = SIDEBAR_POLICY.format(zendesk=zendesk_origin(settings), sdk=_as_source(settings.zendesk_app_sdk_url))
    kept = {name: value for name, value in HEADERS.items() if name != "X-Frame-Options"}
    return kept | {"Referrer-Policy": "no-referrer", "Content-Security-Policy": policy}


def _as_source(url: str) -> str:
    """A file's address as a policy may name it: without what would end the directive, and without its query."""
    return origin(url) + quote(urlsplit(url).path, safe="/%")


def origin(url: str) -> str:
    """The scheme and host of a URL, and its port unless everybody knows it; nothing of what is no URL."""
    try:
        parts = urlsplit(url)
        port = "" if parts.port in (None, {"https": 443, "http": 80}.get(parts.scheme)) else f":{parts.port}"
    except ValueError:
        return ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}" if host else ""

"""What goes wrong in a browser without a test looking for it: errors of scripts, refused styles, requests that fail."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

NOT_LOADED = "Failed to load resource"
UNASKED = "/favicon.ico"  # a browser looks for it wherever a page names no icon, as plain text cannot


class Watch:
    """Everything that went wrong in a context. What a content security policy refuses is told to the console."""

    def __init__(self, context: BrowserContext) -> None:
        self._faults: list[str] = []
        self._not_loaded: list[tuple[str, str]] = []
        self._refused_pages: set[str] = set()
        context.on("weberror", lambda error: self._faults.append(f"script: {error.error}"))
        context.on("console", self._console)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def faults(self) -> list[str]:
        """A line each. That a page itself was refused is for its test to see, and is none."""
        unseen = [(url, said) for url, said in self._not_loaded if url not in self._refused_pages]
        return self._faults + [f"{said} {url}" for url, said in unseen if not url.endswith(UNASKED)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.text.startswith(NOT_LOADED):
            self._not_loaded.append((message.location["url"], message.text))
        elif message.type == "error":
            self._faults.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # A page that is left while it or a part of it loads, or that turns out to be a download, is no failure.
        if request.failure != "net::ERR_ABORTED":
            self._faults.append(f"request: {request.failure} {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self._refused_pages.add(response.url)

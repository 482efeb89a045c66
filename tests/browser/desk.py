"""An agent's desk in Zendesk, for tests: a ticket's page, the sidebar in its frame, and what was asked of whom."""

from playwright.sync_api import Frame, FrameLocator, Page, expect

from tests.conftest import Sandbox

DFE = ("publish", "apply", "timetables")
PURPOSE = "the provider asks where it stands"


class Desk:
    """One ticket at a time, as one agent."""

    def __init__(self, page: Page, sandbox: Sandbox) -> None:
        self.page, self.sandbox = page, sandbox
        self.before = sandbox.last()

    @property
    def sidebar(self) -> FrameLocator:
        """What is in the frame now."""
        return self.page.frame_locator("#app")

    def open(self, ticket: int = 1042, agent: int = 501) -> FrameLocator:
        """The ticket's page, with the sidebar opened and its form filled from the ticket."""
        self.page.goto(f"{self.sandbox.url}/agent/tickets/{ticket}?as={agent}")
        expect(self.sidebar.get_by_role("heading", name="Look up")).to_be_visible()
        return self.sidebar

    def ask(
        self,
        ticket: int = 1042,
        agent: int = 501,
        *,
        provider: str | None = None,
        candidate: str | None = None,
        purpose: str = PURPOSE,
    ) -> FrameLocator:
        """Open it, type over what the ticket's fields say, where anything is given, and look up."""
        sidebar = self.open(ticket, agent)
        for label, words in (("Provider", provider), ("Candidate id", candidate), ("What you need it for", purpose)):
            if words is not None:
                sidebar.get_by_label(label).fill(words)
        sidebar.get_by_role("button", name="Look up", exact=True).click()
        return sidebar

    @property
    def frame(self) -> Frame:
        """The sidebar's frame itself, for what is not done through locators."""
        found = self.page.frame(name="app")
        assert found is not None
        return found

    def widen(self, pixels: int) -> None:
        """As an agent drags the sidebar's edge."""
        self.page.get_by_label("Width of the sidebar").fill(str(pixels))

    def calls(self) -> list[str]:
        """What the DfE services were asked since this began: `apply /candidates/C1234`."""
        return sorted(f"{one['api']} {_tail(one['path'])}" for api in DFE for one in self.sandbox.log(api, self.before))

    def notes(self, ticket: int = 1042) -> list[tuple[str, bool]]:
        """The service's notes on a ticket, and whether the public can read them."""
        comments = self.sandbox.control("GET", f"tickets/{ticket}")["comments"]
        return [(one["body"], one["public"]) for one in comments if "Support Bridge" in one["body"]]


def _tail(path: str) -> str:
    """Without the API's own beginning."""
    for name in ("/providers", "/provider_suggestions", "/candidates", "/recruitment-cycle-timetables"):
        if name in path:
            return path[path.index(name) :]
    return path

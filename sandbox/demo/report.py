"""What happened, in plain words, and whether the figures agree."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """Printed as it grows. Each check states what was found, and what it should have been when it differs."""

    failed: list[str] = field(default_factory=list)
    checks: int = 0

    def title(self, text: str) -> None:
        """Begin a part."""
        print(f"\n{text}", flush=True)

    def say(self, text: str) -> None:
        """A fact, for the reader."""
        print(f"       {text}", flush=True)

    def check(self, text: str, found: object, wanted: object) -> None:
        """Whether what was found is what it should be."""
        self.checks += 1
        if found == wanted:
            print(f"  ok   {text}", flush=True)
            return
        self.failed.append(text)
        print(f"  NO   {text}\n       found {_short(found)}, should be {_short(wanted)}", flush=True)

    def end(self) -> int:
        """The last line, and the exit code."""
        if self.failed:
            print(f"\n{len(self.failed)} of {self.checks} checks failed.", flush=True)
            return 1
        print(f"\nAll {self.checks} checks agree.", flush=True)
        return 0


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 300 else f"{text[:300]}…"

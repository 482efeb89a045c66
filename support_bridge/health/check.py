"""What a look at one thing found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: whether it is well, and what a person should know or do. `look`: it works, and
    somebody should know."""

    name: str
    ok: bool
    said: str
    look: bool = False

    @property
    def mark(self) -> str:
        """The word in front of its line."""
        if not self.ok:
            return "WRONG"
        return "look" if self.look else "ok"

"""Who can sign in here: one person for each role, one with several, one with none. Nobody real."""

from dataclasses import dataclass

from sandbox.account import markers


@dataclass(frozen=True)
class StaffMember:
    """Somebody on the sign-in page. `subject` is what the provider calls them: a UUID, as DfE Sign-in's are."""

    key: str
    title: str
    subject: str
    roles: tuple[str, ...]

    @property
    def label(self) -> str:
        """The words on their button."""
        return f"Sandbox {self.title} ({', '.join(self.roles) or 'no role'})"

    @property
    def claims(self) -> dict[str, object]:
        """What the provider says of them: each value carries the marker of what must not be kept."""
        name = f"{markers.MARKER.capitalize()} {self.key.capitalize()}"
        return {
            "name": name,
            "given_name": markers.MARKER.capitalize(),
            "family_name": name,
            "email": f"{markers.MARKER}-{self.key}@example.invalid",
            "email_verified": True,
        }


PEOPLE = {
    person.key: person
    for person in (
        StaffMember("agent", "support agent", "7C0E5A7B-3D0F-4C7B-9E1D-52C2B0F6A1D4", ("agent",)),
        StaffMember("insights", "insights analyst", "1B6F0C52-88A4-4F0E-A5B3-0D9C7E2F6B38", ("insights",)),
        StaffMember("auditor", "auditor", "E4D27A91-5C3B-4B66-8F27-9A61C4D80E75", ("auditor",)),
        StaffMember("retention", "retention officer", "93A8D1F6-0B7E-4E52-B1C9-6F3E8A5D2C07", ("retention",)),
        StaffMember("rights", "rights officer", "5E2B9C84-F1D6-4A3A-97E0-C8B47D16F3A9", ("rights",)),
        StaffMember(
            "several",
            "service owner",
            "B8F3670D-24E9-4D1C-8C5A-17E0D9B6A4F2",
            ("insights", "auditor", "retention"),
        ),
        StaffMember("nobody", "newcomer", "2D95E6C1-A7F0-4938-BB84-E30F5C1D7A6E", ()),
    )
}

"""The marker that every personal value carries, so that a copy of one can be found anywhere."""

MARKER = "sbxperson"
NETWORK = "203.0.113."  # TEST-NET-3: addresses that belong to nobody (RFC 5737)
MARKERS = [MARKER, NETWORK]


def name(role: str, number: int) -> str:
    return f"Sbxperson {role} {number}"


def email(role: str, number: int) -> str:
    return f"{role.lower()}-{number}.{MARKER}@example.invalid"


def phone(number: int) -> str:
    """01632 960xxx is Ofcom's range for drama."""
    return f"01632 960{number % 1000:03d} {MARKER}"


def address(number: int) -> str:
    return f"{NETWORK}{number % 254 + 1}"


def city(number: int) -> str:
    return f"Sbxperson City {number % 40}"


def browser(number: int) -> str:
    return f"Mozilla/5.0 (SbxpersonOS {number % 9}) Sbxperson/{number % 20}.0"


def sentence(about: str, number: int) -> str:
    return f"{MARKER} {about} {number}"

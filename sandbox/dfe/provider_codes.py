"""The provider codes that exist here: three characters, letters and digits; 1TZ is a NIoT campus."""

CODES = ["1TZ"] + [f"{letter}{number:02d}" for letter in "ABCDEGHKLMNPSTW" for number in (17, 42, 88)]

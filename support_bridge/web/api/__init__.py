"""The API as it describes itself: what each operation says, and the page that shows it."""

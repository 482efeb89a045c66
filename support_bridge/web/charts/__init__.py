"""Charts drawn here, as SVG: the sums are in Python, the templates only place."""

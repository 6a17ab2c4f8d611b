"""The page's icons as pixels, from favicon.svg: `python build.py icons`."""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from tests.browser import launch
from web.tools.steps import WEB

ICONS = WEB / "icons"

# Name, side in pixels, and how much of it the drawing takes. A launcher may cut a mask out of a
# maskable icon, and iOS rounds the corners of its own.
SIZES = [
    ("icon-192.png", 192, 1.0),
    ("icon-512.png", 512, 1.0),
    ("maskable-512.png", 512, 0.8),
    ("apple-touch-180.png", 180, 0.9),
]
BLUE = "#2f5bd0"


def main() -> None:
    drawing = (WEB / "favicon.svg").read_text("utf-8")
    ICONS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, side, part in SIZES:
            page = browser.new_page(viewport={"width": side, "height": side})
            background = "transparent" if part == 1 else BLUE
            page.set_content(
                f"<body style='margin:0;display:grid;place-items:center;height:100vh;"
                f"background:{background}'><div style='width:{part * side}px'>{drawing}</div>"
            )
            page.add_style_tag(content="svg { display: block; width: 100% }")
            page.screenshot(path=ICONS / name, omit_background=True)
            print(f"Wrote web/icons/{name}.")
        browser.close()


if __name__ == "__main__":
    main()

"""A picture of the real page after some training: `python build.py screenshot`."""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import launch
from tests.page.parts import BOOT_MS, wait_for_phase
from tests.pyodide import serve


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="build.py screenshot",
        description="Trains the page's first example and takes a picture.",
    )
    parser.add_argument("--out", type=Path, default=Path("docs/screenshot.png"))
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    parser.add_argument("--seconds", type=float, default=6, help="on a text (default: 6)")
    parser.add_argument("--dark", action="store_true", help="as a system in dark mode shows it")
    parser.add_argument("--numbers", action="store_true", help="where numbers are forecast")
    parser.add_argument("--full", action="store_true", help="the whole page, not the first screen")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(
            viewport={"width": options.width, "height": options.height},
            color_scheme="dark" if options.dark else "light",
        )
        page.goto(serve() + ("#numbers" if options.numbers else ""))
        wait_for_phase(page, "ready", BOOT_MS)
        if options.numbers:
            page.get_by_text("144 values.").wait_for()
        page.get_by_role("button", name="Train", exact=True).click()
        if options.numbers:
            page.get_by_text("By four networks").wait_for(timeout=120_000)
        else:
            page.wait_for_timeout(1000 * options.seconds)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=options.out, full_page=options.full)
        browser.close()
    print(f"Wrote {options.out}.")


if __name__ == "__main__":
    main()

"""The parts of the page by role and name, as WebDriver finds them, and the states to wait for."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

BOOT_SECONDS = 120
SOON_SECONDS = 60

# What has a role; WebDriver can be asked for the role of an element, but not for elements by role.
TAGS = {
    "button": "button",
    "spinbutton": "[role=spinbutton]",
    "status": "output, [role=status]",
    "textbox": "textarea, input[type=text]:not([role])",
}


def wait_for(driver: WebDriver, what: str, holds: Callable[[], object], seconds: float) -> None:
    """Wait until a condition holds; `what` names it for whoever reads that it never did."""
    stale = [StaleElementReferenceException]
    waiting = WebDriverWait(driver, seconds, poll_frequency=0.1, ignored_exceptions=stale)
    waiting.until(lambda _: holds(), f"waited for {what}")


def find(driver: WebDriver, role: str, name: str) -> WebElement | None:
    """The visible element of this role and name, if there is one."""
    for element in driver.find_elements(By.CSS_SELECTOR, TAGS[role]):
        # In this order, as WebKit's driver can't name what is hidden.
        if element.is_displayed() and is_named(element, name):
            return element
    return None


def is_named(element: WebElement, name: str) -> bool:
    """Whether this is the name; some browsers add to it what stands in a control in its label."""
    return f"{element.accessible_name} ".startswith(f"{name} ")


def part(driver: WebDriver, role: str, name: str) -> WebElement:
    found = find(driver, role, name)
    assert found, f"the page shows no {role} “{name}”"
    return found


def press(driver: WebDriver, name: str) -> None:
    """Press a button, once it can be."""
    button = part(driver, "button", name)
    wait_for(driver, f"“{name}” to be enabled", button.is_enabled, SOON_SECONDS)
    # Where WebKit's driver has to scroll, it may click before the page has come to rest.
    driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", button)
    button.click()


def shows(driver: WebDriver, name: str) -> str:
    """What an output shows."""
    return str(part(driver, "status", name).text)


def number(driver: WebDriver, name: str) -> float:
    """The number an output shows."""
    return float(shows(driver, name).replace(",", ""))


def phase(driver: WebDriver) -> str:
    return str(driver.find_element(By.CSS_SELECTOR, "html").get_attribute("data-phase"))


def wait_for_phase(driver: WebDriver, wanted: str, seconds: float = SOON_SECONDS) -> None:
    wait_for(driver, f"phase {wanted}", lambda: phase(driver) in (wanted, "failed"), seconds)
    assert phase(driver) == wanted, driver.find_element(By.TAG_NAME, "body").text


def wait_for_step(driver: WebDriver, step: float) -> None:
    output = part(driver, "status", "Step")

    def reached() -> bool:
        return output.text != "–" and float(output.text.replace(",", "")) >= step

    wait_for(driver, f"step {step:.0f}", reached, SOON_SECONDS)


def wait_until_saved(driver: WebDriver, step: float) -> None:
    """Look under “Kept runs” until this step is what the browser keeps."""
    summaries = driver.find_elements(By.TAG_NAME, "summary")
    next(summary for summary in summaries if summary.text == "Kept runs").click()
    words = f"at step {step:,.0f}."

    wait_for(driver, f"“{words}”", lambda: words in shows(driver, "Saved"), SOON_SECONDS)


def write(driver: WebDriver, role: str, name: str, text: str) -> None:
    """Put a text into a box, in place of what was there."""
    box = part(driver, role, name)
    box.clear()
    box.send_keys(text)


def put_text(driver: WebDriver, text: str) -> None:
    """Put a text into the box, and wait until Python has counted it."""
    write(driver, "textbox", "Training text", text)
    counted = f"{len(text):,} characters, {len(set(text)):,} distinct"
    body = driver.find_element(By.TAG_NAME, "body")
    wait_for(driver, f"“{counted}”", lambda: counted in body.text, SOON_SECONDS)


def generate(driver: WebDriver, prompt: str, length: int) -> str:
    """Have the network write a text to its end; return it with the prompt."""
    write(driver, "textbox", "Prompt", prompt)
    write(driver, "spinbutton", "Length", str(length))
    press(driver, "Generate")
    output = part(driver, "status", "Generated text")
    whole = len(prompt) + length

    def written() -> bool:
        busy = output.get_attribute("aria-busy") == "true"
        return not busy and len(str(output.get_property("textContent"))) == whole

    wait_for(driver, f"{whole} characters", written, SOON_SECONDS)
    return str(output.get_property("textContent"))


def save(driver: WebDriver, downloads: Path) -> Path:
    """Save the model; return the file, once it is whole."""
    path = downloads / f"rnn-playground-step-{number(driver, 'Step'):.0f}.npz"
    assert not path.exists()
    press(driver, "Save model")
    wait_for(driver, path.name, lambda: path.exists() and zipfile.is_zipfile(path), SOON_SECONDS)
    return path


def load(driver: WebDriver, path: Path) -> None:
    """Choose a model file. Its input is there for those who don't see the page, so not visible."""
    inputs = driver.find_elements(By.CSS_SELECTOR, "input[type=file]")
    (file,) = (element for element in inputs if is_named(element, "Load model"))
    file.send_keys(str(path))

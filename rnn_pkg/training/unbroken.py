"""Work that Ctrl-C doesn't break off halfway."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def unbroken() -> Iterator[None]:
    """Let Ctrl-C, or a notebook's stop button, wait until what is begun here is done. Who presses
    it again doesn't wait."""
    handler = signal.getsignal(signal.SIGINT)
    on_main = threading.current_thread() is threading.main_thread()  # others aren't interrupted
    if not on_main or not callable(handler):
        yield
        return
    pressed = list[tuple[int, FrameType | None]]()

    def press(number: int, frame: FrameType | None) -> None:
        pressed.append((number, frame))
        if len(pressed) > 1:
            handler(number, frame)

    signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if pressed:
            handler(*pressed[0])

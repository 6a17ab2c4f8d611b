"""The processes that train one run together, as torchrun starts them."""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, TypeVar

import torch
from torch import Tensor, distributed, nn
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

DEVICES = ("auto", "cpu", "cuda")

LOOK_EVERY = 0.05
"""Seconds between two looks of the first process for the others."""

T = TypeVar("T")


class CommonError(ValueError):
    """What went wrong in one process, and is raised in all of them."""


class Processes:
    """All of them, seen from this one; or this one alone.

    Attributes:
        number: of this one, the first being 0.
        count: how many there are.
        device: what this one computes on.
        store: what outlives the processes, for those that torchrun starts after them; None without
            torchrun.
    """

    def __init__(
        self, number: int, count: int, device: torch.device, store: Any | None = None
    ) -> None:
        self.number, self.count, self.device, self.store = number, count, device, store

    @property
    def is_first(self) -> bool:
        """Whether this one speaks and writes files for all."""
        return self.number == 0

    @property
    def device_name(self) -> str:
        """What people call the device."""
        is_gpu = self.device.type == "cuda"
        return str(torch.cuda.get_device_name(self.device) if is_gpu else self.device.type)

    def part(self, readers: int) -> slice:
        """Return which of so many readers this one is to read for.

        Raises:
            ValueError: there are fewer than processes.
        """
        if readers < self.count:
            raise ValueError(
                f"{self.count} processes need a batch of {self.count} at least, and it has "
                f"{readers}: start fewer processes, or give --batch-size or --batch-per-process"
            )
        return slice(*(readers * number // self.count for number in (self.number, self.number + 1)))

    def parallel(self, model: nn.Module) -> nn.Module:
        """Return a model whose gradients are the mean of those in all processes."""
        if self.count == 1:
            return model
        devices = [self.device] if self.device.type == "cuda" else None
        return DistributedDataParallel(model, devices)

    def sum(self, tensor: Tensor) -> Tensor:
        """Return the sum of what all processes have; it takes the tensor's place."""
        if self.count > 1:
            distributed.all_reduce(tensor)
        return tensor

    def any(self, *flags: bool) -> list[bool]:
        """Tell of each whether it is so in any of the processes."""
        counts = self.sum(torch.tensor([int(flag) for flag in flags], device=self.device))
        return [count > 0 for count in counts.tolist()]

    def from_first(self, make: Callable[[], T]) -> T:
        """Return what the first process makes, in all of them; or raise what it raises."""
        if self.count == 1:
            return make()
        made = [self.together(lambda: make() if self.is_first else None)]
        distributed.broadcast_object_list(made, device=self.device)
        result: Any = made[0]
        return result  # type: ignore[no-any-return]

    def together(self, make: Callable[[], T]) -> T:
        """Return what is made here; if that fails in any process, raise the error in all."""
        if self.count == 1:
            return make()
        made, failed = None, None
        try:
            made = make()
        except (ValueError, OSError) as error:
            failed = str(error)
        errors: list[str | None] = [None] * self.count
        distributed.all_gather_object(errors, failed)
        for number, message in enumerate(errors):
            if message is not None:
                raise CommonError(message if number == 0 else f"{message} (process {number})")
        result: Any = made
        return result  # type: ignore[no-any-return]

    def remember(self, what: str) -> None:
        """Let those that torchrun starts after these know something."""
        if self.store is not None and self.is_first:
            self.store.set(what, "yes")

    def remembers(self, what: str) -> bool:
        """Tell whether those before these have left this to be known."""
        return self.store is not None and bool(self.store.check([what]))


@contextmanager
def started(device: str) -> Iterator[Processes]:
    """Give the processes that torchrun has started; without torchrun, this one.

    Args:
        device: one of DEVICES; "auto" is a GPU where there is one for each process.

    Raises:
        ValueError: there is no such device.
        ConnectionError: the processes can't reach each other.
    """
    if not distributed.is_torchelastic_launched():
        yield Processes(0, 1, exact(device_of(device, 0, 1)))
        return
    store, number, count = next(rendezvous("env://"))
    token = agreed(store, number, count)
    own = distributed.PrefixStore(token, store)
    here = device_for_all(own, device, number, count)
    if here.type == "cuda":
        torch.cuda.set_device(here)
    # PyTorch's first optimizer imports it anyway. Imported while there are processes, it keeps
    # their threads beyond their end, and a thread that needs Python while that ends aborts it
    # (pytorch/pytorch#190489).
    import_module("torch._dynamo")
    try:
        backend = "nccl" if here.type == "cuda" else "gloo"
        distributed.init_process_group(backend, store=own, rank=number, world_size=count)
    except RuntimeError as error:
        raise ConnectionError(f"the processes can't reach each other: {error}") from error
    try:
        yield Processes(number, count, exact(here), store)
    finally:
        distributed.destroy_process_group()


def agreed(store: Any, number: int, count: int) -> str:
    """Return a token that just these processes have.

    In the store there may be what processes have left that have died, as torchrun starts others in
    their place. So each of the others asks the first under a name of its own, which nobody has used
    before, until all of them have been answered.
    """
    if number > 0:
        name = uuid.uuid4().hex
        store.set(f"asking/{number}", name)
        token = str(store.get(f"answer/{name}").decode())
        store.add(f"answered/{token}", 1)
        return token
    token, answered = uuid.uuid4().hex, set[str]()
    others = [f"asking/{other}" for other in range(1, count)]
    while store.add(f"answered/{token}", 0) < len(others):
        for other in others:
            if store.check([other]) and (name := store.get(other).decode()) not in answered:
                store.set(f"answer/{name}", token)
                answered.add(name)
        time.sleep(LOOK_EVERY)
    return token


def device_for_all(store: Any, name: str, number: int, count: int) -> torch.device:
    """Return the device of this process; all compute on the same kind.

    Raises:
        CommonError: one of the processes has none.
    """
    try:
        local = int(os.environ["LOCAL_RANK"]), int(os.environ["LOCAL_WORLD_SIZE"])
        device = device_of(name, *local)
        store.set(f"device/{number}", device.type)
    except ValueError as error:
        store.set(f"device/{number}", str(error))
        device = torch.device("cpu")
    kinds = [store.get(f"device/{other}").decode() for other in range(count)]
    for kind in kinds:
        if kind not in DEVICES:
            raise CommonError(kind)
    return device if len(set(kinds)) == 1 else torch.device("cpu")


def device_of(name: str, number: int, count: int) -> torch.device:
    """Return the device that the `number`-th of so many processes on this machine computes on."""
    if name not in DEVICES:
        raise ValueError(f"device must be one of {', '.join(DEVICES)}, not {name!r}")
    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name == "cpu" or (name == "auto" and gpus < count):
        return torch.device("cpu")
    if not gpus:
        raise ValueError(
            "PyTorch finds no GPU here (CUDA): say device cpu, or install a PyTorch and a driver "
            "that suit your GPU, see pytorch.org"
        )
    if gpus < count:
        raise ValueError(
            f"{count} processes need a GPU each, and PyTorch finds {gpus}: start {gpus}, or say "
            "device cpu"
        )
    return torch.device("cuda", number)


def exact(device: torch.device) -> torch.device:
    """Return the device; a GPU is to compute with all digits of float32, as NumPy does."""
    if device.type == "cuda":
        torch.backends.cudnn.allow_tf32 = False
    return device

"""The processes that train one run together, as torchrun starts them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor, distributed, nn
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

DEVICES = ("auto", "cpu", "cuda")

T = TypeVar("T")


class Processes:
    """All of them, seen from this one; or this one alone.

    Attributes:
        number: of this one, the first being 0.
        count: how many there are.
        device: what this one computes on.
    """

    def __init__(self, number: int, count: int, device: torch.device) -> None:
        self.number, self.count, self.device = number, count, device

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
        told: list[Any] = [None, None]
        if self.is_first:
            try:
                told[0] = make()
            except (ValueError, OSError) as error:
                told[1] = error
        if self.count > 1:
            distributed.broadcast_object_list(told, device=self.device)
        made: T = told[0]
        if told[1] is not None:
            raise told[1]
        return made


@contextmanager
def started(device: str) -> Iterator[Processes]:
    """Give the processes that torchrun has started; without torchrun, this one.

    Args:
        device: one of DEVICES; "auto" is a GPU where there is one for each process here.

    Raises:
        ValueError: there is no such device.
    """
    if not distributed.is_torchelastic_launched():
        yield Processes(0, 1, device_of(device, 0, 1))
        return
    here = device_of(device, int(os.environ["LOCAL_RANK"]), int(os.environ["LOCAL_WORLD_SIZE"]))
    if here.type == "cuda":
        torch.cuda.set_device(here)
    store, number, count = next(rendezvous("env://"))
    # What stands there of processes that have died must not be taken for these.
    store = distributed.PrefixStore(f"restart {restarts()}", store)
    backend = "nccl" if here.type == "cuda" else "gloo"
    try:
        distributed.init_process_group(backend, store=store, rank=number, world_size=count)
    except RuntimeError as error:
        raise ConnectionError(f"the processes can't reach each other: {error}") from error
    try:
        yield Processes(number, count, here)
    finally:
        distributed.destroy_process_group()


def restarts() -> int:
    """Return how often torchrun has started these processes again."""
    return int(os.environ.get("TORCHELASTIC_RESTART_COUNT", 0))


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

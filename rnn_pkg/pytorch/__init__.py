"""The same run in PyTorch: on a GPU, on several, on several machines; and back.

    torchrun --nproc-per-node 2 -m rnn_pkg.pytorch model.npz --steps 5000 --out more.npz

goes on with a run, and `continue_training` does from Python. What is learned, in which order, by
which steps: all is as in NumPy, and so are the numbers, but for rounding; dropout draws the same
masks. Each process reads its part of the batch (torch.nn.parallel.DistributedDataParallel), so that
together they do what one does.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnn_pkg.pytorch.stay import continue_training

__all__ = ["continue_training"]

TORCH_MISSING = "rnn_pkg.pytorch needs PyTorch: pip install 'rnn_pkg[torch]'"


def __getattr__(name: str) -> Any:
    """Import what needs PyTorch when it is first asked for, so that one can be told if there is
    none."""
    if name != "continue_training":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from rnn_pkg.pytorch.stay import continue_training
    except ModuleNotFoundError as error:
        raise ImportError(TORCH_MISSING if error.name == "torch" else str(error)) from error
    return continue_training

"""A learner whose steps PyTorch takes, its batch divided among processes."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.optimizers import BETAS, clip_factor
from rnn_pkg.pytorch.layers import State
from rnn_pkg.pytorch.model import SUMS, Model, Reader, on
from rnn_pkg.pytorch.processes import Processes
from rnn_pkg.training.in_turn import InTurn
from rnn_pkg.training.learner import Handover, Learner, Lesson, Outcome
from rnn_pkg.training.rescue import SNAPSHOT_EVERY
from rnn_pkg.training.trainer import Trainer

MEMORY: dict[str, dict[str, str]] = {
    "sgd": {},
    "rmsprop": {"square": "square_avg"},
    "adam": {"mean": "exp_avg", "square": "exp_avg_sq"},
}
"""What torch.optim calls what our optimizers remember."""


def optimizer_of(name: str, parameters: Iterable[dict[str, Any]]) -> torch.optim.Optimizer:
    """Return torch.optim's optimizer that takes the steps of ours; the rate of each group of
    parameters is set at each step."""
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=0.0)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=0.0, alpha=0.99, eps=1e-8)
    return torch.optim.Adam(parameters, lr=0.0, betas=BETAS, eps=1e-8, fused=True)


class TorchLearner(Learner):
    """A Learner that computes with PyTorch.

    Where that computes on a CPU, its tensors have the memory of the Learner's arrays. From a
    GPU, `fetch` brings what they hold.
    """

    def __init__(self, learner: Learner, processes: Processes) -> None:
        """Take over from a Learner, and its arrays with it."""
        super().__init__(*(getattr(learner, field.name) for field in fields(Learner)))
        self._processes, self._part = processes, processes.part(self.config.batch_size)
        device, cell, alone = processes.device, self.config.cell, self.averaged is self.model
        module = Model(self.model, cell, device)
        mean = module if alone else Model(self.averaged, cell, device)
        self._learning = module.by_name()
        self._mean = self._learning if alone else mean.by_name()
        self._module = processes.parallel(module)
        self.reader = Reader(mean, self.averaged, device)
        factors, by_factor = self.factors, dict[float, list[Tensor]]()
        for name, tensor in self._learning.items():
            by_factor.setdefault(factors.get(name, 1.0), []).append(tensor)
        groups = [{"params": tensors, "factor": factor} for factor, tensors in by_factor.items()]
        self._optimizer = optimizer_of(self.config.optimizer, groups)
        self._memory = {
            kind: {name: torch.from_numpy(array).to(device) for name, array in arrays.items()}
            for kind, arrays in self.optimizer.memory.items()
        }
        self._state = list[State]()
        self._send()

    def _step(self, step: int, rate: float) -> Outcome:
        """As Learner._step: the same numbers, but for rounding, in any number of processes."""
        inputs, targets = self.streams.next()
        # Every process draws for the whole batch, so that all draw what one would.
        seen = self.model.seen(inputs, self.rng)
        shape = (*inputs.shape[:2], self.model.hidden_size)
        masks = [self.model.mask(shape, self.rng) for _ in range(self.model.layers)]
        outputs, state = self._module(
            self._tensor(seen), self._state, [m if m is None else self._tensor(m) for m in masks]
        )
        if not self.model.ends.one_hot:
            targets = targets.astype(self.model.dtype)
        count = max(1, np.count_nonzero(~np.isnan(targets)))  # in all processes
        loss = SUMS[self.model.ends.loss](outputs, self._tensor(targets)) / count
        self._optimizer.zero_grad()
        (loss * self._processes.count).backward()  # of these, the processes take the mean
        gradients = [tensor.grad for tensor in self._learning.values()]
        norms = torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients])
        norm = float(torch.linalg.vector_norm(norms))
        outcome = Outcome(float(self._processes.sum(loss.detach())), norm)
        if not outcome.is_finite:
            return outcome
        if (factor := clip_factor(norm, self.config.clip)) != 1:
            for gradient in gradients:
                gradient *= factor
        for group in self._optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        self._optimizer.step()
        self._state = [tuple(part.detach() for part in layer) for layer in state]
        if self.config.average:
            self._average(step)
        self.steps = self.optimizer.steps = step
        return outcome

    def _average(self, step: int) -> None:
        """As Learner._average."""
        weight = 1 / (1 + self.config.average * step)
        with torch.no_grad():
            for name, tensor in self._learning.items():
                self._mean[name].lerp_(tensor, weight)

    def _tensor(self, array: Array) -> Tensor:
        """Return what this process reads of an array (T, B, ...), on its device."""
        return torch.from_numpy(np.ascontiguousarray(array[:, self._part])).to(
            self._processes.device
        )

    def fetch(self) -> None:
        """Let the arrays hold what the tensors hold; the states of all processes are gathered."""
        for array, tensor in self._doubles():
            if tensor.device.type != "cpu":
                array[...] = tensor.detach().cpu().numpy()
        for layer, parts in zip(self.state, self._state, strict=True):
            for array, part in zip(layer, parts, strict=True):
                whole = part.new_zeros(array.shape)
                whole[self._part] = part
                array[...] = self._processes.sum(whole).cpu().numpy()

    def _send(self) -> None:
        """Let the tensors hold what the arrays hold."""
        with torch.no_grad():
            for array, tensor in self._doubles():
                if tensor.device.type != "cpu":
                    tensor.copy_(torch.from_numpy(array))
        state = [tuple(array[self._part] for array in layer) for layer in self.state]
        self._state = on(self._processes.device, state)
        names = MEMORY[self.config.optimizer]
        for name, tensor in self._learning.items():
            memory = {names[kind]: tensors[name] for kind, tensors in self._memory.items()}
            steps = torch.tensor(float(self.optimizer.steps), device=tensor.device)
            self._optimizer.state[tensor] = {"step": steps, **memory} if memory else {}

    def _doubles(self) -> list[tuple[Array, Tensor]]:
        """Return each array that has a tensor as its double, but for the states."""
        doubles = [(self.model.parameters, self._learning)]
        if self._mean is not self._learning:
            doubles.append((self.averaged.parameters, self._mean))
        doubles += [(self.optimizer.memory[kind], self._memory[kind]) for kind in self._memory]
        return [(arrays[name], tensors[name]) for arrays, tensors in doubles for name in arrays]

    def _handover(self) -> Handover:
        self.fetch()
        return super()._handover()

    def _start(self, steps: int, start: Handover) -> None:
        super()._start(steps, start)
        self._send()


class TorchTeam(InTurn):
    """Has learners of a run take its next steps by PyTorch."""

    def __init__(self, trainer: Trainer, processes: Processes) -> None:
        super().__init__(trainer)
        self._measured_every = trainer.config.measured_every
        self._team = [
            TorchLearner(super(TorchTeam, self).learner(number), processes)
            for number in range(trainer.config.workers)
        ]

    @property
    def reader(self) -> Reader | None:
        """What reads as the run's averaged network; None if that is no single learner's."""
        return self._team[0].reader if len(self._team) == 1 else None

    def learner(self, number: int) -> Learner:
        """Return one of them."""
        return self._team[number]

    def teach(self, steps: int) -> list[Lesson]:
        """As InTurn.teach; and when the run is about to look at itself, let it see."""
        lessons = super().teach(steps)
        step = lessons[0].first + len(lessons[0].outcomes)
        if step % self._measured_every == 0 or step % SNAPSHOT_EVERY == 0:
            self.fetch()
        return lessons

    def fetch(self) -> None:
        """Let the run's arrays hold what was learned, as far as it is the run's."""
        if len(self._team) == 1:
            self._team[0].fetch()

    def forget(self) -> None:
        """As InTurn.forget."""
        for learner in self._team:
            learner.steps = None

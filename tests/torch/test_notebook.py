"""The notebook in docs/ goes the whole way, as it says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

import rnn_pkg
from web.tools.steps import ROOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def printed(folder: Path) -> list[str]:
    """What each cell of code prints, when the notebook is run from its beginning to its end."""
    source = (ROOT / "docs/pytorch.ipynb").read_text("utf-8")
    notebook: Any = nbformat.reads(source, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "PYTHONPATH", str(ROOT))
        patch.setitem(os.environ, "OMP_NUM_THREADS", "1")
        client = nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(folder)}})
        client.execute()
    return [
        "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_the_notebook_does_what_it_says(printed: list[str], folder: Path) -> None:
    begun, continued, compared, distributed, back = printed
    assert begun.startswith("After 100 steps the held-out loss is ")
    assert continued.startswith("Steps 101 to 300 were taken by PyTorch ")
    assert float(compared.removesuffix(" at most.\n").split()[-1]) < 1e-4
    assert "Saved back.npz, after step 500." in distributed
    assert "Steps 301 to 500 were taken by PyTorch " in back
    assert "in 2 processes (cpu)" in back
    assert "520 steps, 520 points in the curve\n12 times " in back
    assert rnn_pkg.load(folder / "back.npz").steps == 500


def test_the_notebook_is_kept_without_its_output() -> None:
    notebook = json.loads((ROOT / "docs/pytorch.ipynb").read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)

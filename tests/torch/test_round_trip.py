"""From the page to two processes of PyTorch, and back: one run all the way."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, expect

import build
import rnn_pkg
from tests.page.parts import SENTENCE, booted, button, field, load, output, put_text, save
from tests.pyodide import pack, run_in_pyodide
from tests.torch.processes import torchrun
from web.tools.steps import CACHE

HERE, THERE, BACK = 4, 40, 50
"""Steps on the page, in PyTorch, and on the page again."""

GO_ON = """
import hashlib, io, rnn_pkg
trainer = rnn_pkg.load({name!r})
trainer.train(steps={steps})
file = io.BytesIO()
trainer.save(file)
'"' + hashlib.sha256(file.getvalue()).hexdigest() + '"'
"""


def test_a_run_goes_to_pytorch_and_comes_back(browser: Browser, site: str, tmp_path: Path) -> None:
    back, last = tmp_path / "more.npz", HERE + THERE
    with booted(browser, site) as page:
        put_text(page, SENTENCE * 20)
        field(page, "Hidden units").fill("24")
        for _ in range(HERE):
            button(page, "Step").click()
        expect(output(page, "Step")).to_have_text(str(HERE))
        away = save(page, tmp_path)

        # The page says the command itself; only of its steps are fewer.
        page.get_by_role("heading", name="Share and take home").click()
        said = page.get_by_text("torchrun").inner_text()
        module, options = said.split("-m rnn_pkg.pytorch ")
        assert module == "torchrun --nproc-per-node 2 "
        assert options == f"{away.name} --steps 5000 --out {back.name}"
        answer = torchrun(2, away, "--steps", THERE, "--out", back)
        assert answer.returncode == 0, answer.stderr

        load(page, back)
        button(page, "Replace it").click()
        expect(output(page, "Step")).to_have_text(str(last))
        note = f"Steps {HERE + 1} to {last} were taken by PyTorch \\S+ in 2 processes \\(cpu\\)"
        expect(page.get_by_text(re.compile(f"LSTM, 24 units .* {note}"))).to_be_visible()
        expect(page.get_by_role("figure", name="Loss curve")).to_have_accessible_description(
            re.compile(f"After step {last} .* {note}")
        )
        for step in range(last + 1, last + BACK + 1):
            button(page, "Step").click()
            expect(output(page, "Step")).to_have_text(str(step))
        gone_on = save(page, tmp_path)

    here, native = rnn_pkg.load(gone_on), rnn_pkg.load(back)
    native.train(steps=BACK)
    assert here.curve.step == list(range(1, last + BACK + 1))
    assert here.stays == native.stays
    # This machine adds up in another order,
    np.testing.assert_allclose(here.curve.train, native.curve.train, rtol=1e-4)
    for name, array in native.arrays().items():
        np.testing.assert_allclose(here.arrays()[name], array, atol=1e-3, err_msg=name)
    # but the package alone, on the page's own NumPy and kernels, takes the very same steps.
    carried = CACHE / back.name
    carried.write_bytes(back.read_bytes())
    with browser.new_context() as context:
        code = GO_ON.format(name=f".cache/{back.name}", steps=BACK)
        kernels = list(build.KERNEL_MODULES)
        alone = run_in_pyodide(
            context.new_page(), site, code, files=pack([carried]), kernels=kernels
        )
    assert alone == hashlib.sha256(gone_on.read_bytes()).hexdigest()

"""The house: what stands where, and on what."""

from __future__ import annotations

import build
from web.tools.steps import PACKAGE, ROOT, run

TOP = {
    *(
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "pyproject.toml",
        "build.py",
        ".ci",
        ".github",
        ".gitignore",
    ),
    *("rnn_pkg", "web", "tests", "docs"),
}


def tracked() -> list[str]:
    return run(["git", "ls-files"], "git ls-files").splitlines()


def test_a_module_imports_from_its_own_floor_and_from_those_below() -> None:
    upward = [
        f"{module.relative_to(ROOT)} imports {other.relative_to(ROOT)}"
        for module, others in build.imports_of_package().items()
        for other in others
        if build.floor(other) > build.floor(module)
    ]
    assert not upward


def test_the_floors_are_those_that_there_are() -> None:
    assert {build.floor(module) for module in build.imports_of_package()} == set(
        range(len(build.FLOORS))
    )


def test_imports_of_a_module_are_found() -> None:
    instruments, network = PACKAGE / "page/instruments.py", PACKAGE / "engine/network.py"
    assert network in build.imports_of_package()[instruments]
    assert PACKAGE / "training/export.py" in build.imports_of_package()[instruments]


def test_the_engine_knows_no_text_and_no_page() -> None:
    for module, others in build.imports_of_package().items():
        if module.parent.name == "engine":
            assert {other.parent.name for other in others} <= {"engine"}, module


def test_the_top_level_holds_what_it_should() -> None:
    assert {name.split("/")[0] for name in tracked()} == TOP

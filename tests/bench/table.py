"""What was measured, as lines to read."""

from __future__ import annotations

from typing import Any

COLUMNS = {"tfjs": "TF.js", "numpy": "NumPy", "simd": "SIMD", "native": "NumPy", "torch": "PyTorch"}
RATIOS = {"tfjs": "TF.js", "numpy": "NumPy", "torch": "PyTorch"}

LABEL = 22
SPEED = 10
RATIO = 8


def label(row: dict[str, Any]) -> str:
    shape = f"{row['batch_size']} x {row['sequence_length']}"
    return f"{row['cell']:8}{row['hidden_size']:5}{shape:>9}"


def of_speeds(result: dict[str, Any]) -> str:
    """A row for each network: characters per second, and how many times as fast SIMD is."""
    lines = [
        f"{'':{LABEL}}{'in the page':^{3 * SPEED}}{'natively':^{2 * SPEED}}"
        f"{'SIMD in the page to':>{3 * RATIO}}",
        f"{'cell':7}{'units':>6}{'B x T':>9}"
        + "".join(f"{head:>{SPEED}}" for head in COLUMNS.values())
        + "".join(f"{head:>{RATIO}}" for head in RATIOS.values()),
    ]
    for row in result["rows"]:
        speeds, ratios = row["characters_per_second"], row["simd_ratio_to"]
        lines.append(
            f"{label(row):{LABEL}}"
            + "".join(f"{number(speeds.get(name), ',.0f'):>{SPEED}}" for name in COLUMNS)
            + "".join(f"{number(ratios.get(name), '.2f', 'x'):>{RATIO}}" for name in RATIOS)
        )
    versions = result["versions"]
    lines.append(of_versions(versions))
    if not versions["torch"]:
        lines.append("PyTorch is not installed: .venv/bin/python -m pip install torch")
    return "\n".join(lines)


def of_quality(result: dict[str, Any]) -> str:
    """A row for each time: how well the held-out part is known then."""
    heads = f"{'seconds':>9}{'held-out nats':>15}{'steps':>9}{'characters':>13}{'per second':>12}"
    lines = [f"{'':18}{heads}"]
    for way, standings in result["standings"].items():
        lines += [
            f"{way:18}{s['seconds']:9.1f}{s['held_out_loss']:15.4f}{s['steps']:9,}"
            f"{s['characters']:13,}{s['characters_per_second']:12,.0f}"
            for s in standings
        ]
    lines.append(of_versions(result["versions"]))
    return "\n".join(lines)


def number(value: float | None, form: str, unit: str = "") -> str:
    return "-" if value is None else f"{value:{form}}{unit}"


def of_versions(versions: dict[str, Any]) -> str:
    names = {
        "browser": "Chromium",
        "pyodide": "Pyodide",
        "numpy": "NumPy",
        "tfjs": "TensorFlow.js",
        "torch": "PyTorch",
    }
    return ", ".join(f"{names[key]} {value}" for key, value in versions.items() if value) + "."

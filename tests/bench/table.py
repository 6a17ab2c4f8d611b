"""What was measured, as lines to read."""

from __future__ import annotations

import math
from typing import Any

IN_PAGE = {"tfjs": "TF.js", "tfjs-tuned": "tuned", "numpy": "NumPy", "simd": "SIMD"}
NATIVELY = {"native": "NumPy", "torch": "PyTorch"}
COLUMNS = IN_PAGE | NATIVELY
RATIOS = {"tfjs": "TF.js", "tfjs-tuned": "tuned", "numpy": "NumPy", "torch": "torch"}

LABEL = 19
SPEED = 8
RATIO = 6
SHARE = 7

TUNED = "tuned: TensorFlow.js with gradients written by hand around its slow products."
LIMIT = "limit: the share that SIMD reaches of its speed if a step were matrix products alone."


def label(row: dict[str, Any]) -> str:
    shape = f"{row['batch_size']}x{row['sequence_length']}"
    return f"{row['cell']:8}{row['hidden_size']:5}{shape:>6}"


def of_speeds(result: dict[str, Any]) -> str:
    """A row for each network: characters per second, how many times as fast SIMD is, and its share
    of the limit."""
    lines = [
        f"{'':{LABEL}}{'in the page':^{len(IN_PAGE) * SPEED}}"
        f"{'natively':^{len(NATIVELY) * SPEED}}{'SIMD in the page to':>{len(RATIOS) * RATIO}}"
        f"{'its':>{SHARE}}",
        f"{'cell':8}{'units':>5}{'BxT':>6}"
        + "".join(f"{head:>{SPEED}}" for head in COLUMNS.values())
        + "".join(f"{head:>{RATIO}}" for head in RATIOS.values())
        + f"{'limit':>{SHARE}}",
    ]
    for row in result["rows"]:
        speeds, ratios = row["characters_per_second"], row["simd_ratio_to"]
        lines.append(
            f"{label(row):{LABEL}}"
            + "".join(f"{speed(speeds.get(name)):>{SPEED}}" for name in COLUMNS)
            + "".join(f"{ratio(ratios.get(name)):>{RATIO}}" for name in RATIOS)
            + f"{share(row['simd_limit']):>{SHARE}}"
        )
    versions = result["versions"]
    lines += [TUNED, LIMIT, of_versions(versions)]
    if not versions["torch"]:
        lines.append("PyTorch is not installed: .venv/bin/python -m pip install torch")
    return "\n".join(lines)


def of_boot(result: dict[str, Any]) -> str:
    """A row for each page: seconds to ready, and what is sent; then the ratios."""
    lines = [f"{'':22}{'cold s':>8}{'warm s':>8}{'MB sent, gzip':>15}"]
    labels = {"page": "the page", "bare": "bare Pyodide and NumPy"}
    for name, label in labels.items():
        row = result["medians"][name]
        lines.append(f"{label:22}{row['cold']:8.2f}{row['warm']:8.2f}{row['bytes'] / 1e6:15.2f}")
    ratios = result["ratios"]
    lines.append(
        f"{'ratio':22}{ratios['cold']:7.2f}x{ratios['warm']:7.2f}x{ratios['bytes']:14.2f}x"
    )
    lines.append(of_versions(result["versions"]))
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
    if len(result["seconds_to_goal"]) > 1:
        lines.append(f"Seconds until the held-out part was known to {result['goal']:.4f} nats:")
        first = next(iter(result["seconds_to_goal"].values()))
        for name, seconds in result["seconds_to_goal"].items():
            reached = "never" if seconds is None else f"{seconds:.1f} ({seconds / first:.2f}x)"
            lines.append(f"{name:18}{reached:>16}")
    lines.append(of_versions(result["versions"]))
    return "\n".join(lines)


def of_short(result: dict[str, Any]) -> str:
    """A row for each length of text: nats per character that counting and the network reach."""
    lines = [
        f"{'characters':>10}{'best n-gram':>16}{'lowest':>9}{'at step':>10}{'what writes':>13}"
        f"{'latest':>9}{'steps':>9}{'read':>12}"
    ]
    for row in result["rows"]:
        counted = f"{row['ngram_order']}-gram {row['ngram_loss']:.3f}"
        found = "-" if row["lowest"] is None else f"{row['lowest']:.3f}{row['lowest_step']:10,}"
        lines.append(
            f"{row['characters']:10,}{counted:>16}{found:>19}"
            f"{row['writes']:13.3f}{row['latest']:9.3f}{row['steps']:9,}{row['characters_seen']:12,}"
        )
    if result["versions"]["browser"]:
        lines.append(of_versions(result["versions"]))
    return "\n".join(lines)


def of_torch_run(result: dict[str, Any]) -> str:
    """A row for each number of units and each who trains: characters per second, and how well the
    held-out part is known after the same steps."""
    lines = [f"{'units':>5}  {'':22}{'characters/s':>13}{'held-out nats':>15}{'steps':>7}"]
    lines += [
        f"{row['hidden_size']:5}  {row['name']:22}{row['characters_per_second']:13,.0f}"
        f"{row['held_out_loss']:15.4f}{row['steps']:7,}"
        for row in result["rows"]
    ]
    return "\n".join([*lines, of_versions(result["versions"])])


def of_series(result: dict[str, Any]) -> str:
    """A row for each series: the errors (MASE) of the best simple way and of the network, how much
    of the truth its 80 % intervals held; and who is better, in words."""
    lines = [
        f"{'':17}{'values':>7}{'season':>7}{'ahead':>6}{'origins':>8}  {'best simple':22}"
        f"{'MASE':>6}{'network':>9}{'held':>6}{'s':>5}"
    ]
    lines += [
        f"{row['name']:17}{row['values']:7,}{row['season']:7}{row['horizon']:6}"
        f"{row['origins']:8}  {row['simple']:22}{mase(row['simple_mase']):>6}"
        f"{mase(row['network_mase']):>9}{100 * row['coverage80']:4.0f} %{row['seconds']:5.0f}"
        for row in result["rows"]
    ]
    verdicts = [f"{row['name']}: {row['verdict']}" for row in result["rows"]]
    return "\n".join([*lines, "", *verdicts])


def mase(value: float) -> str:
    """A series that repeats itself exactly has none."""
    return "-" if math.isnan(value) else f"{value:.3f}"


def speed(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value < 999_999.5 else f"{value / 1e6:.2f}M"


def ratio(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}x" if value < 9.995 else f"{value:.1f}x"


def share(limit: dict[str, Any] | None) -> str:
    return "-" if limit is None else f"{limit['share']:.2f}"


def of_versions(versions: dict[str, Any]) -> str:
    names = {
        "browser": "Chromium",
        "pyodide": "Pyodide",
        "numpy": "NumPy",
        "tfjs": "TensorFlow.js",
        "torch": "PyTorch",
    }
    return ", ".join(f"{names[key]} {value}" for key, value in versions.items() if value) + "."

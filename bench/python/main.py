"""tlscore.compat beside the ssl module of this interpreter: main.py [--quick] [--only WORD] [--json FILE] [--impl NAME] [--list]

The same work for both in one process on one core, samples in turn; shown are medians, half the distance of the
quartiles in percent, how many times better tlscore is, and what it has to reach. A file of JSON lines gets more lines.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import ssl
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from types import ModuleType

import rows

GROUP = "python"
SAMPLE_SECONDS = 0.02
"""How long one sample takes."""


@dataclass
class Row:
    """A line of the table."""

    name: str
    unit: str
    start: Callable[[ModuleType], AbstractContextManager[rows.Work]]
    bar: float
    """How many times better than ssl tlscore has to be."""
    units: float = 1
    """How many units one piece of work has: mebibytes, messages."""

    @property
    def rate(self) -> bool:
        """Whether higher is better."""
        return self.unit.endswith("/s")

    def value(self, seconds: float) -> float:
        """Of a piece of work that takes so long."""
        return self.units / seconds if self.rate else seconds / self.units * 1e6


KI, MI = 1 << 10, 1 << 20
ROWS = [
    Row("full handshake RSA-2048 x25519", "µs", partial(rows.full, keypair=rows.RSA), 1.4),
    Row("full handshake ECDSA-P256 x25519", "µs", partial(rows.full, keypair=rows.ECDSA), 1.4),
    Row("resumed handshake", "µs", rows.resumed, 1.5),
    Row("bulk, writes of 16 KiB", "MiB/s", partial(rows.bulk, size=16 * KI), 1.25, 16 * KI / MI),
    Row("bulk, writes of 1 MiB", "MiB/s", partial(rows.bulk, size=MI), 1.25),
    Row("64 bytes to and fro", "µs", partial(rows.ping, size=64), 1.0),
    Row("asyncio streams, 64 bytes to and fro", "µs", partial(rows.streams, size=64, window=1), 1.0, rows.TURNS),
    Row(
        "asyncio streams, 16 KiB echoed, 8 abreast",
        "MiB/s",
        partial(rows.streams, size=16 * KI, window=8),
        1.0,
        rows.TURNS * 8 * 16 * KI / MI,
    ),
    Row("wrap_bio, writes of 16 KiB", "MiB/s", partial(rows.memory, size=16 * KI), 2.0, 16 * KI / MI),
    Row("wrap_bio, writes of 1 MiB", "MiB/s", partial(rows.memory, size=MI), 2.0),
]


def sample(work: rows.Work, count: int) -> float:
    """Seconds of the processor that a piece of work takes, over so many: both ends are in this process, and nobody
    else is waited for."""
    start = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - start) / count


def measure(row: Row, modules: dict[str, ModuleType], samples: int) -> dict[str, list[float]]:
    """Samples of everyone, in turn."""
    with ExitStack() as stack:
        works = {name: stack.enter_context(row.start(module)) for name, module in modules.items()}
        for work in works.values():
            sample(work, 3)
        count = max(1, round(SAMPLE_SECONDS / min(sample(work, 3) for work in works.values())))
        values: dict[str, list[float]] = {name: [] for name in works}
        gc.collect()
        gc.disable()
        for _ in range(samples):
            for name, work in works.items():
                values[name].append(row.value(sample(work, count)))
        gc.enable()
        return values


def spread(values: list[float]) -> float:
    """The distance of the quartiles, as a part of the median."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / middle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--impl", choices=("tlscore", "ssl"), help="one of them alone, for profilers")
    parser.add_argument("--list", action="store_true", help="the names of the rows, without tlscore")
    options = parser.parse_args()
    chosen = [row for row in ROWS if options.only in f"{GROUP}: {row.name}"]
    if options.list or not chosen:
        print(*(f"{GROUP}: {row.name}" for row in chosen), sep="\n", end="\n" * bool(chosen))
        return
    from tlscore import compat

    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    modules = {"tlscore": compat, "ssl": ssl}
    if options.impl:
        modules = {options.impl: modules[options.impl]}
    width = max(len(row.name) + len(row.unit) + 3 for row in chosen)
    print(f"\n{GROUP:<{width}} {'tlscore.compat':>15} {'ssl':>15}     / ssl  bars   ({ssl.OPENSSL_VERSION}, {sys.version.split()[0]})")
    lines, missed = [], []
    for row in chosen:
        values = measure(row, modules, 7 if options.quick else 31)
        medians = {name: statistics.median(each) for name, each in values.items()}
        cells = " ".join(f"{f'{medians[n]:.4g} ±{50 * spread(v):<2.0f}':>15}" for n, v in values.items())
        verdict = ""
        if len(medians) == 2:
            ratio = medians["tlscore"] / medians["ssl"]
            ratio = ratio if row.rate else 1 / ratio
            verdict = f"{ratio:9.2f}  " + ("met" if ratio >= row.bar else f"MISSED: {row.bar}")
            if ratio < row.bar:
                missed.append(f"  MISSED {row.name}: {ratio:.2f} of ssl, {row.bar} asked for")
        print(f"{f'{row.name} [{row.unit}]':<{width}} {cells} {verdict}", flush=True)
        for name, each in values.items():
            cell = {"row": f"{GROUP}: {row.name}", "impl": name, "unit": row.unit, "median": round(medians[name], 6)}
            lines.append(cell | {"spread": round(spread(each), 6), "better": "higher" if row.rate else "lower"})
    if len(modules) == 2:
        print(f"\n{GROUP} bars: {len(chosen) - len(missed)} met, {len(missed)} missed", *missed, sep="\n")
    if options.json:
        with open(options.json, "a") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


if __name__ == "__main__":
    main()

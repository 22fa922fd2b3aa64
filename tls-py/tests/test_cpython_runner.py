"""The runner of CPython's own tests: what it lets pass."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).parent / "cpython" / "run.py"


@pytest.fixture
def run() -> Any:
    spec = importlib.util.spec_from_file_location("run", PATH)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


KNOWN = {"A.known": "differs"}, [re.compile("needs .+")]


@pytest.mark.parametrize(
    ("name", "outcome", "why", "status"),
    [
        ("A.test", "passed", "", 0),
        ("A.test", "failed", "traceback", 1),
        ("A.known", "failed", "traceback", 0),
        ("A.known", "passed", "", 1),
        ("A.test", "skipped", "needs another system", 0),
        ("A.test", "skipped", "a constant is wrong", 1),
        ("A.known", "skipped", "a constant is wrong", 1),
    ],
)
def test_what_is_not_as_the_file_says(run: Any, name: str, outcome: str, why: str, status: int) -> None:
    result = run.Result(verbose=False)
    result.outcomes[name], result.why[name] = outcome, why
    assert run.tell(result, *KNOWN) == status


def test_the_file_reads(run: Any) -> None:
    kinds, reasons = run.excluded()
    assert set(kinds.values()) == {"not applicable", "differs"} and reasons

"""Runs CPython's own test_ssl.py, as installed with this interpreter, against tlscore.compat.

    run.py [-v] [PATTERN...]     # PATTERN: a part of Class.test

Every test runs, also those of excluded.txt, which has a reason for each; those whose outcome is not what the
file says are named. Ends with `N passed, N failed, N not applicable of N`, and fails where a test fails
that is not excluded, or one passes that is.
"""

from __future__ import annotations

import sys
import types
import unittest
from pathlib import Path

EXCLUDED = Path(__file__).with_name("excluded.txt")


def excluded() -> dict[str, str]:
    """Test and reason."""
    found = {}
    for line in EXCLUDED.read_text().splitlines():
        if line and not line.startswith("#"):
            name, _colon, reason = line.partition(": ")
            assert reason, f"{name} has no reason"
            found[name] = reason
    return found


def install() -> None:
    """tlscore.compat under the name ssl, for what is imported from here on. Names that it does not have,
    which are the ssl module's own business, are looked up there."""
    import ssl

    from tlscore import compat

    module = types.ModuleType("ssl")
    vars(module).update({name: value for name, value in vars(ssl).items() if not name.startswith("__")})
    vars(module).update({name: value for name, value in vars(compat).items() if not name.startswith("__")})
    sys.modules["ssl"] = module


def each(suite: unittest.TestSuite | unittest.TestCase) -> list[unittest.TestCase]:
    """The tests of a suite."""
    if isinstance(suite, unittest.TestSuite):
        return [test for part in suite for test in each(part)]
    return [suite]


class Result(unittest.TestResult):
    """What became of each test, by its name."""

    def __init__(self, verbose: bool) -> None:
        super().__init__()
        self.verbose = verbose
        self.outcomes: dict[str, str] = {}
        self.why: dict[str, str] = {}

    def note(self, test: unittest.TestCase, outcome: str, why: str = "") -> None:
        # Of a subtest its test is known.
        name = ".".join(test.id().partition(" ")[0].split(".")[-2:])
        if self.outcomes.get(name) != "failed":
            self.outcomes[name], self.why[name] = outcome, why
        if self.verbose:
            print(f"{outcome:8} {name}", flush=True)

    def addSuccess(self, test: unittest.TestCase) -> None:
        self.note(test, "passed")

    def addError(self, test, err) -> None:  # type: ignore[no-untyped-def]
        self.note(test, "failed", self._exc_info_to_string(err, test))

    addFailure = addError

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self.note(test, "skipped", reason)

    def addSubTest(self, test, subtest, err) -> None:  # type: ignore[no-untyped-def]
        if err is not None:
            self.note(test, "failed", self._exc_info_to_string(err, test))


def main() -> int:
    """Runs, and tells."""
    patterns = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    verbose = "-v" in sys.argv[1:]
    install()
    from test import support, test_ssl  # type: ignore[attr-defined]

    support.use_resources = []
    if hasattr(test_ssl, "setUpModule"):
        test_ssl.setUpModule()
    reasons = excluded()
    tests = each(unittest.defaultTestLoader.loadTestsFromModule(test_ssl))
    chosen = [t for t in tests if not patterns or any(p in t.id() for p in patterns)]
    result = Result(verbose)
    for test in chosen:
        test(result)
    unittest.doModuleCleanups()

    outcomes = {name: ("not applicable" if name in reasons else outcome) for name, outcome in result.outcomes.items()}
    surprises = [n for n, o in outcomes.items() if o == "failed"]
    surprises += [n for n in reasons if result.outcomes.get(n) == "passed"]
    for name in surprises:
        what = "is excluded, and passes" if name in reasons else f"failed\n{result.why[name]}"
        print(f"{name} {what}")
    for name, why in result.why.items():
        if outcomes[name] == "skipped":
            print(f"{name} skipped itself: {why}")
    counts = {o: list(outcomes.values()).count(o) for o in ("passed", "failed", "skipped", "not applicable")}
    print(
        f"test_ssl.py: {counts['passed']} passed, {counts['failed']} failed, "
        f"{counts['not applicable']} not applicable, {counts['skipped']} skipped of {len(outcomes)}"
    )
    return 1 if surprises and not patterns else 0


if __name__ == "__main__":
    sys.exit(main())

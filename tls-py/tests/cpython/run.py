"""Runs CPython's own test_ssl.py, as installed with this interpreter, against tlscore.compat.

    run.py [-v] [PATTERN...]     # PATTERN: a part of Class.test

Every test runs, also those of excluded.txt, which has a reason for each; those whose outcome is not what the
file says are named. Ends with a line of counts, and fails where a test fails that is not in the file, one passes
that is, or one skips itself for a reason that is not there.
"""

from __future__ import annotations

import re
import sys
import types
from collections import Counter
import unittest
from pathlib import Path

EXCLUDED = Path(__file__).with_name("excluded.txt")
KINDS = ("not applicable", "differs")


SKIPS = re.compile(r'skips "(.+)": .+')


def excluded() -> tuple[dict[str, str], list[re.Pattern[str]]]:
    """Tests, and which kind of exclusion each is; the reasons for which tests may skip themselves."""
    found, reasons = {}, []
    for line in EXCLUDED.read_text().splitlines():
        if skips := SKIPS.fullmatch(line):
            reasons.append(re.compile(skips[1]))
        elif line and not line.startswith("#"):
            what, _colon, reason = line.partition(": ")
            kind, _space, name = what.rpartition(" ")
            assert reason and kind in KINDS, f"{line!r}: no kind, or no reason"
            found[name] = kind
    return found, reasons


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

    support.use_resources, support.verbose = [], False
    if hasattr(test_ssl, "setUpModule"):
        test_ssl.setUpModule()
    tests = each(unittest.defaultTestLoader.loadTestsFromModule(test_ssl))
    chosen = [t for t in tests if not patterns or any(p in t.id() for p in patterns)]
    result = Result(verbose)
    for test in chosen:
        test(result)
    unittest.doModuleCleanups()

    return tell(result, *excluded())


def tell(result: Result, kinds: dict[str, str], skips: list[re.Pattern[str]]) -> int:
    """Names what is not as the file says, and counts. Tests that skip themselves for a reason of the file do not
    apply."""
    counts = dict.fromkeys(("passed", "differs", "failed", "not applicable"), 0)
    surprises = 0
    skipped: Counter[str] = Counter()
    for name, outcome in sorted(result.outcomes.items()):
        kind = kinds.get(name)
        if outcome == "failed" and kind is None:
            print(f"{name} failed\n{result.why[name]}")
        elif outcome == "passed" and kind is not None:
            print(f"{name} passes, and the file says: {kind}")
        if outcome == "skipped" and any(reason.fullmatch(result.why[name]) for reason in skips):
            outcome = "not applicable"
            skipped[result.why[name]] += 1
        elif outcome == "skipped":
            print(f"{name} skips itself, which the file does not know: {result.why[name]}")
            outcome, kind = "failed", None
        surprises += outcome not in ("not applicable", "failed" if kind else "passed")
        counts[kind if kind and outcome == "failed" else outcome] += 1
    for reason, count in skipped.most_common():
        print(f"{count:3} skip themselves: {reason}")
    applicable = len(result.outcomes) - counts["not applicable"]
    print(
        f"test_ssl.py of {sys.version.split()[0]}: {counts['passed']} passed, "
        f"{counts['failed'] + counts['differs']} failed ({counts['differs']} of them known) of {applicable} that "
        f"apply, {counts['not applicable']} not applicable"
    )
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main())

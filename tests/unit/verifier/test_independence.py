"""The verifier stays small and uses nothing of the services, so that it can be read in an hour and carried away."""

import ast
import sys
from pathlib import Path

import verifier

MODULES = sorted(Path(verifier.__file__).parent.glob("*.py"))


def test_the_verifier_has_at_most_500_lines() -> None:
    assert sum(len(path.read_text().splitlines()) for path in MODULES) <= 500


def test_the_verifier_imports_the_standard_library_and_cryptography_alone() -> None:
    names = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add((node.module or "").partition(".")[0])
    assert names <= {*sys.stdlib_module_names, "cryptography", "verifier"}

"""Nothing is longer than a screen."""

from __future__ import annotations

import ast

import pytest

from tests.contracts.sources import (
    JOURNEYS,
    PORTAL,
    ROOT,
    TEMPLATES,
    TESTS,
    functions_of,
    module_name,
    python_files,
    views_of,
)

pytestmark = pytest.mark.static
LINES_OF_MODULE, LINES_OF_FUNCTION, STATEMENTS_OF_VIEW, LINES_OF_TEMPLATE = 300, 25, 15, 150


def test_no_module_and_no_test_file_is_longer_than_300_lines() -> None:
    files = [path for folder in (PORTAL, TESTS, ROOT / "scripts") for path in python_files(folder)]
    long = {str(path.relative_to(ROOT)): n for path in files if (n := lines(path)) > LINES_OF_MODULE}
    assert not long


def lines(path: object) -> int:
    """Lines of a file."""
    return len(path.read_text().splitlines())  # type: ignore[attr-defined]


def body_lines(function: ast.FunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    spared = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - spared


def test_no_function_is_longer_than_25_lines() -> None:
    long = {
        f"{module_name(path)}.{function.name}": body_lines(function)
        for path in python_files(PORTAL)
        if "migrations" not in path.parts
        for function in functions_of(path)
        if body_lines(function) > LINES_OF_FUNCTION
    }
    assert not long


def test_no_view_has_more_than_15_statements() -> None:
    long = {}
    for journey in JOURNEYS:
        for view in views_of(journey):
            statements = sum(isinstance(node, ast.stmt) for node in ast.walk(view)) - 1
            if statements > STATEMENTS_OF_VIEW:
                long[f"{journey}.{view.name}"] = statements
    assert not long


def test_no_template_is_longer_than_150_lines() -> None:
    assert not {str(path): lines(path) for path in TEMPLATES.rglob("*.*") if lines(path) > LINES_OF_TEMPLATE}


def test_every_module_begins_with_a_sentence_that_says_what_belongs_there() -> None:
    silent = []
    for path in [*python_files(PORTAL), *python_files(ROOT / "scripts")]:
        text = ast.get_docstring(ast.parse(path.read_text())) or ""
        if path.read_text().strip() and not text:
            silent.append(module_name(path))
    assert not silent


def test_every_signature_is_typed() -> None:
    open_ended = []
    for path in [*python_files(PORTAL), *python_files(TESTS)]:
        for function in functions_of(path):
            arguments = [*function.args.args, *function.args.kwonlyargs, *function.args.posonlyargs]
            typed = all(a.annotation or a.arg in ("self", "cls") for a in arguments)
            if not typed or function.returns is None:
                open_ended.append(f"{module_name(path)}.{function.name}")
    assert not open_ended

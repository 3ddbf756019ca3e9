"""Writes the documents that are made from the code: permissions, settings and messages."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402

from portal import config, create_app  # noqa: E402
from portal.access.actions import Action  # noqa: E402
from portal.access.rules import RULES  # noqa: E402
from portal.messages.catalogue import every_message  # noqa: E402
from portal.web.guard import declaration_of  # noqa: E402

MADE = "Made from the code by `python scripts/generate_docs.py`; `make check` compares."


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _first_line(thing: Any) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def _methods(rule: Any) -> str:
    return ", ".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))


def routes_by_declaration(app: Flask) -> dict[Any, list[tuple[str, str, str]]]:
    """For each action, or reason why visitors may come in: (methods, address, endpoint)."""
    found: dict[Any, list[tuple[str, str, str]]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        declared = declaration_of(app, rule.endpoint)
        if declared:
            key = declared[0] if isinstance(declared[0], Action) else declared[1]
            found.setdefault(key, []).append((_methods(rule), rule.rule, rule.endpoint))
    return found


def permissions(app: Flask) -> str:
    """Every action with its rule and routes, then what visitors may open and why."""
    routes = routes_by_declaration(app)
    rows = []
    for action in Action:
        rule = RULES[action]
        sentence = rule.__name__.replace("_", " ").capitalize() + ". " + _first_line(rule)
        where = "<br>".join(f"{methods} `{address}`" for methods, address, _ in routes.get(action, []))
        rows.append([f"`{action.value}`", action.description, sentence, where])
    public = [
        [f"{methods} `{address}`", why]
        for why, found in routes.items()
        if not isinstance(why, Action)
        for methods, address, _ in found
    ]
    return (
        f"# Permissions\n\n{MADE}\n\n## What signed-in people may do\n\n"
        + _table(["Action", "What it is", "Rule", "Where"], rows)
        + "\n\n## What visitors may open\n\n"
        + _table(["Address", "Why"], sorted(public))
        + "\n"
    )


def settings_with_words() -> list[tuple[str, str, str, str]]:
    """Each setting: variable, type, default, docstring."""
    tree = ast.parse(Path(config.__file__).read_text())
    body = next(n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Settings")
    words = {}
    for field, text in zip(body, body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
        ):
            words[field.target.id] = " ".join(str(ast.literal_eval(text.value)).split())
    return [
        (config.variable_of(f.name), _type_word(f.default), _default_word(f.default), words.get(f.name, ""))
        for f in dataclasses.fields(config.Settings)
    ]


def _type_word(default: Any) -> str:
    words = {bool: "true or false", int: "number", tuple: "list, comma separated", str: "text"}
    return words.get(type(default), "path" if isinstance(default, Path) else "day (YYYY-MM-DD)")


def _default_word(default: Any) -> str:
    if isinstance(default, bool):
        return "`true`" if default else "`false`"
    if isinstance(default, tuple):
        return f"`{','.join(default)}`" if default else "none"
    if isinstance(default, Path):
        return f"`{default.relative_to(config.ROOT)}/`"
    return f"`{default}`" if default != "" else "none"


def settings() -> str:
    """Every environment variable."""
    rows = [
        [f"`{variable}`", kind, default, words] for variable, kind, default, words in settings_with_words()
    ]
    return f"# Settings\n\n{MADE}\n\n" + _table(["Variable", "Type", "Default", "What it does"], rows) + "\n"


def messages() -> str:
    """Every e-mail and SMS with its facts."""
    rows = []
    for name, message in sorted(every_message().items()):
        facts = ", ".join(f"`{field.name}`" for field in dataclasses.fields(message)) or "none"
        rows.append([f"`{name}`", message.channel.value, _first_line(message), facts])
    about = "Their words stand in `templates/messages/<name>/`; links and codes are added when one leaves."
    table = _table(["Message", "Channel", "To whom and why", "Facts"], rows)
    return f"# Messages\n\n{MADE}\n\n{about}\n\n{table}\n"


def portal_without_data() -> Flask:
    """The portal as its demo starts it, on an empty folder: enough to read its routes."""
    folder = tempfile.mkdtemp(prefix="portal-docs-")
    return create_app(config.load_settings({"PORTAL_MODE": "demo", "PORTAL_INSTANCE": folder}))


def documents(app: Flask) -> dict[str, str]:
    """Each generated document by its file name."""
    return {"permissions.md": permissions(app), "settings.md": settings(), "messages.md": messages()}


if __name__ == "__main__":
    for name, text in documents(portal_without_data()).items():
        (ROOT / "docs" / name).write_text(text)
        print(f"docs/{name}")

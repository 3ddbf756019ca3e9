"""Checks a part of an audit trail with Python alone: run `python3 verify.py` beside events.jsonl, roots.jsonl and
proofs.jsonl. The portal computes its seals with these same functions."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

NOTHING = "0" * 64
"""The hash before the first one of a chain."""
FIELDS = (
    "chain", "position", "id", "occurred_at", "environment", "name", "subject_kind", "subject_id",
    "organisation_id", "account_id", "actor_account_id", "sign_in_id", "correlation", "facts",
)  # fmt: skip
ROOT_FIELDS = (
    "chain", "day", "first_position", "last_position", "tree_hash", "seal_hash", "previous_hash",
)  # fmt: skip


def canonical(row: dict[str, Any], fields: Sequence[str]) -> str:
    """The fields as JSON in one form only: sorted, without spaces, ASCII."""
    return json.dumps({name: row[name] for name in fields}, sort_keys=True, separators=(",", ":"))


def _digest(kind: bytes, *parts: bytes) -> bytes:
    # Leaves, nodes, links and roots begin differently: none of them can be passed off as another.
    return hashlib.sha256(kind + b"".join(parts)).digest()


def leaf_of(event: dict[str, Any]) -> bytes:
    """The hash of one event."""
    return _digest(b"\x00", canonical(event, FIELDS).encode())


def node_of(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours in the tree of a day."""
    return _digest(b"\x01", left, right)


def link_of(previous: str, leaf: bytes) -> str:
    """The seal of an event: the hash of the seal before it and of the event."""
    return _digest(b"\x02", bytes.fromhex(previous), leaf).hex()


def root_of(root: dict[str, Any]) -> str:
    """The hash of the root of a day, which is signed and which the next root names."""
    return _digest(b"\x03", canonical(root, ROOT_FIELDS).encode()).hex()


class Tree:
    """The tree of a day, leaf by leaf; it keeps one hash for each power of two."""

    def __init__(self, parts: Sequence[tuple[int, str]] = ()) -> None:
        self.parts = [(size, bytes.fromhex(text)) for size, text in parts]

    def add(self, leaf: bytes) -> None:
        """One more leaf at the end."""
        size = 1
        while self.parts and self.parts[-1][0] == size:
            leaf, size = node_of(self.parts.pop()[1], leaf), size * 2
        self.parts.append((size, leaf))

    def top(self) -> str:
        """The one hash of all leaves so far."""
        whole = b""
        for _size, part in reversed(self.parts):
            whole = node_of(part, whole) if whole else part
        return whole.hex() or NOTHING

    def kept(self) -> list[tuple[int, str]]:
        """What a new tree is made of that grows on."""
        return [(size, part.hex()) for size, part in self.parts]


def climb(leaf: bytes, path: Sequence[str]) -> str:
    """The top that a leaf leads to; each step says on which side the neighbour stands: `L…` or `R…`."""
    for step in path:
        other = bytes.fromhex(step[1:])
        leaf = node_of(other, leaf) if step[0] == "L" else node_of(leaf, other)
    return leaf.hex()


# Ed25519 as RFC 8032 describes it, verifying only: points as (x, y, z, t) with x = X/Z, y = Y/Z, xy = T/Z.
Point = tuple[int, int, int, int]
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
HALF = pow(2, (P - 1) // 4, P)


def _added(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _added(result, point)
        point, number = _added(point, point), number >> 1
    return result


def _point(raw: bytes) -> Point:
    number = int.from_bytes(raw, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if y >= P:
        raise ValueError("no point")
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * HALF % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(text: str, public_key: str, signature: str) -> bool:
    """Whether the signature over the text is of that key (Ed25519, both hexadecimal)."""
    try:
        key, raw = bytes.fromhex(public_key), bytes.fromhex(signature)
        here, there, number = _point(raw[:32]), _point(key), int.from_bytes(raw[32:], "little")
    except ValueError:
        return False
    if len(raw) != 64 or len(key) != 32 or number >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(raw[:32] + key + text.encode()).digest(), "little") % ORDER
    left, right = _times(number, BASE), _added(here, _times(challenge, there))
    return not any((left[i] * right[2] - right[i] * left[2]) % P for i in (0, 1))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def check_roots(roots: Sequence[dict[str, Any]]) -> list[str]:
    """What is wrong with the roots, one sentence each: hash, signature, and that each names the one before."""
    wrong = []
    for index, root in enumerate(roots):
        day, before = root["day"], roots[index - 1] if index else None
        if root_of(root) != root["root_hash"]:
            wrong.append(f"root of {day}: its hash does not match its content")
        if not is_signed(root["root_hash"], root["public_key"], root["signature"]):
            wrong.append(f"root of {day}: its signature is wrong")
        if before and root["previous_hash"] != before["root_hash"]:
            wrong.append(f"root of {day}: it does not follow the root of {before['day']}")
        if before and root["first_position"] != before["last_position"] + 1:
            wrong.append(f"root of {day}: events are missing between it and the root of {before['day']}")
    return wrong


def check_event(event: dict[str, Any], proof: dict[str, Any], roots: dict[str, dict[str, Any]]) -> str:
    """What is wrong with one event, empty where it stands in the tree of its day as it is."""
    name = f"event {event['id']} at position {event['position']}"
    root = roots.get(proof["day"])
    if root is None or root["chain"] != event["chain"] or proof["position"] != event["position"]:
        return f"{name}: there is no root for it"
    if not root["first_position"] <= event["position"] <= root["last_position"]:
        return f"{name}: it is not of {proof['day']}"
    if climb(leaf_of(event), proof["path"]) != root["tree_hash"]:
        return f"{name}: it is not what was sealed"
    return ""


def check_folder(folder: Path) -> tuple[list[str], int, list[dict[str, Any]]]:
    """What is wrong, how many events were checked, and the roots they were checked against."""
    roots = list(_lines(folder / "roots.jsonl"))
    wrong, by_day, events = check_roots(roots), {root["day"]: root for root in roots}, 0
    proofs = _lines(folder / "proofs.jsonl")
    for event in _lines(folder / "events.jsonl"):
        proof = next(proofs, None)
        sentence = (
            check_event(event, proof, by_day) if proof else f"event {event['id']}: its proof is missing"
        )
        wrong += [sentence] if sentence else []
        events += 1
    if next(proofs, None) is not None:
        wrong.append("there are more proofs than events: events were taken out")
    return wrong, events, roots


def main() -> int:
    """Check the folder of this file; 0 where everything is as it was sealed."""
    wrong, events, roots = check_folder(Path(__file__).resolve().parent)
    say = sys.stdout.write
    for sentence in wrong:
        say(f"WRONG: {sentence}\n")
    say(f"{events} events checked against {len(roots)} signed daily roots.\n")
    for key in sorted({root["public_key"] for root in roots}):
        say(f"Signed with {key}: compare this with the key the portal shows.\n")
    for root in roots[-1:]:
        say(f"Last root: {root['chain']} {root['day']} {root['root_hash']}: compare it with the one kept.\n")
    say("Everything is as it was sealed.\n" if not wrong else "NOT as it was sealed.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""The Merkle tree of the log: RFC 6962 section 2.1 (the same in RFC 9162). Hashes are 32 bytes of SHA-256.

Nodes are addressed as (level, index): level 0 holds the leaf hashes, and node (l, i) covers the leaves from ``i * 2**l`` up to
``(i + 1) * 2**l``. Only nodes whose leaves all exist are ever asked for, so that they never change: a tile or a table can keep them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

#: Reads the hash of a complete node (level, index).
ReadNode = Callable[[int, int], bytes]
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash of an entry: SHA-256 of 0x00 and its bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree that keeps only the hashes on its right edge: O(log n) memory, O(1) hashes per entry on average."""

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        """``edge``: hashes of the perfect subtrees of a tree of ``size`` leaves, largest first.

        Raises ValueError when they are not as many.
        """
        self.size = size
        self._edge = list(edge)
        if size < 0 or len(self._edge) != size.bit_count():
            raise ValueError("the edge does not fit the size")

    @property
    def edge(self) -> tuple[bytes, ...]:
        """Hashes of the perfect subtrees, largest first."""
        return tuple(self._edge)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; returns the nodes (level, index, hash) that became complete, the leaf first."""
        made, level, index, current = [(0, self.size, leaf)], 0, self.size, leaf
        while index & 1:
            current = node_hash(self._edge.pop(), current)
            level, index = level + 1, index >> 1
            made.append((level, index, current))
        self._edge.append(current)
        self.size += 1
        return made

    def root(self) -> bytes:
        """Hash of the whole tree; ``EMPTY_ROOT`` without leaves."""
        if not self._edge:
            return EMPTY_ROOT
        current = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            current = node_hash(left, current)
        return current


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Root of the tree over leaf hashes."""
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def _split(size: int) -> int:
    """Largest power of two below ``size`` (2 or more)."""
    return 1 << ((size - 1).bit_length() - 1)


def range_hash(start: int, end: int, read: ReadNode) -> bytes:
    """Hash over the leaves [start, end) as RFC 6962 composes it; ``start`` is a multiple of the range's largest power of two."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, start >> level)
    middle = start + _split(size)
    return node_hash(range_hash(start, middle, read), range_hash(middle, end, read))


def root_at(size: int, read: ReadNode) -> bytes:
    """Root of the tree of the first ``size`` leaves."""
    return range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: ReadNode) -> tuple[bytes, ...]:
    """Audit path of leaf ``index`` in the tree of ``size`` leaves, from the leaf up. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(middle, end, read))
            end = middle
        else:
            path.append(range_hash(start, middle, read))
            start = middle
    return tuple(reversed(path))


def inclusion_holds(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows ``leaf`` at ``index`` of the tree of ``size`` leaves with this root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root


def consistency_proof(old: int, size: int, read: ReadNode) -> tuple[bytes, ...]:
    """Proof that the tree of ``old`` leaves is the beginning of that of ``size``; empty when they are equal.

    Raises ValueError unless 0 < old <= size.
    """
    if not 0 < old <= size:
        raise ValueError("no such earlier tree")
    return tuple(_subproof(old, 0, size, read, whole=True))


def _subproof(old: int, start: int, end: int, read: ReadNode, *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962; ``old`` counts leaves from ``start``."""
    if old == end - start:
        return [] if whole else [range_hash(start, end, read)]
    half = _split(end - start)
    if old <= half:
        return [*_subproof(old, start, start + half, read, whole=whole), range_hash(start + half, end, read)]
    return [*_subproof(old - half, start + half, end, read, whole=False), range_hash(start, start + half, read)]


def consistency_holds(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the tree (old, old_root) is the beginning of (size, root) (RFC 9162 section 2.1.4.2)."""
    if old == size:
        return not proof and old_root == root
    if not 0 < old < size or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, step)
        position, last = position >> 1, last >> 1
    return last == 0 and first == old_root and second == root

"""The tree against the vectors of certificate transparency, and its laws on random trees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.ledger import merkle, tiles

#: Leaves and roots of the reference trees in google/certificate-transparency (RFC 6962 test vectors).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def plain_root(leaves: list[bytes]) -> bytes:
    """As RFC 6962 section 2.1 reads."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(plain_root(leaves[:k]), plain_root(leaves[k:]))


def grown(size: int) -> tuple[list[bytes], Callable[[int, int], bytes]]:
    leaves = [merkle.leaf_hash(str(i).encode()) for i in range(size)]
    tree, nodes = merkle.Frontier(), {}
    for leaf in leaves:
        nodes.update({(level, index): value for level, index, value in tree.append(leaf)})
    assert tree.root() == plain_root(leaves)
    return leaves, lambda level, index: nodes[level, index]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_published_vectors(size: int) -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in LEAVES[:size]]
    assert merkle.root_of(leaves).hex() == ROOTS[size - 1]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_nothing_else(size: int, data: st.DataObject) -> None:
    leaves, read = grown(size)
    root, index = merkle.root_at(size, read), data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, read)
    assert merkle.inclusion_holds(leaves[index], index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index)) if size > 1 else None
    if other is not None:
        assert not merkle.inclusion_holds(leaves[other], index, size, proof, root)
        assert not merkle.inclusion_holds(leaves[index], other, size, proof, root)
    assert not merkle.inclusion_holds(leaves[index], index, size, (*proof, root), root)
    if proof:
        assert not merkle.inclusion_holds(leaves[index], index, size, proof[:-1], root)


@given(st.integers(1, 70), st.data())
def test_every_earlier_tree_is_a_beginning(size: int, data: st.DataObject) -> None:
    leaves, read = grown(size)
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(old, size, read)
    before, after = plain_root(leaves[:old]), plain_root(leaves)
    assert merkle.consistency_holds(old, size, before, after, proof)
    forged = plain_root([*leaves[: old - 1], merkle.leaf_hash(b"forged")])
    assert not merkle.consistency_holds(old, size, forged, after, proof)
    if old < size:
        assert not merkle.consistency_holds(old, size, before, forged, proof)
        assert not merkle.consistency_holds(old, size, before, after, proof[:-1])
        assert not merkle.consistency_holds(old, size, before, after, (*proof, after))


def test_what_is_outside_the_tree_is_refused() -> None:
    _, read = grown(3)
    for index, size in ((3, 3), (-1, 3), (0, 0)):
        with pytest.raises(ValueError, match="no such leaf"):
            merkle.inclusion_proof(index, size, read)
        assert not merkle.inclusion_holds(b"", index, size, (), b"")
    for old, size in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="no such earlier tree"):
            merkle.consistency_proof(old, size, read)
    with pytest.raises(ValueError, match="does not fit"):
        merkle.Frontier(3, [b""])


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_frontier_goes_on_where_it_stood(first: int, more: int) -> None:
    leaves = [merkle.leaf_hash(str(i).encode()) for i in range(first + more)]
    tree = merkle.Frontier()
    for leaf in leaves[:first]:
        tree.append(leaf)
    again = merkle.Frontier(tree.size, tree.edge)
    for leaf in leaves[first:]:
        again.append(leaf)
    assert again.root() == plain_root(leaves)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 600, 66_000])
def test_nodes_read_from_tiles_are_those_of_the_tree(size: int) -> None:
    tree, nodes = merkle.Frontier(), {}
    for i in range(size):
        nodes.update({(level, index): value for level, index, value in tree.append(merkle.leaf_hash(str(i).encode()))})

    def tile(level: int, number: int, width: int) -> bytes:
        first = number * tiles.WIDTH
        return b"".join(nodes[level * tiles.HEIGHT, i] for i in range(first, first + width))

    read = tiles.node_reader(tile, size)
    assert merkle.root_at(size, read) == tree.root()
    proof = merkle.inclusion_proof(size // 2, size, read)
    assert merkle.inclusion_holds(nodes[0, size // 2], size // 2, size, proof, tree.root())

// A stranger's check: reads the files of a log with Go's own sumdb packages and none of our code.
// Usage: go run main.go FOLDER VKEY [SAVED-CHECKPOINT ...]   (GO111MODULE=off, with Debian's golang-golang-x-mod-dev)
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func open(path string, verifier note.Verifier) tlog.Tree {
	data, err := os.ReadFile(path)
	if err != nil {
		fail("%v", err)
	}
	signed, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		fail("checkpoint: %v", err)
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("checkpoint: another origin or shape")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		fail("checkpoint: %v", err)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		fail("checkpoint: no root hash")
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree
}

type folder string

func (f folder) Height() int { return 8 }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// The standard's paths have no height in them.
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), "tile", strings.TrimPrefix(tile.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func entries(f folder, size int64) [][]byte {
	var found [][]byte
	for first := int64(0); first < size; first += 256 {
		tile := tlog.Tile{H: 8, L: 0, N: first / 256, W: 256}
		if size-first < 256 {
			tile.W = int(size - first)
		}
		data, err := os.ReadFile(filepath.Join(string(f), "tile/entries", strings.TrimPrefix(tile.Path(), "tile/8/0/")))
		if err != nil {
			fail("%v", err)
		}
		for i := 0; i < tile.W; i++ {
			length := int(binary.BigEndian.Uint16(data))
			found = append(found, data[2:2+length])
			data = data[2+length:]
		}
		if len(data) != 0 {
			fail("bundle %d is longer than it should be", tile.N)
		}
	}
	return found
}

func main() {
	verifier, err := note.NewVerifier(strings.TrimSpace(os.Args[2]))
	if err != nil {
		fail("key: %v", err)
	}
	root := folder(os.Args[1])
	tree := open(filepath.Join(os.Args[1], "checkpoint"), verifier)
	reader := tlog.TileHashReader(tree, root)
	for i, entry := range entries(root, tree.N) {
		proof, err := tlog.ProveRecord(tree.N, int64(i), reader)
		if err != nil {
			fail("entry %d: %v", i, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), tlog.RecordHash(entry)); err != nil {
			fail("entry %d: %v", i, err)
		}
	}
	for _, path := range os.Args[3:] {
		old := open(path, verifier)
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		if err != nil {
			fail("%s: %v", path, err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
			fail("%s: %v", path, err)
		}
	}
	fmt.Printf("%d entries, %d earlier checkpoints: good\n", tree.N, len(os.Args)-3)
}

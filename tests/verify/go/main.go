// A stranger's check: reads the files of a log with Go's own sumdb packages and none of our code.
// Usage: go run main.go FOLDER-OR-ADDRESS VKEY [SAVED-CHECKPOINT | RECEIPT.tlog-proof ...]
// (GO111MODULE=off, with Debian's golang-golang-x-mod-dev)
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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

func fetch(root, path string) ([]byte, error) {
	if !strings.HasPrefix(root, "http://") {
		return os.ReadFile(filepath.Join(root, path))
	}
	answer, err := http.Get(root + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func open(data []byte, verifier note.Verifier) tlog.Tree {
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
		data, err := fetch(string(f), "tile/"+strings.TrimPrefix(tile.Path(), "tile/8/"))
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
		data, err := fetch(string(f), "tile/entries/"+strings.TrimPrefix(tile.Path(), "tile/8/0/"))
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

// A c2sp.org/tlog-proof file whose extra holds the bytes of the entry ("e"); returns the tree of its checkpoint.
func receipt(data []byte, verifier note.Verifier) tlog.Tree {
	parts := bytes.SplitN(data, []byte("\n\n"), 2)
	lines := strings.Split(string(parts[0]), "\n")
	if len(parts) != 2 || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("receipt: no tlog-proof")
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		fail("receipt: %v", err)
	}
	var body struct{ E string }
	if err := json.Unmarshal(extra, &body); err != nil {
		fail("receipt: %v", err)
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		fail("receipt: %v", err)
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		var hash tlog.Hash
		if n, err := base64.StdEncoding.Decode(hash[:], []byte(line)); err != nil || n != tlog.HashSize {
			fail("receipt: a hash of the proof")
		}
		proof = append(proof, hash)
	}
	tree := open(parts[1], verifier)
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash([]byte(body.E))); err != nil {
		fail("receipt: %v", err)
	}
	return tree
}

func main() {
	verifier, err := note.NewVerifier(strings.TrimSpace(os.Args[2]))
	if err != nil {
		fail("key: %v", err)
	}
	root := folder(os.Args[1])
	data, err := fetch(os.Args[1], "checkpoint")
	if err != nil {
		fail("%v", err)
	}
	tree := open(data, verifier)
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
	receipts := 0
	for _, path := range os.Args[3:] {
		data, err := os.ReadFile(path)
		if err != nil {
			fail("%v", err)
		}
		var old tlog.Tree
		if strings.HasSuffix(path, ".tlog-proof") {
			old = receipt(data, verifier)
			receipts++
		} else {
			old = open(data, verifier)
		}
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		if err != nil {
			fail("%s: %v", path, err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
			fail("%s: %v", path, err)
		}
	}
	fmt.Printf("%d entries, %d earlier checkpoints, %d receipts: good\n", tree.N, len(os.Args)-3-receipts, receipts)
}

package review

import (
	"fmt"
	"strings"
	"testing"

	"hankki/internal/testfile"
)

// Pulumi reads a key without a namespace as one of the project.
func TestKeysWithoutNamespace(t *testing.T) {
	folder := t.TempDir()
	testfile.Write(t, stackPath(folder, "dev"), "config:\n  databasePassword: tomato\n  images: {use: {backend: x}}\n  docker:host: y\n")
	file, _, err := readStack(folder, "dev")
	if err != nil {
		t.Fatal(err)
	}
	if got := file.plainSettings(); len(got) != 1 || got[0] != "hankki:databasePassword" {
		t.Errorf("in plain text: %v", got)
	}
	if got := file.imagesInUse(); got["backend"] != "x" {
		t.Errorf("images in use: %v", got)
	}
	if fields := fmt.Sprint(settings(stackFile{}, file)); strings.Contains(fields, "tomato") || !strings.Contains(fields, "docker:host") {
		t.Errorf("the settings are %s", fields)
	}
}

// Secrets of a stack's file in plain text are found. A stack without a file is not an error.
func TestPlainSettings(t *testing.T) {
	folder := t.TempDir()
	testfile.Write(t, stackPath(folder, "dev"), "encryptionsalt: v1:x\nconfig:\n  hankki:signingKey:\n    secure: v1:abc\n  hankki:redisPassword: tomato\n  hankki:metallb:\n    addresses: [10.0.0.3-10.0.0.9]\n")
	file, exists, err := readStack(folder, "dev")
	if err != nil || !exists {
		t.Fatal(exists, err)
	}
	if got := file.plainSettings(); len(got) != 1 || got[0] != "hankki:redisPassword" {
		t.Errorf("in plain text: %v", got)
	}
	if _, exists, err := readStack(folder, "none"); exists || err != nil {
		t.Errorf("a stack without a file: %t, %v", exists, err)
	}
}

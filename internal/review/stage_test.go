package review

import (
	"os"
	"strings"
	"testing"
)

// A staged stack renders, has no secret, and leaves what was read as it is.
func TestStage(t *testing.T) {
	folder := t.TempDir()
	put(t, stackPath(folder, "dev"), "encryptionsalt: v1:x\nconfig:\n  hankki:signingKey:\n    secure: v1:abc\n  hankki:redisPassword: tomato\n  hankki:metallb:\n    addresses: [10.0.0.3-10.0.0.9]\n")
	file, exists, err := readStack(folder, "dev")
	if err != nil || !exists {
		t.Fatal(exists, err)
	}
	if err := file.stage(folder, "dev", "/rendered", map[string]string{"hankki:metallb": "/chart"}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(stackPath(folder, "dev"))
	if err != nil {
		t.Fatal(err)
	}
	for part, there := range map[string]bool{"directory: /rendered": true, "path: /chart": true, "10.0.0.3-10.0.0.9": true, "verbatim": true, "abc": false, "tomato": false, "salt": false} {
		if strings.Contains(string(text), part) != there {
			t.Errorf("%q: want %t in\n%s", part, there, text)
		}
	}
	if fields := settings(file, stackFile{Config: map[string]any{"hankki:metallb": map[string]any{"addresses": []any{"10.0.0.3-10.0.0.9"}}}}); len(fields) != 2 {
		t.Errorf("what was read has changed: %v", fields)
	}
	if got := file.plainSettings(); len(got) != 1 || got[0] != "hankki:redisPassword" {
		t.Errorf("in plain text: %v", got)
	}
	if _, exists, err := readStack(folder, "none"); exists || err != nil {
		t.Errorf("a stack without a file: %t, %v", exists, err)
	}
}

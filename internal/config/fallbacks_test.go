package config_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hankki/internal/config"
)

// replaced returns the fallbacks as Load read them, by name.
func replaced(c *config.Config) map[string]config.Secret {
	return map[string]config.Secret{
		"databasePasswordFallback": c.Secrets.DatabasePasswordFallback,
		"redisPasswordFallback":    c.Secrets.RedisPasswordFallback, "signingKeyFallbacks": c.Secrets.SigningKeyFallbacks,
	}
}

func TestFallbacksAreOptional(t *testing.T) {
	for name, value := range fallbacks {
		if got := replaced(load(t, valid()))[name]; got != "" {
			t.Errorf("%s is there without being set", name)
		}
		if got := replaced(load(t, valid().encrypt(name, value)))[name]; got.Reveal() != value {
			t.Errorf("%s differs from the configured value", name)
		}
		if got := replaced(load(t, valid().encrypt(name, value).set("render.directory", "manifests")))[name]; got != "" {
			t.Errorf("rendered manifests have %s", name)
		}
		lines := errorLines(t, valid().set(name, value))
		if len(lines) != 1 || !names(lines[0], name+" is in plain text", "pulumi config set --secret hankki:"+name) || names(lines[0], value) {
			t.Errorf("%s in plain text: want one line that names the command and not the value, got %q", name, lines)
		}
	}
}

// anyKey draws a key without white space, with a length around the minimum.
func anyKey(least, most int) *rapid.Generator[string] {
	return rapid.StringMatching(fmt.Sprintf("[!-~]{%d,%d}", least, most))
}

func TestAnyLongEnoughKeysMayBeFallbacks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := strings.Join(rapid.SliceOfN(anyKey(32, 64), 0, 4).Draw(t, "keys"), " ")
		if _, err := config.Load("test", valid().encrypt("signingKeyFallbacks", keys)); err != nil {
			t.Fatalf("refused:\n%v", err)
		}
	})
}

func TestShortFallbackIsReportedByPosition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(anyKey(32, 64), 0, 3).Draw(t, "keys")
		short := anyKey(8, 31).Draw(t, "short")
		_, err := config.Load("test", valid().encrypt("signingKeyFallbacks", strings.Join(append(keys, short), " ")))
		want := fmt.Sprintf("signingKeyFallbacks has %d characters at place %d", len(short), len(keys)+1)
		if lines := linesOf(err); len(lines) != 1 || !names(lines[0], want, "at least 32") || names(lines[0], short) {
			t.Fatalf("want one line with %q and without the key, got:\n%v", want, err)
		}
	})
}

package config_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"hankki/internal/config"
)

// The volume must hold both the append-only file and its rewrite. The sizes are compared in bytes, whatever their units.
func TestRedisVolumeHoldsDataAndRewrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.Int64Range(1, 4096).Draw(t, "maxMemory in MiB")
		size := rapid.Int64Range(1, 16384).Draw(t, "size in MiB")
		maxMemory := fmt.Sprintf("%dmb", most)
		if most%1024 == 0 && rapid.Bool().Draw(t, "in gb") {
			maxMemory = fmt.Sprintf("%dgb", most/1024)
		}
		text := rapid.SampledFrom([]string{fmt.Sprintf("%dMi", size), fmt.Sprintf("%dKi", size<<10), fmt.Sprint(size << 20)}).Draw(t, "size")
		c, err := config.Load("test", valid().set("redis", map[string]any{
			"maxMemory": maxMemory, "persistence": map[string]any{"enabled": true, "size": text},
		}))
		if got := c.Redis.MaxMemoryBytes(); got != most<<20 {
			t.Fatalf("%s is %d bytes, not %d", maxMemory, got, most<<20)
		}
		switch lines := linesOf(err); {
		case size >= 3*most && err != nil:
			t.Fatalf("%s for %s is refused:\n%v", text, maxMemory, err)
		case size < 3*most && (len(lines) != 1 || !names(lines[0], "redis.persistence.size "+text, "redis.maxMemory "+maxMemory)):
			t.Fatalf("want one line that names %s and %s, got %q", text, maxMemory, lines)
		}
	})
}

// Disabled settings are not checked.
func TestDisabledPersistenceIsNotChecked(t *testing.T) {
	c := load(t, valid().set("redis", map[string]any{"maxMemory": "900gb", "persistence": map[string]any{"size": "1Gi"}}))
	if c.Redis.Persistence.Enabled || c.Redis.MaxMemoryBytes() != 900<<30 {
		t.Errorf("redis is %+v", c.Redis)
	}
}

package staging

import (
	"testing"

	"hankki/internal/config"
	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

// The role is read as YAML, in each of its notations.
func TestRole(t *testing.T) {
	for text, want := range map[string]config.Role{
		"config: {}":                          config.RoleAll,
		"config:\n  hankki:role: site":        config.RoleSite,
		"config:\n  hankki:role: \"site\"":    config.RoleSite,
		"config:\n    'hankki:role': 'site'":  config.RoleSite,
		"config: {\"hankki:role\": platform}": config.RolePlatform,
		"config:\n  hankki:role: kitchen":     "kitchen", // lab/overlay.sh refuses it, and so does the program
	} {
		t.Run(text, func(t *testing.T) {
			folder := t.TempDir()
			testfile.Write(t, path(folder, "shop"), text+"\n")
			if got, err := Role(folder, "shop"); err != nil || got != want {
				t.Errorf("the role is %q (%v), want %q", got, err, want)
			}
		})
	}
	_, err := Role(t.TempDir(), "shop")
	stacktest.CheckError(t, err, "stack shop has no file", "Pulumi.shop.yaml")
}

package move

import (
	"strings"
	"testing"

	"hankki/internal/config"
)

// Only a stack that creates the namespace of its site can move it.
func TestMovable(t *testing.T) {
	for role, want := range map[config.Role]string{
		config.RoleAll: "", "": "", config.RoleSite: "the platform's stack creates the namespace", config.RolePlatform: "the stack has no site",
	} {
		err := movable(role)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("role %q: %v", role, err)
		}
	}
}

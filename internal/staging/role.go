package staging

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"hankki/internal/config"
)

const roleKey = config.Project + ":role"

// Role returns hankki:role of a stack's file in the checkout; config.RoleAll if the file does not set it. It returns an unknown role as
// it is.
func Role(checkout, stack string) (config.Role, error) {
	file, err := Stack{Name: stack}.shipped(checkout)
	if err != nil {
		return "", err
	}
	return roleOf(file)
}

func roleOf(stack *workspace.ProjectStack) (config.Role, error) {
	role, err := get(stack, roleKey)
	return cmp.Or(config.Role(role), config.RoleAll), err
}

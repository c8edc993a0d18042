package components

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// RegistryLogin are the credentials of a registry. Without a Username access is anonymous.
type RegistryLogin struct {
	Server   string
	Username string
	Password pulumi.StringOutput // a secret
}

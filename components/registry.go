package components

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// RegistryLogin contains the credentials of a registry. An empty Username means anonymous access.
type RegistryLogin struct {
	Server   string
	Username string
	Password pulumi.StringOutput // a Pulumi secret
}

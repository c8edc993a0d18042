package components

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// RegistryLogin contains the credentials of a registry. An empty Username means anonymous access.
type RegistryLogin struct {
	Server   string
	Username string
	Password pulumi.StringOutput // a Pulumi secret; unused with PullSecret
	// PullSecret is the name of an existing Secret that pods pull with; empty: the Namespace creates one. With it, builders push
	// with the credentials of `docker login` on this machine, so that the state has none.
	PullSecret string
}

// isStored reports whether the state has the credentials.
func (l RegistryLogin) isStored() bool { return l.Username != "" && l.PullSecret == "" }

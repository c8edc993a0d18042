package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// appUser is the user and group of our own images (USER in their Dockerfiles).
const appUser = 10001

// nonRoot is what Pod Security "restricted" asks of a pod. Volumes belong to the pod's group: given to it once, for done with
// each start it would also open PostgreSQL's files to the group, which PostgreSQL refuses.
func nonRoot(user int) corev1.PodSecurityContextArgs {
	return corev1.PodSecurityContextArgs{
		RunAsNonRoot:        pulumi.Bool(true),
		RunAsUser:           pulumi.Int(user),
		RunAsGroup:          pulumi.Int(user),
		FsGroup:             pulumi.Int(user),
		FsGroupChangePolicy: pulumi.String("OnRootMismatch"),
		SeccompProfile:      corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}

// noPrivileges takes from a container all that it does not need: new privileges, capabilities, a writable root.
func noPrivileges() corev1.SecurityContextArgs {
	return corev1.SecurityContextArgs{
		AllowPrivilegeEscalation: pulumi.Bool(false),
		ReadOnlyRootFilesystem:   pulumi.Bool(true),
		Capabilities:             corev1.CapabilitiesArgs{Drop: pulumi.StringArray{pulumi.String("ALL")}},
	}
}

package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// appUser is the user and group ID of the site's own images (USER in their Dockerfiles).
const appUser = 10001

// nonRoot is the security context that Pod Security "restricted" requires. The kubelet sets the volume's group only once
// (OnRootMismatch): on each start it would also make PostgreSQL's files group-accessible, which PostgreSQL rejects.
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

// noPrivileges removes privilege escalation, capabilities and the writable root file system from a container.
func noPrivileges() corev1.SecurityContextArgs {
	return corev1.SecurityContextArgs{
		AllowPrivilegeEscalation: pulumi.Bool(false),
		ReadOnlyRootFilesystem:   pulumi.Bool(true),
		Capabilities:             corev1.CapabilitiesArgs{Drop: pulumi.StringArray{pulumi.String("ALL")}},
	}
}

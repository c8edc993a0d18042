package components

import (
	"fmt"
	"sort"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newSecret makes an immutable Kubernetes Secret and returns its name. Pulumi gives it a new name when its content
// changes, so the pods that use it are replaced, and no pod sees one half of a change.
func newSecret(ctx *pulumi.Context, name string, namespace pulumi.StringInput, data pulumi.StringMap, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	s, err := corev1.NewSecret(ctx, name, &corev1.SecretArgs{
		Metadata:   metav1.ObjectMetaArgs{Namespace: namespace, Labels: labels(name)},
		StringData: data,
		Immutable:  pulumi.Bool(true),
	}, opts...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("secret %q: %w", name, err)
	}
	return s.Metadata.Name().Elem(), nil
}

// newSecretOf is newSecret for those secrets that are the stack's own; without any, no Secret is made, and its name is empty.
func newSecretOf(ctx *pulumi.Context, name string, namespace pulumi.StringInput, secrets map[string]Secret, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	data := pulumi.StringMap{}
	for key, secret := range secrets {
		if !secret.kept() {
			data[key] = secret.Own
		}
	}
	if len(data) == 0 {
		return pulumi.String("").ToStringOutput(), nil
	}
	return newSecret(ctx, name, namespace, data, opts...)
}

// keys picks the entries of a Secret that become files, under their own names.
func keys(names ...string) corev1.KeyToPathArray {
	var items corev1.KeyToPathArray
	for _, n := range names {
		items = append(items, corev1.KeyToPathArgs{Key: pulumi.String(n), Path: pulumi.String(n)})
	}
	return items
}

// env gives plain variables, sorted by name so that their order never changes.
func env(values map[string]pulumi.StringInput) corev1.EnvVarArray {
	names := make([]string, 0, len(values))
	for n := range values {
		names = append(names, n)
	}
	sort.Strings(names)
	var vars corev1.EnvVarArray
	for _, n := range names {
		vars = append(vars, corev1.EnvVarArgs{Name: pulumi.String(n), Value: values[n].ToStringOutput().ToStringPtrOutput()})
	}
	return vars
}

// envSecret gives a variable out of a Secret, so that its value is in no pod's description.
func envSecret(name string, secret pulumi.StringInput, key string) corev1.EnvVarArgs {
	return corev1.EnvVarArgs{Name: pulumi.String(name), ValueFrom: corev1.EnvVarSourceArgs{
		SecretKeyRef: corev1.SecretKeySelectorArgs{Name: secret.ToStringOutput().ToStringPtrOutput(), Key: pulumi.String(key)},
	}}
}

func containerPort(name string, port int) corev1.ContainerPortArgs {
	return corev1.ContainerPortArgs{Name: pulumi.String(name), ContainerPort: pulumi.Int(port), Protocol: pulumi.String("TCP")}
}

// httpProbe asks a path of the container's port "http".
func httpProbe(path string, period, failures int) corev1.ProbeArgs {
	return corev1.ProbeArgs{
		HttpGet:          corev1.HTTPGetActionArgs{Path: pulumi.String(path), Port: pulumi.String("http")},
		PeriodSeconds:    pulumi.Int(period),
		FailureThreshold: pulumi.Int(failures),
		TimeoutSeconds:   pulumi.Int(3),
	}
}

// tcpProbe only asks whether the container's port is open.
func tcpProbe(port string, period, failures int) corev1.ProbeArgs {
	return corev1.ProbeArgs{
		TcpSocket: corev1.TCPSocketActionArgs{Port: pulumi.String(port)}, PeriodSeconds: pulumi.Int(period), FailureThreshold: pulumi.Int(failures),
	}
}

// resources asks for CPU and memory and limits memory and disk. CPU has no limit: throttling an idle node helps nobody.
func resources(cpu, memory, memoryLimit string) corev1.ResourceRequirementsArgs {
	return corev1.ResourceRequirementsArgs{
		Requests: pulumi.StringMap{"cpu": pulumi.String(cpu), "memory": pulumi.String(memory), "ephemeral-storage": pulumi.String("64Mi")},
		Limits:   pulumi.StringMap{"memory": pulumi.String(memoryLimit), "ephemeral-storage": pulumi.String("512Mi")},
	}
}

package components

import (
	"fmt"
	"sort"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newSecret creates an immutable Kubernetes Secret and returns its name. Pulumi generates a new name when the content
// changes, so the pods are replaced and no pod sees a partial update.
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

// newSecretOf is newSecret for the secrets that the stack stores itself. Without any, it creates no Secret and returns an
// empty name.
func newSecretOf(ctx *pulumi.Context, name string, namespace pulumi.StringInput, secrets map[string]Secret, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	data := pulumi.StringMap{}
	for key, secret := range secrets {
		if !secret.external() {
			data[key] = secret.Own
		}
	}
	if len(data) == 0 {
		return pulumi.String("").ToStringOutput(), nil
	}
	return newSecret(ctx, name, namespace, data, opts...)
}

// keys selects entries of a Secret as files of the same names.
func keys(names ...string) corev1.KeyToPathArray {
	var items corev1.KeyToPathArray
	for _, n := range names {
		items = append(items, corev1.KeyToPathArgs{Key: pulumi.String(n), Path: pulumi.String(n)})
	}
	return items
}

// env returns plain variables, sorted by name for a stable order.
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

// envSecret returns a variable that refers to a Secret, so the pod spec does not contain the value.
func envSecret(name string, secret pulumi.StringInput, key string) corev1.EnvVarArgs {
	return corev1.EnvVarArgs{Name: pulumi.String(name), ValueFrom: corev1.EnvVarSourceArgs{
		SecretKeyRef: corev1.SecretKeySelectorArgs{Name: secret.ToStringOutput().ToStringPtrOutput(), Key: pulumi.String(key)},
	}}
}

func containerPort(name string, port int) corev1.ContainerPortArgs {
	return corev1.ContainerPortArgs{Name: pulumi.String(name), ContainerPort: pulumi.Int(port), Protocol: pulumi.String("TCP")}
}

// httpProbe requests a path on the container's port "http".
func httpProbe(path string, period, failures int) corev1.ProbeArgs {
	return corev1.ProbeArgs{
		HttpGet:          corev1.HTTPGetActionArgs{Path: pulumi.String(path), Port: pulumi.String("http")},
		PeriodSeconds:    pulumi.Int(period),
		FailureThreshold: pulumi.Int(failures),
		TimeoutSeconds:   pulumi.Int(3),
	}
}

// tcpProbe checks every 10 s only that the port accepts connections. It fails after three failures.
func tcpProbe(port string) corev1.ProbeArgs {
	return corev1.ProbeArgs{
		TcpSocket: corev1.TCPSocketActionArgs{Port: pulumi.String(port)}, PeriodSeconds: pulumi.Int(10), FailureThreshold: pulumi.Int(3),
	}
}

// resources sets requests for CPU and memory and limits for memory and disk. CPU has no limit: throttling on an idle node
// has no benefit.
func resources(cpu, memory, memoryLimit string) corev1.ResourceRequirementsArgs {
	return corev1.ResourceRequirementsArgs{
		Requests: pulumi.StringMap{"cpu": pulumi.String(cpu), "memory": pulumi.String(memory), "ephemeral-storage": pulumi.String("64Mi")},
		Limits:   pulumi.StringMap{"memory": pulumi.String(memoryLimit), "ephemeral-storage": pulumi.String("512Mi")},
	}
}

package components

import (
	"maps"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// TLSProxy serves the API over HTTPS at its own address: an Nginx sidecar in each pod proxies to Gunicorn. If it is nil,
// Gunicorn serves the LAN over plain HTTP.
type TLSProxy struct {
	TLS   *TLS
	Image pulumi.StringInput // the front end's image
}

// tlsProxyPort is the port of the sidecar's liveness probe.
const tlsProxyPort = frontendPort

// sidecar is the Nginx container. Like the API, it serves until all nodes have stopped sending requests.
func (d *TLSProxy) sidecar() []corev1.ContainerArgs {
	if d == nil {
		return nil
	}
	vars := map[string]pulumi.StringInput{
		"API_MODE": pulumi.String("door"),
		// On this port the API trusts Nginx's X-Forwarded-For.
		"API_UPSTREAM": pulumi.Sprintf("127.0.0.1:%d", backendProxiedPort),
	}
	maps.Copy(vars, d.TLS.env())
	probe := func(period, failures int) corev1.ProbeArgs {
		p := httpProbe("/healthz/live", period, failures)
		p.HttpGet = corev1.HTTPGetActionArgs{Path: pulumi.String("/healthz/live"), Port: pulumi.String("door")}
		return p
	}
	return []corev1.ContainerArgs{{
		Name:           pulumi.String("door"),
		Image:          d.Image.ToStringOutput(),
		Env:            env(vars),
		Ports:          corev1.ContainerPortArray{containerPort("door", tlsProxyPort), containerPort("https", nginxTLSPort)},
		VolumeMounts:   append(d.TLS.mounts(), corev1.VolumeMountArgs{Name: pulumi.String("door"), MountPath: pulumi.String("/tmp")}),
		Lifecycle:      drain(),
		StartupProbe:   probe(1, 30),
		ReadinessProbe: probe(5, 2),
		LivenessProbe:  probe(10, 3),
		Resources:      resources("20m", "32Mi", "128Mi"),
	}}
}

// volumes are the certificate and the sidecar's scratch folder.
func (d *TLSProxy) volumes() corev1.VolumeArray {
	if d == nil {
		return nil
	}
	return append(d.TLS.volumes(), corev1.VolumeArgs{
		Name: pulumi.String("door"), EmptyDir: corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String("256Mi")},
	})
}

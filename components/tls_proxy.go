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

const (
	// tlsProxyName is the name of the sidecar, of the port of its probes, and of its scratch volume.
	tlsProxyName = "tls-proxy"
	tlsProxyPort = frontendPort
)

// sidecar is the Nginx container. Like the API, it serves until all nodes have stopped sending requests.
func (p *TLSProxy) sidecar() []corev1.ContainerArgs {
	if p == nil {
		return nil
	}
	vars := map[string]pulumi.StringInput{
		// The image's name of this mode stays: a rollback runs front end images of earlier releases, which know no other.
		"API_MODE": pulumi.String("door"),
		// On this port the API trusts Nginx's X-Forwarded-For.
		"API_UPSTREAM": pulumi.Sprintf("127.0.0.1:%d", backendProxiedPort),
	}
	maps.Copy(vars, p.TLS.env())
	probe := func(period, failures int) corev1.ProbeArgs {
		probe := httpProbe("/healthz/live", period, failures)
		probe.HttpGet = corev1.HTTPGetActionArgs{Path: pulumi.String("/healthz/live"), Port: pulumi.String(tlsProxyName)}
		return probe
	}
	return []corev1.ContainerArgs{{
		Name:           pulumi.String(tlsProxyName),
		Image:          p.Image.ToStringOutput(),
		Env:            env(vars),
		Ports:          corev1.ContainerPortArray{containerPort(tlsProxyName, tlsProxyPort), containerPort("https", nginxTLSPort)},
		VolumeMounts:   append(p.TLS.mounts(), corev1.VolumeMountArgs{Name: pulumi.String(tlsProxyName), MountPath: pulumi.String("/tmp")}),
		Lifecycle:      drain(),
		StartupProbe:   probe(1, 30),
		ReadinessProbe: probe(5, 2),
		LivenessProbe:  probe(10, 3),
		Resources:      nginxResources(),
	}}
}

// volumes are the certificate and the sidecar's scratch folder.
func (p *TLSProxy) volumes() corev1.VolumeArray {
	if p == nil {
		return nil
	}
	return append(p.TLS.volumes(), corev1.VolumeArgs{
		Name: pulumi.String(tlsProxyName), EmptyDir: corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String("256Mi")},
	})
}

package components

import (
	"maps"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Door gives the API https at its own address: Nginx beside Gunicorn in each pod, which passes everything on. Without one, nil,
// Gunicorn answers the LAN itself, by plain http.
type Door struct {
	TLS   *TLS
	Image pulumi.StringInput // the front end's
}

// doorPort is where the kubelet asks the door whether it lives.
const doorPort = frontendPort

// sidecar is the door. It ends as the API does: it goes on serving until no node sends requests any more.
func (d *Door) sidecar() []corev1.ContainerArgs {
	if d == nil {
		return nil
	}
	vars := map[string]pulumi.StringInput{
		"API_MODE": pulumi.String("door"),
		// The port where Nginx is believed who the client is.
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
		Ports:          corev1.ContainerPortArray{containerPort("door", doorPort), containerPort("https", nginxTLSPort)},
		VolumeMounts:   append(d.TLS.mounts(), corev1.VolumeMountArgs{Name: pulumi.String("door"), MountPath: pulumi.String("/tmp")}),
		Lifecycle:      drain(),
		StartupProbe:   probe(1, 30),
		ReadinessProbe: probe(5, 2),
		LivenessProbe:  probe(10, 3),
		Resources:      resources("20m", "32Mi", "128Mi"),
	}}
}

// volumes are the certificate and the door's own scratch folder.
func (d *Door) volumes() corev1.VolumeArray {
	if d == nil {
		return nil
	}
	return append(d.TLS.volumes(), corev1.VolumeArgs{
		Name: pulumi.String("door"), EmptyDir: corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String("256Mi")},
	})
}

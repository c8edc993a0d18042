package components

import (
	"strconv"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// httpsPort is the HTTPS port on the LAN; nginxTLSPort is Nginx's HTTPS port in the pod.
const (
	httpsPort    = 443
	nginxTLSPort = 8443
)

// TLS makes Nginx serve a tier over HTTPS. If it is nil, the tier serves plain HTTP.
type TLS struct {
	Host   string             // name or address at which browsers reach the tier
	Secret pulumi.StringInput // name of the certificate's Secret
	Key    External           // externally managed Secret of the key, if it is separate; the zero value: the key is in Secret
	HSTS   int                // max-age in seconds; 0: no Strict-Transport-Security header
}

// bracketed returns the host as in a URL.
func (t *TLS) bracketed() string {
	if strings.Contains(t.Host, ":") {
		return "[" + t.Host + "]"
	}
	return t.Host
}

// url returns the HTTPS URL of the tier on the LAN.
func (t *TLS) url(port int) pulumi.StringOutput {
	return pulumi.String(strings.TrimSuffix("https://"+t.bracketed()+":"+strconv.Itoa(port), ":"+strconv.Itoa(httpsPort))).ToStringOutput()
}

// env returns Nginx's environment variables.
func (t *TLS) env() map[string]pulumi.StringInput {
	if t == nil {
		return nil
	}
	vars := map[string]pulumi.StringInput{"TLS_HOST": pulumi.String(t.bracketed())}
	if t.HSTS > 0 {
		vars["TLS_HSTS"] = pulumi.String(strconv.Itoa(t.HSTS))
	}
	return vars
}

// volumes contains the certificate. The kubelet updates it in running pods when the Secret changes.
func (t *TLS) volumes() corev1.VolumeArray {
	if t == nil {
		return nil
	}
	if t.Key.Secret != "" {
		return corev1.VolumeArray{withExternal("tls", t.Secret, keys(tlsChain), t.Key, tlsKey)}
	}
	return corev1.VolumeArray{corev1.VolumeArgs{Name: pulumi.String("tls"), Secret: corev1.SecretVolumeSourceArgs{
		SecretName: t.Secret, Items: keys(tlsChain, tlsKey), DefaultMode: pulumi.Int(groupReads),
	}}}
}

func (t *TLS) mounts() corev1.VolumeMountArray {
	if t == nil {
		return nil
	}
	return corev1.VolumeMountArray{corev1.VolumeMountArgs{
		Name: pulumi.String("tls"), MountPath: pulumi.String("/etc/hankki/tls"), ReadOnly: pulumi.Bool(true),
	}}
}

// groupReads is the mode of a private key in a pod: owned by root, readable by the pod's group. libpq requires it too.
const groupReads = 0o440

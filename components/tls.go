package components

import (
	"strconv"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// httpsPort is that of https on the LAN, and nginxTLSPort that of Nginx in the pod.
const (
	httpsPort    = 443
	nginxTLSPort = 8443
)

// TLS has a tier speak https to the LAN, by Nginx. Without it, nil, the tier speaks plain http.
type TLS struct {
	Host   string             // name or address at which browsers reach the tier
	Secret pulumi.StringInput // name of the certificate's Secret
	Key    Kept               // others keep the key apart from the certificate; the zero value: it is in Secret
	HSTS   int                // seconds for which browsers refuse plain http; 0: they are not told
}

// bracketed is the host as a URL has it.
func (t *TLS) bracketed() string {
	if strings.Contains(t.Host, ":") {
		return "[" + t.Host + "]"
	}
	return t.Host
}

// url is where the LAN reaches the tier by https.
func (t *TLS) url(port int) pulumi.StringOutput {
	return pulumi.String(strings.TrimSuffix("https://"+t.bracketed()+":"+strconv.Itoa(port), ":"+strconv.Itoa(httpsPort))).ToStringOutput()
}

// env tells Nginx.
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

// volumes are the certificate, which the kubelet replaces in the pods that are there when the Secret changes.
func (t *TLS) volumes() corev1.VolumeArray {
	if t == nil {
		return nil
	}
	if t.Key.Secret != "" {
		return corev1.VolumeArray{besideKept("tls", t.Secret, keys(tlsChain), t.Key, tlsKey)}
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

// groupReads is the mode of a private key in a pod: root's, and read by the pod's group, as libpq demands too.
const groupReads = 0o440

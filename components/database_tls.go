package components

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// databaseFolder is where the application finds ca.crt, and the client's tls.crt and tls.key if there are any.
const databaseFolder = "/run/hankki/database"

// DatabaseCertificates are what PostgreSQL is checked by, and may check the API by.
type DatabaseCertificates struct {
	Authorities string // PEM
	Chain       string // PEM of the API's own certificate; empty: it has none
	Key         Secret // PEM
	Secret      string // name of a Secret that others keep, with ca.crt, tls.crt and tls.key, in place of these
}

// mounted is the Secret as the pods of the API and of the migration have it.
type mounted struct {
	volumes corev1.VolumeArray
	mounts  corev1.VolumeMountArray
}

// mount makes the Secret, unless others keep it. Content of the stack's own is a new Secret, so the pods follow it; of others',
// libpq reads the files anew for each connection.
func (c *DatabaseCertificates) mount(ctx *pulumi.Context, name string, namespace pulumi.StringInput, opts ...pulumi.ResourceOption) (mounted, error) {
	if c == nil {
		return mounted{}, nil
	}
	secret := pulumi.String(c.Secret).ToStringOutput()
	if c.Secret == "" {
		data := pulumi.StringMap{}
		if c.Authorities != "" {
			data[tlsAuthority] = pulumi.String(c.Authorities)
		}
		if c.Chain != "" {
			data[tlsChain] = pulumi.String(c.Chain)
		}
		if c.Chain != "" && !c.Key.kept() {
			data[tlsKey] = c.Key.Own
		}
		var err error
		if secret, err = newSecret(ctx, name+"-database", namespace, data, opts...); err != nil {
			return mounted{}, fmt.Errorf("certificates of the database: %w", err)
		}
	}
	return mounted{
		volumes: corev1.VolumeArray{c.volume(secret)},
		mounts: corev1.VolumeMountArray{corev1.VolumeMountArgs{
			Name: pulumi.String("database"), MountPath: pulumi.String(databaseFolder), ReadOnly: pulumi.Bool(true),
		}},
	}, nil
}

// volume has the files; a key that others keep stands beside the rest.
func (c *DatabaseCertificates) volume(secret pulumi.StringInput) corev1.VolumeArgs {
	const name = "database"
	if c.Secret == "" && c.Key.kept() {
		own := []string{tlsChain}
		if c.Authorities != "" {
			own = []string{tlsAuthority, tlsChain}
		}
		return besideKept(name, secret, keys(own...), c.Key.Kept, tlsKey)
	}
	return corev1.VolumeArgs{Name: pulumi.String(name), Secret: corev1.SecretVolumeSourceArgs{SecretName: secret, DefaultMode: pulumi.Int(groupReads)}}
}

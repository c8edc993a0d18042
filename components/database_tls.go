package components

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// databaseFolder contains ca.crt if the server is verified, and, with client certificates, tls.crt and tls.key.
const databaseFolder = "/run/hankki/database"

// DatabaseCertificates verify PostgreSQL to the API and, optionally, the API to PostgreSQL.
type DatabaseCertificates struct {
	Authorities string // PEM
	Chain       string // PEM of the API's client certificate; empty: no client certificate
	Key         Secret // PEM
	Secret      string // externally managed Secret with ca.crt, tls.crt and tls.key; replaces the other fields
	Verify      bool   // ca.crt of Secret is mounted: libpq verifies the server as soon as it has an authority, in sslmode require too
}

// mounted is the Secret's volume in the pods of the API and of the migration.
type mounted struct {
	volumes corev1.VolumeArray
	mounts  corev1.VolumeMountArray
}

// mount creates the Secret unless it is externally managed. If the stack's own content changes, the Secret gets a new name
// and the pods are replaced. For an externally managed Secret, libpq reads the files again for each connection.
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
		if c.Chain != "" && !c.Key.external() {
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

// volume contains the files; an externally managed key is projected into the same folder.
func (c *DatabaseCertificates) volume(secret pulumi.StringInput) corev1.VolumeArgs {
	const name = "database"
	if c.Secret == "" && c.Key.external() {
		own := []string{tlsChain}
		if c.Authorities != "" {
			own = []string{tlsAuthority, tlsChain}
		}
		return withExternal(name, secret, keys(own...), c.Key.External, tlsKey)
	}
	source := corev1.SecretVolumeSourceArgs{SecretName: secret, DefaultMode: pulumi.Int(groupReads)}
	if !c.Verify {
		source.Items = keys(tlsChain, tlsKey)
	}
	return corev1.VolumeArgs{Name: pulumi.String(name), Secret: source}
}

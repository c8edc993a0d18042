package components

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	rcloneFolder = "/run/hankki/rclone" // of rclone and the public certificate authorities; backup.sh has the same path
	// rcloneAuthorities are the public certificate authorities in rclone's image, which PostgreSQL's image lacks.
	rcloneAuthorities = "/etc/ssl/certs/ca-certificates.crt"

	backupAuthority = "s3.crt" // key of the script's ConfigMap, with the endpoint's own authority
	backupAccessKey = "secretAccessKey"

	// backupScratch bounds the working folder, and so a dump. The limit of the container includes the other scratch folders.
	backupScratch      = "10Gi"
	backupScratchLimit = "11Gi"
)

// Bucket is a bucket of an S3 service, in which the dumps are stored.
type Bucket struct {
	Image           string // full reference of an image with /usr/local/bin/rclone, cp, and the public certificate authorities
	Endpoint        string // URL of the service, without a path
	Host            string // of the endpoint: name or address
	Port            int    // of the endpoint
	Name            string
	Prefix          string // path in the bucket, of this stack alone
	Region          string
	AccessKeyID     string
	SecretAccessKey Secret
	Authorities     string // PEM of the endpoint's own certificate authorities; empty: the public ones
}

// mountIn gives the pod rclone and a working folder, instead of a volume for the dumps. rclone is one static file, so it runs in
// PostgreSQL's image, beside pg_dump.
func (b *Bucket) mountIn(w *workload) {
	for _, folder := range []struct{ name, path, size string }{{"rclone", rcloneFolder, "256Mi"}, {"data", backupFolder, backupScratch}} {
		w.volumes = append(w.volumes, corev1.VolumeArgs{
			Name: pulumi.String(folder.name), EmptyDir: corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String(folder.size)},
		})
		w.mounts = append(w.mounts, corev1.VolumeMountArgs{Name: pulumi.String(folder.name), MountPath: pulumi.String(folder.path)})
	}
	copied := []string{"cp", "/usr/local/bin/rclone"}
	if b.Authorities == "" {
		copied = append(copied, rcloneAuthorities)
	}
	w.init = append(w.init, corev1.ContainerArgs{
		Name:      pulumi.String("rclone"),
		Image:     pulumi.String(b.Image),
		Command:   pulumi.ToStringArray(append(copied, rcloneFolder)),
		Resources: resources("50m", "64Mi", "256Mi"),
		VolumeMounts: corev1.VolumeMountArray{
			corev1.VolumeMountArgs{Name: pulumi.String("rclone"), MountPath: pulumi.String(rcloneFolder)},
		},
	})
}

// resources returns the resources of the container of the dumps; b is nil for a volume. With a bucket the limit of ephemeral storage
// includes the working folder.
func (b *Bucket) resources() corev1.ResourceRequirementsArgs {
	r := resources("50m", "64Mi", "256Mi")
	if b != nil {
		r.Limits = pulumi.StringMap{"memory": pulumi.String("256Mi"), "ephemeral-storage": pulumi.String(backupScratchLimit)}
	}
	return r
}

// variables returns BUCKET for the script, and the variables that configure rclone.
func (b *Bucket) variables() map[string]pulumi.StringInput {
	authorities := rcloneFolder + "/ca-certificates.crt"
	if b.Authorities != "" {
		authorities = backupMount + "/" + backupAuthority
	}
	return map[string]pulumi.StringInput{
		"BUCKET":                       pulumi.String(b.Name + "/" + b.Prefix),
		"RCLONE_CA_CERT":               pulumi.String(authorities),
		"RCLONE_CONFIG":                pulumi.String("/dev/null"), // these variables are the configuration
		"RCLONE_CONTIMEOUT":            pulumi.String("10s"),
		"RCLONE_LOG_FORMAT":            pulumi.String("nolevel"), // a reason is one line, without the time
		"RCLONE_LOG_LEVEL":             pulumi.String("ERROR"),
		"RCLONE_LOW_LEVEL_RETRIES":     pulumi.String("3"), // requests
		"RCLONE_RETRIES":               pulumi.String("1"), // commands: the Job and the operator repeat them
		"RCLONE_S3_ACCESS_KEY_ID":      pulumi.String(b.AccessKeyID),
		"RCLONE_S3_ENDPOINT":           pulumi.String(b.Endpoint),
		"RCLONE_S3_NO_CHECK_BUCKET":    pulumi.String("true"), // rclone would create a missing bucket
		"RCLONE_S3_PROVIDER":           pulumi.String("Other"),
		"RCLONE_S3_REGION":             pulumi.String(b.Region),
		"RCLONE_S3_UPLOAD_CONCURRENCY": pulumi.String("2"),
		"RCLONE_USE_SERVER_MODTIME":    pulumi.String("true"), // a listing has it; rclone's own time needs a request per object
	}
}

package components

import (
	_ "embed"
	"fmt"
	"maps"
	"strconv"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// BackupType is the resource type of Backup.
const BackupType = "hankki:components:Backup"

// BackupName is the name of the CronJob. The commands of cmd/hankki create their Jobs from it.
const BackupName = "backup"

const (
	backupFolder = "/backups"
	backupMount  = "/run/hankki/backup" // of the script

	// backupDeadline is the time in seconds after which Kubernetes ends a backup Job. It is also the time within which a
	// missed run may still start.
	backupDeadline = 3600

	// Keys of the Secret.
	backupPassword = "password"
	backupFallback = "fallback"
)

// backupScript dumps, checks, lists and restores.
//
//go:embed backup.sh
var backupScript string

// BackupArgs are the inputs of a Backup.
type BackupArgs struct {
	Scope    Scope
	Image    string // full reference of an image with PostgreSQL's client programs, of the server's version or later
	Database Database
	Schedule string // cron expression
	TimeZone string // of the schedule, e.g. Etc/UTC
	Keep     int    // number of dumps
	// The store is the first of these that is set.
	Bucket    *Bucket
	ClaimName string // existing PersistentVolumeClaim
	Volume    Volume
}

// Backup dumps the database on a schedule. The dumps outlive the stack.
type Backup struct {
	pulumi.ResourceState
}

// NewBackup creates the CronJob with its script, its store and its network policy rules.
func NewBackup(ctx *pulumi.Context, name string, args BackupArgs, opts ...pulumi.ResourceOption) (_ *Backup, err error) {
	defer named(&err, "backup", name)
	b := &Backup{}
	if err := ctx.RegisterComponentResource(BackupType, name, b, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(b)

	secret, err := newSecretOf(ctx, name, args.Scope.Namespace, args.secrets(), child)
	if err != nil {
		return nil, err
	}
	certificates, err := args.Database.Certificates.mount(ctx, name, args.Scope.Namespace, child)
	if err != nil {
		return nil, err
	}
	if err := args.newNetworkPolicies(ctx, name, child); err != nil {
		return nil, err
	}
	w := workload{
		app: name, scope: args.Scope, user: appUser, scratch: []string{"/tmp"},
		container: args.container(secret), volumes: certificates.volumes, mounts: certificates.mounts,
	}
	if err := args.addStore(ctx, name, &w, child); err != nil {
		return nil, err
	}
	script, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{Metadata: w.metadata(name), Data: args.files()}, child)
	if err != nil {
		return nil, fmt.Errorf("script: %w", err)
	}
	w.volumes = append(w.volumes, corev1.VolumeArgs{Name: pulumi.String("script"), ConfigMap: corev1.ConfigMapVolumeSourceArgs{Name: script.Metadata.Name()}})
	w.mounts = append(w.mounts, corev1.VolumeMountArgs{Name: pulumi.String("script"), MountPath: pulumi.String(backupMount), ReadOnly: pulumi.Bool(true)})
	if err := w.cronJob(ctx, name, args, child); err != nil {
		return nil, err
	}
	if err := ctx.RegisterResourceOutputs(b, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return b, nil
}

// addStore mounts the folder of the dumps.
func (a BackupArgs) addStore(ctx *pulumi.Context, name string, w *workload, opts ...pulumi.ResourceOption) error {
	switch {
	case a.Bucket != nil:
		a.Bucket.mountIn(w)
	case a.ClaimName != "":
		w.mountClaim(pulumi.String(a.ClaimName), backupFolder)
	default:
		_, err := w.addVolume(ctx, name, backupFolder, "", a.Volume, opts...)
		return err
	}
	return nil
}

// files returns the script and the endpoint's own certificate authority. A certificate authority is not secret.
func (a BackupArgs) files() pulumi.StringMap {
	files := pulumi.StringMap{"backup.sh": pulumi.String(backupScript)}
	if a.Bucket != nil && a.Bucket.Authorities != "" {
		files[backupAuthority] = pulumi.String(a.Bucket.Authorities)
	}
	return files
}

// cronJob creates the CronJob. Failed pods stay until later Jobs fail, so that the reason can be read from them.
func (w workload) cronJob(ctx *pulumi.Context, name string, args BackupArgs, opts ...pulumi.ResourceOption) error {
	_, err := batchv1.NewCronJob(ctx, name, &batchv1.CronJobArgs{
		Metadata: w.metadata(name),
		Spec: batchv1.CronJobSpecArgs{
			Schedule:                   pulumi.String(args.Schedule),
			TimeZone:                   pulumi.String(args.TimeZone),
			ConcurrencyPolicy:          pulumi.String("Forbid"),
			StartingDeadlineSeconds:    pulumi.Int(backupDeadline),
			SuccessfulJobsHistoryLimit: pulumi.Int(3),
			FailedJobsHistoryLimit:     pulumi.Int(3),
			JobTemplate: batchv1.JobTemplateSpecArgs{
				Spec: batchv1.JobSpecArgs{
					BackoffLimit:          pulumi.Int(2),
					ActiveDeadlineSeconds: pulumi.Int(backupDeadline),
					Template:              w.podTemplate("Never", nil),
				},
			},
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("cron job: %w", err)
	}
	return nil
}

// newNetworkPolicies creates the network policy rules: egress to the cluster DNS, to the database and to the bucket.
func (a BackupArgs) newNetworkPolicies(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	destination, database := a.Database.route()
	if _, err := a.Scope.allowRoute(ctx, "to-"+destination, name, policyRules{out: database}, opts...); err != nil {
		return err
	}
	if a.Bucket != nil {
		destination, bucket := routeTo(a.Bucket.Host, a.Bucket.Port)
		if _, err := a.Scope.allowRoute(ctx, "to-s3-"+destination, name, policyRules{out: bucket}, opts...); err != nil {
			return err
		}
	}
	return a.Scope.allow(ctx, name, policyRules{
		out: networkingv1.NetworkPolicyEgressRuleArray{toDNS()},
	}, opts...)
}

func (a BackupArgs) container(secret pulumi.StringInput) corev1.ContainerArgs {
	return corev1.ContainerArgs{
		Name:      pulumi.String(BackupName),
		Image:     pulumi.String(a.Image),
		Command:   pulumi.ToStringArray([]string{"sh", backupMount + "/backup.sh"}), // not the image's entry point, which starts a server
		Args:      pulumi.ToStringArray([]string{"take"}),
		Env:       a.env(secret),
		Resources: a.Bucket.resources(),
	}
}

// env returns libpq's variables and those of the script and of rclone.
func (a BackupArgs) env(secret pulumi.StringInput) corev1.EnvVarArray {
	values := map[string]pulumi.StringInput{
		"BACKUPS":           pulumi.String(backupFolder),
		"KEEP":              pulumi.String(strconv.Itoa(a.Keep)),
		"PGCONNECT_TIMEOUT": pulumi.String("10"), // seconds
		"PGDATABASE":        pulumi.String(a.Database.Name),
		"PGHOST":            a.Database.Host,
		"PGPORT":            pulumi.String(strconv.Itoa(a.Database.Port)),
		"PGSSLMODE":         pulumi.String(a.Database.SSLMode),
		"PGUSER":            pulumi.String(a.Database.User),
	}
	if a.Database.Certificates != nil {
		if a.Database.Certificates.Verify {
			values["PGSSLROOTCERT"] = pulumi.String(databaseFolder + "/" + tlsAuthority)
		}
		// libpq connects without a client certificate if the file does not exist.
		values["PGSSLCERT"] = pulumi.String(databaseFolder + "/" + tlsChain)
		values["PGSSLKEY"] = pulumi.String(databaseFolder + "/" + tlsKey)
	}
	fromSecrets := corev1.EnvVarArray{
		a.Database.Password.env("PGPASSWORD", secret, backupPassword),
		a.Database.Fallback.env("PASSWORD_FALLBACK", secret, backupFallback),
	}
	if a.Bucket != nil {
		maps.Copy(values, a.Bucket.variables())
		fromSecrets = append(fromSecrets, a.Bucket.SecretAccessKey.env("RCLONE_S3_SECRET_ACCESS_KEY", secret, backupAccessKey))
	}
	return append(env(values), fromSecrets...)
}

func (a BackupArgs) secrets() map[string]Secret {
	secrets := map[string]Secret{backupPassword: a.Database.Password, backupFallback: a.Database.Fallback}
	if a.Bucket != nil {
		secrets[backupAccessKey] = a.Bucket.SecretAccessKey
	}
	return secrets
}

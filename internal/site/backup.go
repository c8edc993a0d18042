package site

import (
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// newBackup schedules the dumps of the database, if they are enabled.
func newBackup(ctx *pulumi.Context, cfg *config.Config, scope components.Scope, database components.Database, s secrets, opts ...pulumi.ResourceOption) error {
	b := cfg.Backup
	if !b.Enabled {
		return nil
	}
	_, err := components.NewBackup(ctx, components.BackupName, components.BackupArgs{
		Scope: scope, Image: cfg.BaseImages.Postgres, Database: database,
		Schedule: b.Schedule, TimeZone: b.TimeZone, Keep: b.Keep, Bucket: bucket(cfg, s), Volume: components.Volume(b.Volume), ClaimName: b.ClaimName,
	}, opts...)
	return err
}

// bucket returns the bucket of the dumps; nil: they are on a volume.
func bucket(cfg *config.Config, s secrets) *components.Bucket {
	s3 := cfg.Backup.S3
	if !cfg.Backup.InS3() {
		return nil
	}
	host, port := s3.Address()
	return &components.Bucket{
		Image: cfg.BaseImages.Rclone, Endpoint: s3.Endpoint, Host: host, Port: port, Name: s3.Bucket, Prefix: s3.Prefix, Region: s3.Region,
		AccessKeyID: s3.AccessKeyID, SecretAccessKey: s.backupSecretAccessKey, Authorities: cfg.Files.BackupCA,
	}
}

// clientsOf returns the name labels of the pods that connect to the embedded database.
func clientsOf(cfg *config.Config) []string {
	clients := []string{backendName, components.MigrationApp(backendName)}
	if cfg.Backup.Enabled {
		clients = append(clients, components.BackupName)
	}
	return clients
}

// backupMaxAge returns the age above which the newest backup is too old; 0: no backups.
func backupMaxAge(cfg *config.Config) time.Duration {
	if !cfg.Backup.Enabled {
		return 0
	}
	return cfg.Backup.MaxAge()
}

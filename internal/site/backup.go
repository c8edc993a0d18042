package site

import (
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// newBackup schedules the dumps of the database, if they are enabled.
func newBackup(ctx *pulumi.Context, cfg *config.Config, scope components.Scope, database components.Database, opts ...pulumi.ResourceOption) error {
	b := cfg.Backup
	if !b.Enabled {
		return nil
	}
	_, err := components.NewBackup(ctx, components.BackupName, components.BackupArgs{
		Scope: scope, Image: cfg.BaseImages.Postgres, Database: database,
		Schedule: b.Schedule, TimeZone: b.TimeZone, Keep: b.Keep, Volume: components.Volume(b.Volume), ClaimName: b.ClaimName,
	}, opts...)
	return err
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

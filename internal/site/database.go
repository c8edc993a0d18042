package site

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// newDatabase configures the external server or deploys PostgreSQL in the cluster.
func newDatabase(ctx *pulumi.Context, cfg *config.Config, scope components.Scope, s secrets, opts ...pulumi.ResourceOption) (components.Database, error) {
	d := cfg.Database
	if !d.Embedded {
		return components.Database{
			Host: pulumi.String(d.Host), Address: d.Host, Port: d.Port, Name: d.Name, User: d.User, Password: s.databasePassword, Fallback: s.databasePasswordFallback, SSLMode: string(d.SSLMode),
			Certificates: databaseCertificates(cfg, s),
		}, nil
	}
	postgres, err := components.NewPostgres(ctx, "postgres", components.PostgresArgs{
		Scope: scope, Image: cfg.BaseImages.Postgres, Name: d.Name, User: d.User, Password: s.databasePassword,
		Volume: components.Volume(d.Volume), Clients: clientsOf(cfg),
	}, opts...)
	if err != nil {
		return components.Database{}, err
	}
	database := postgres.Database
	database.Fallback = s.databasePasswordFallback
	return database, nil
}

// databaseCertificates are those of an external PostgreSQL; nil: no certificate is verified on either side.
func databaseCertificates(cfg *config.Config, s secrets) *components.DatabaseCertificates {
	files, secret := cfg.Files, cfg.Database.SecretName
	if files.DatabaseCA == "" && files.DatabaseCertificate == "" && secret == "" {
		return nil
	}
	return &components.DatabaseCertificates{Authorities: files.DatabaseCA, Chain: files.DatabaseCertificate, Key: s.databaseKey, Secret: secret, Verify: cfg.Database.SSLMode.Verifies()}
}

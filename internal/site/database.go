package site

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/components"
	"hankki/internal/config"
)

// newDatabase describes the server outside of the cluster, or runs one inside.
func newDatabase(ctx *pulumi.Context, cfg *config.Config, placement components.Placement, s secrets, opts ...pulumi.ResourceOption) (components.Database, error) {
	d := cfg.Database
	if !d.Embedded {
		return components.Database{
			Host: pulumi.String(d.Host), Address: d.Host, Port: d.Port, Name: d.Name, User: d.User, Password: s.databasePassword, Fallback: s.databasePasswordFallback, SSLMode: d.SSLMode,
			Certificates: components.DatabaseCertificates{
				Authorities: cfg.Files.DatabaseCA, Chain: cfg.Files.DatabaseCertificate, Key: s.databaseKey, Secret: d.SecretName,
			},
		}, nil
	}
	postgres, err := components.NewPostgres(ctx, "postgres", components.PostgresArgs{
		Placement: placement, Image: cfg.BaseImages.Postgres, Name: d.Name, User: d.User, Password: s.databasePassword,
		Volume: components.Volume(d.Volume), Clients: []string{backendName, components.ReleaseApp(backendName)},
	}, opts...)
	if err != nil {
		return components.Database{}, err
	}
	database := postgres.Database
	database.Fallback = s.databasePasswordFallback
	return database, nil
}

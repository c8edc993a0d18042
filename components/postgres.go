package components

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// PostgresType is the resource type of Postgres.
const PostgresType = "hankki:components:Postgres"

const (
	postgresPort = 5432
	postgresUser = 999 // of the official image
	postgresData = "/var/lib/postgresql/data"

	postgresPassword = "password" // key of the Secret
)

// PostgresArgs are the inputs of a Postgres.
type PostgresArgs struct {
	Scope    Scope
	Image    string // full reference of an image compatible with the official one
	Name     string // database name
	User     string // database owner
	Password Secret
	Volume   Volume
	Clients  []string // name labels of the pods that may connect
}

// Postgres is a database for development: one server in one pod. Its data outlive the stack.
type Postgres struct {
	pulumi.ResourceState
	Database Database
}

// NewPostgres deploys the database.
func NewPostgres(ctx *pulumi.Context, name string, args PostgresArgs, opts ...pulumi.ResourceOption) (_ *Postgres, err error) {
	defer named(&err, "postgres", name)
	p := &Postgres{}
	if err := ctx.RegisterComponentResource(PostgresType, name, p, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(p)

	secret, err := newSecretOf(ctx, name, args.Scope.Namespace, args.secrets(), child)
	if err != nil {
		return nil, err
	}
	w := workload{
		app: name, scope: args.Scope, user: postgresUser,
		scratch:   []string{"/var/run/postgresql", "/tmp"},
		container: args.container(secret), annotations: following(args.secrets()),
	}
	claim, err := w.addVolume(ctx, name, postgresData, args.Image, args.Volume, child)
	if err != nil {
		return nil, err
	}
	if err := args.Scope.allow(ctx, name, policyRules{
		in: networkingv1.NetworkPolicyIngressRuleArray{fromPods(postgresPort, args.Clients...)},
	}, child); err != nil {
		return nil, err
	}
	_, rolledOut, err := w.deployment(ctx, name, 1, child)
	if err != nil {
		return nil, err
	}
	service, err := w.service(ctx, name, w.port(postgresPort, "postgres"), nil, child)
	if err != nil {
		return nil, err
	}

	p.Database = Database{
		// Known after the rollout, because a migration needs a running server.
		Host: rolledOut.ApplyT(func(bool) pulumi.StringOutput { return clusterHost(service) }).(pulumi.StringOutput),
		Port: postgresPort, Name: args.Name, User: args.User, Password: args.Password,
		SSLMode:   "disable", // cluster-internal traffic, and the official image has no certificate
		App:       name,
		VolumeUID: claim.Metadata.Uid().Elem(),
	}
	if err := ctx.RegisterResourceOutputs(p, pulumi.Map{"rolledOut": rolledOut, "host": p.Database.Host}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return p, nil
}

// postgresStart starts the server. It uses only what sh, sed and flock of both Debian and Alpine support. Like Redis, it
// first takes a lock, so two servers never use one data directory while a deleted pod terminates. It then sets the
// Secret's password on existing data: the official image sets the password only when it creates the data, and a stack that
// was destroyed and deployed again has a new generated password.
const postgresStart = "exec 9>" + postgresData + "/lock && flock 9 || exit 1\n" +
	`if [ -s "$PGDATA/PG_VERSION" ]; then
  password=$(printf %s "$POSTGRES_PASSWORD" | sed "s/'/''/g")
  printf "ALTER ROLE \"%s\" PASSWORD '%s'\n" "$POSTGRES_USER" "$password" | postgres --single -D "$PGDATA" "$POSTGRES_DB" >/dev/null || exit 1
fi
exec docker-entrypoint.sh postgres`

func (a PostgresArgs) secrets() map[string]Secret {
	return map[string]Secret{postgresPassword: a.Password}
}

func (a PostgresArgs) container(secret pulumi.StringInput) corev1.ContainerArgs {
	ready := func(period, failures int) corev1.ProbeArgs {
		return corev1.ProbeArgs{
			// By TCP: during initialisation the official image listens only on its socket.
			Exec:             corev1.ExecActionArgs{Command: pulumi.ToStringArray([]string{"pg_isready", "-q", "-h", "127.0.0.1", "-U", a.User, "-d", a.Name})},
			PeriodSeconds:    pulumi.Int(period),
			FailureThreshold: pulumi.Int(failures),
			TimeoutSeconds:   pulumi.Int(3),
		}
	}
	return corev1.ContainerArgs{
		Name:  pulumi.String("postgres"),
		Image: pulumi.String(a.Image),
		Args:  pulumi.ToStringArray([]string{"sh", "-c", postgresStart}),
		Env: append(env(map[string]pulumi.StringInput{
			"PGDATA":        pulumi.String(postgresData + "/pgdata"), // initdb requires its own directory
			"POSTGRES_DB":   pulumi.String(a.Name),
			"POSTGRES_USER": pulumi.String(a.User),
		}), a.Password.env("POSTGRES_PASSWORD", secret, postgresPassword)),
		Ports:          corev1.ContainerPortArray{containerPort("postgres", postgresPort)},
		StartupProbe:   ready(1, 60),
		ReadinessProbe: ready(5, 2),
		LivenessProbe:  tcpProbe("postgres"),
		Resources:      resources("50m", "96Mi", "384Mi"),
	}
}

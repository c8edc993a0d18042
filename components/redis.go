package components

import (
	"fmt"
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RedisType is the resource type of Redis.
const RedisType = "hankki:components:Redis"

const (
	redisPort        = 6379 // Redis' default
	redisMetricsPort = 9121 // the exporter's default
	redisData        = "/data"

	// redisStartupSeconds is how long Redis may take to load its append-only file before the kubelet restarts it. It is
	// independent of rolloutTimeout: that value in the pod template would restart Redis on each change, which ends every
	// session without persistence.
	redisStartupSeconds = 600

	// Keys of the Secret. redis.conf includes the first as a file.
	redisACLFile         = "auth.conf"
	redisMonitorPassword = "monitorPassword"
)

// RedisArgs are the inputs of a Redis.
type RedisArgs struct {
	Scope     Scope
	Image     ImageArgs
	Password  Secret
	Fallback  Secret  // second valid password during a rotation; may be empty
	MaxMemory int64   // bytes of data; the pod may use more
	Volume    *Volume // persistent storage; nil: the data do not outlive the pod
	Metrics   *Metrics
	Clients   []string // name labels of the pods that may connect
}

// RedisEndpoint is the address and user for connections to Redis.
type RedisEndpoint struct {
	Host pulumi.StringOutput // output of the Service
	Port int
	User string
	App  string // name label of its pods
}

// Redis is the database tier of the report: one replica behind a ClusterIP Service, with a user for the API.
type Redis struct {
	pulumi.ResourceState
	Endpoint RedisEndpoint
	Image    pulumi.StringOutput // by digest
	Pods     pulumi.Resource     // its Deployment, for pulumi.DependsOn
}

// NewRedis builds the image and deploys it.
func NewRedis(ctx *pulumi.Context, name string, args RedisArgs, opts ...pulumi.ResourceOption) (_ *Redis, err error) {
	defer named(&err, "redis", name)
	r := &Redis{}
	if err := ctx.RegisterComponentResource(RedisType, name, r, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(r)

	image, err := NewImage(ctx, name, args.Image, child)
	if err != nil {
		return nil, err
	}
	secret, err := args.secret(ctx, name, child)
	if err != nil {
		return nil, err
	}
	w := workload{
		app: name, scope: args.Scope, user: appUser, scratch: []string{"/tmp"},
		container: args.container(image.Ref, secret), sidecars: args.Metrics.sidecar(redisMetricsPort, redisExporterEnv(secret)),
		volumes: corev1.VolumeArray{corev1.VolumeArgs{
			Name:   pulumi.String("auth"),
			Secret: corev1.SecretVolumeSourceArgs{SecretName: secret, Items: keys(redisACLFile)},
		}},
		annotations: args.annotations(),
	}
	users := redisUsers
	if len(args.external()) > 0 { // the container composes the ACL in redisUsers
		users = redisUsersWithout
		w.scratch = append(w.scratch, redisUsers)
	}
	w.mounts = corev1.VolumeMountArray{corev1.VolumeMountArgs{Name: pulumi.String("auth"), MountPath: pulumi.String(users), ReadOnly: pulumi.Bool(true)}}
	if args.Volume == nil {
		w.scratch = append(w.scratch, redisData)
	} else if _, err := w.addVolume(ctx, name, redisData, "", *args.Volume, child); err != nil {
		return nil, err
	}
	if err := args.Scope.allow(ctx, name, policyRules{
		in: append(args.Metrics.scrapeRule(redisMetricsPort), fromPods(redisPort, args.Clients...)),
	}, child); err != nil {
		return nil, err
	}
	deployment, rolledOut, err := w.deployment(ctx, name, 1, child)
	if err != nil {
		return nil, err
	}
	r.Pods = deployment
	service, err := w.service(ctx, name, w.port(redisPort, "redis"), nil, child)
	if err != nil {
		return nil, err
	}

	r.Endpoint = RedisEndpoint{Host: clusterHost(service), Port: redisPort, User: redisUser, App: name}
	r.Image = image.Ref
	if err := ctx.RegisterResourceOutputs(r, pulumi.Map{"rolledOut": rolledOut, "host": r.Endpoint.Host, "image": r.Image}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return r, nil
}

// secret contains the users and the monitor's password. It changes, and Redis restarts, only if the set of passwords
// changes.
func (a RedisArgs) secret(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	content := pulumi.All(a.passwords(), a.externalDigests()).ApplyT(func(p []any) map[string]string {
		acl, monitor := redisACL(p[0].([]string), len(a.external()) > 0, p[1].([]string))
		return map[string]string{redisACLFile: acl, redisMonitorPassword: monitor}
	}).(pulumi.StringMapOutput)
	return newSecret(ctx, name, a.Scope.Namespace, pulumi.StringMap{
		redisACLFile: content.MapIndex(pulumi.String(redisACLFile)), redisMonitorPassword: content.MapIndex(pulumi.String(redisMonitorPassword)),
	}, opts...)
}

func (a RedisArgs) container(image, secret pulumi.StringInput) corev1.ContainerArgs {
	// Redis answers PONG only after it has loaded its data, and only to an authenticated user, so the probe also detects
	// an invalid ACL.
	ping := func(period, failures int) corev1.ProbeArgs {
		return corev1.ProbeArgs{
			Exec:             corev1.ExecActionArgs{Command: pulumi.ToStringArray([]string{"sh", "-c", "redis-cli --user " + redisMonitor + " ping | grep -qx PONG"})},
			PeriodSeconds:    pulumi.Int(period),
			FailureThreshold: pulumi.Int(failures),
			TimeoutSeconds:   pulumi.Int(3),
		}
	}
	variables := corev1.EnvVarArray{envSecret("REDISCLI_AUTH", secret, redisMonitorPassword)}
	command := []string{"redis-server", "/usr/local/etc/redis/redis.conf", "--maxmemory", strconv.FormatInt(a.MaxMemory, 10)}
	if a.Volume != nil {
		// A deleted pod may still write while its successor starts on the same node with the same volume, so the successor
		// waits for the lock. The process holds the lock. The kernel releases it however the process ends.
		command = append([]string{"flock", "--no-fork", redisData + "/lock"}, append(command, "--appendonly", "yes")...)
	}
	if external := a.external(); len(external) > 0 {
		command = append([]string{"sh", "-c", redisExternalStart, "sh", redisUsersWithout, redisUsers}, command...)
		variables = append(variables, externalPasswordVariables(external)...)
	}
	return corev1.ContainerArgs{
		Name:           pulumi.String("redis"),
		Image:          image,
		Args:           pulumi.ToStringArray(command),
		Env:            variables,
		Ports:          corev1.ContainerPortArray{containerPort("redis", redisPort)},
		StartupProbe:   ping(1, redisStartupSeconds),
		ReadinessProbe: ping(5, 2),
		LivenessProbe:  tcpProbe("redis"),
		Resources:      a.resources(),
	}
}

// redisExporterEnv limits the exporter to commands that its user may run.
func redisExporterEnv(secret pulumi.StringInput) corev1.EnvVarArray {
	return append(env(map[string]pulumi.StringInput{
		"REDIS_ADDR":                     pulumi.Sprintf("redis://127.0.0.1:%d", redisPort),
		"REDIS_USER":                     pulumi.String(redisMonitor),
		"REDIS_EXPORTER_CONFIG_COMMAND":  pulumi.String("-"), // disables the CONFIG command
		"REDIS_EXPORTER_SET_CLIENT_NAME": pulumi.String("false"),
	}), envSecret("REDIS_PASSWORD", secret, redisMonitorPassword))
}

// resources covers the data and the overhead: Redis itself, client buffers, fragmentation, and with persistence the
// copy-on-write memory while the append-only file is rewritten.
func (a RedisArgs) resources() corev1.ResourceRequirementsArgs {
	const itself = 32 << 20
	most := a.MaxMemory + a.MaxMemory/2
	if a.Volume != nil {
		most = 2 * a.MaxMemory
	}
	return resources("50m", mebibytes(a.MaxMemory+itself), mebibytes(most+itself))
}

func mebibytes(bytes int64) string { return strconv.FormatInt((bytes+1<<20-1)>>20, 10) + "Mi" }

package components

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RedisType is the resource type of Redis.
const RedisType = "hankki:components:Redis"

// redisPort is Redis' own.
const redisPort = 6379

// RedisArgs are the inputs of a Redis.
type RedisArgs struct {
	Placement Placement
	Image     ImageArgs
	Password  pulumi.StringInput // a secret without spaces and quotes
	MaxMemory string             // as in redis.conf, e.g. 128mb
	Clients   []string           // the apps whose pods may connect
}

// RedisEndpoint is where and how to connect.
type RedisEndpoint struct {
	Host     pulumi.StringOutput // an output of the Service
	Port     int
	Password pulumi.StringOutput // a secret
	App      string              // name label of its pods
}

// Redis is the database tier of the report: one replica behind a ClusterIP Service, with a password.
type Redis struct {
	pulumi.ResourceState
	Endpoint RedisEndpoint
	Image    pulumi.StringOutput // by digest
}

// NewRedis builds the image and runs it.
func NewRedis(ctx *pulumi.Context, name string, args RedisArgs, opts ...pulumi.ResourceOption) (*Redis, error) {
	r := &Redis{}
	if err := ctx.RegisterComponentResource(RedisType, name, r, opts...); err != nil {
		return nil, fmt.Errorf("redis %q: %w", name, err)
	}
	child := pulumi.Parent(r)

	image, err := NewImage(ctx, name, args.Image, child)
	if err != nil {
		return nil, fmt.Errorf("redis %q: %w", name, err)
	}
	password := pulumi.ToSecret(args.Password).(pulumi.StringOutput)
	auth, err := newSecret(ctx, name, args.Placement.Namespace, pulumi.StringMap{
		"auth.conf": pulumi.Sprintf("requirepass %s\n", password), // redis.conf includes it
		"password":  password,
	}, child)
	if err != nil {
		return nil, fmt.Errorf("redis %q: %w", name, err)
	}
	w := workload{
		app: name, placement: args.Placement, user: appUser, scratch: []string{"/data", "/tmp"},
		container: redisContainer(image.Ref, auth, args.MaxMemory),
		volumes: corev1.VolumeArray{corev1.VolumeArgs{
			Name:   pulumi.String("auth"),
			Secret: corev1.SecretVolumeSourceArgs{SecretName: auth, Items: keys("auth.conf")},
		}},
	}
	if err := allow(ctx, name, args.Placement.Namespace, name, arrows{
		in: networkingv1.NetworkPolicyIngressRuleArray{fromPods(redisPort, args.Clients...)},
	}, child); err != nil {
		return nil, fmt.Errorf("redis %q: %w", name, err)
	}
	if err := w.deployment(ctx, name, 1, child); err != nil {
		return nil, fmt.Errorf("redis %q: %w", name, err)
	}
	service, err := w.service(ctx, name, redisPort, pulumi.String("redis"), "", child)
	if err != nil {
		return nil, fmt.Errorf("redis %q: %w", name, err)
	}

	r.Endpoint = RedisEndpoint{Host: clusterHost(service), Port: redisPort, Password: password, App: name}
	r.Image = image.Ref
	if err := ctx.RegisterResourceOutputs(r, pulumi.Map{"host": r.Endpoint.Host, "image": r.Image}); err != nil {
		return nil, fmt.Errorf("redis %q: outputs: %w", name, err)
	}
	return r, nil
}

func redisContainer(image pulumi.StringInput, auth pulumi.StringInput, maxMemory string) corev1.ContainerArgs {
	// With REDISCLI_AUTH the probe logs in, so that a wrong password is seen too.
	ping := func(period, failures int) corev1.ProbeArgs {
		return corev1.ProbeArgs{
			Exec:             corev1.ExecActionArgs{Command: pulumi.ToStringArray([]string{"sh", "-c", "redis-cli ping | grep -qx PONG"})},
			PeriodSeconds:    pulumi.Int(period),
			FailureThreshold: pulumi.Int(failures),
			TimeoutSeconds:   pulumi.Int(3),
		}
	}
	return corev1.ContainerArgs{
		Name:  pulumi.String("redis"),
		Image: image,
		Args: pulumi.ToStringArray([]string{
			"redis-server", "/usr/local/etc/redis/redis.conf", "--maxmemory", maxMemory,
		}),
		Env:   corev1.EnvVarArray{envSecret("REDISCLI_AUTH", auth, "password")},
		Ports: corev1.ContainerPortArray{containerPort("redis", redisPort)},
		VolumeMounts: corev1.VolumeMountArray{corev1.VolumeMountArgs{
			Name: pulumi.String("auth"), MountPath: pulumi.String("/run/hankki/redis"), ReadOnly: pulumi.Bool(true),
		}},
		StartupProbe:   ping(1, 30),
		ReadinessProbe: ping(5, 2),
		LivenessProbe:  corev1.ProbeArgs{TcpSocket: corev1.TCPSocketActionArgs{Port: pulumi.String("redis")}, PeriodSeconds: pulumi.Int(10), FailureThreshold: pulumi.Int(3)},
		Resources:      resources("50m", "64Mi", "256Mi"),
	}
}

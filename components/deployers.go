package components

import (
	"encoding/base64"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// DeployersType is the resource type of Deployers.
const DeployersType = "hankki:components:Deployers"

const (
	// deployer is the name of the ServiceAccount, Role and RoleBinding in the namespace of each site.
	deployer = "deployer"
	// clusterReader is the name of the ClusterRole and ClusterRoleBinding of all deployers.
	clusterReader = "hankki-deployer"

	rbacAPI = "rbac.authorization.k8s.io"
)

// DeployersArgs are the inputs of Deployers.
type DeployersArgs struct {
	Sites []SiteAccess
	// Kubeconfig is nil without a cluster, as for rendered manifests.
	Kubeconfig DeployerKubeconfig
}

// DeployerKubeconfig returns the kubeconfig of a site's deployer, with the token of its ServiceAccount.
type DeployerKubeconfig func(site SiteAccess, token string) (string, error)

// SiteAccess is a site that another stack deploys.
type SiteAccess struct {
	Name      string
	Namespace string // is created, and enforces Pod Security "restricted"
}

// Deployers are the namespaces of sites, each with a ServiceAccount that may deploy a site into it and nothing else.
type Deployers struct {
	pulumi.ResourceState

	// Kubeconfigs are the deployers' kubeconfigs by site name; Pulumi secrets.
	Kubeconfigs pulumi.StringMap
}

// NewDeployers creates the namespaces, ServiceAccounts and rights of the sites.
func NewDeployers(ctx *pulumi.Context, name string, args DeployersArgs, opts ...pulumi.ResourceOption) (_ *Deployers, err error) {
	defer named(&err, "deployers", name)
	d := &Deployers{Kubeconfigs: pulumi.StringMap{}}
	if err := ctx.RegisterComponentResource(DeployersType, name, d, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(d)
	var subjects rbacv1.SubjectArray
	for _, site := range args.Sites {
		subject, token, err := site.create(ctx, child)
		if err != nil {
			return nil, fmt.Errorf("site %q: %w", site.Name, err)
		}
		subjects = append(subjects, subject)
		if args.Kubeconfig != nil {
			d.Kubeconfigs[site.Name] = pulumi.ToSecret(token.ApplyT(func(token string) (string, error) {
				if token == "" { // in a preview, before Kubernetes has issued it
					return "", nil
				}
				return args.Kubeconfig(site, token)
			})).(pulumi.StringOutput)
		}
	}
	if err := readCluster(ctx, subjects, child); err != nil {
		return nil, err
	}
	if err := ctx.RegisterResourceOutputs(d, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	return d, nil
}

// create creates the namespace of a site and its deployer, and returns the deployer with its token. The token does not expire;
// deleting its Secret revokes it, and the next `up --refresh` issues another one.
func (s SiteAccess) create(ctx *pulumi.Context, child pulumi.ResourceOption) (rbacv1.SubjectArgs, pulumi.StringOutput, error) {
	none := func(what string, err error) (rbacv1.SubjectArgs, pulumi.StringOutput, error) {
		return rbacv1.SubjectArgs{}, pulumi.StringOutput{}, fmt.Errorf("%s: %w", what, err)
	}
	ns, err := corev1.NewNamespace(ctx, s.Namespace, &corev1.NamespaceArgs{Metadata: metav1.ObjectMetaArgs{
		Name: pulumi.String(s.Namespace), Labels: podSecurity("restricted"),
	}}, child, retained)
	if err != nil {
		return none("namespace", err)
	}
	metadata := func(name string) metav1.ObjectMetaArgs {
		return metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: ns.Metadata.Name(), Labels: labels(deployer)}
	}
	prefix := s.Namespace + "-"
	account, err := corev1.NewServiceAccount(ctx, prefix+deployer, &corev1.ServiceAccountArgs{
		Metadata: metadata(deployer), AutomountServiceAccountToken: pulumi.Bool(false),
	}, child)
	if err != nil {
		return none("ServiceAccount", err)
	}
	meta := metadata(deployer + "-token")
	meta.Annotations = pulumi.StringMap{"kubernetes.io/service-account.name": pulumi.String(deployer)}
	secret, err := corev1.NewSecret(ctx, prefix+deployer+"-token", &corev1.SecretArgs{
		Metadata: meta, Type: pulumi.String("kubernetes.io/service-account-token"),
	}, child, pulumi.DependsOn([]pulumi.Resource{account}))
	if err != nil {
		return none("token", err)
	}
	role, err := rbacv1.NewRole(ctx, prefix+deployer, &rbacv1.RoleArgs{Metadata: metadata(deployer), Rules: policyRulesOf(NamespaceRules)}, child)
	if err != nil {
		return none("Role", err)
	}
	subject := rbacv1.SubjectArgs{Kind: pulumi.String("ServiceAccount"), Name: account.Metadata.Name().Elem(), Namespace: ns.Metadata.Name()}
	if _, err := rbacv1.NewRoleBinding(ctx, prefix+deployer, &rbacv1.RoleBindingArgs{
		Metadata: metadata(deployer), Subjects: rbacv1.SubjectArray{subject},
		RoleRef: rbacv1.RoleRefArgs{ApiGroup: pulumi.String(rbacAPI), Kind: pulumi.String("Role"), Name: role.Metadata.Name().Elem()},
	}, child); err != nil {
		return none("RoleBinding", err)
	}
	token := secret.Data.ApplyT(func(data map[string]string) (string, error) {
		text, err := base64.StdEncoding.DecodeString(data["token"])
		return string(text), err
	}).(pulumi.StringOutput)
	return subject, token, nil
}

// readCluster gives all deployers the rights of ClusterRules.
func readCluster(ctx *pulumi.Context, deployers rbacv1.SubjectArray, opts ...pulumi.ResourceOption) error {
	metadata := metav1.ObjectMetaArgs{Name: pulumi.String(clusterReader), Labels: labels(deployer)}
	role, err := rbacv1.NewClusterRole(ctx, clusterReader, &rbacv1.ClusterRoleArgs{Metadata: metadata, Rules: policyRulesOf(ClusterRules)}, opts...)
	if err != nil {
		return fmt.Errorf("ClusterRole %s: %w", clusterReader, err)
	}
	if _, err := rbacv1.NewClusterRoleBinding(ctx, clusterReader, &rbacv1.ClusterRoleBindingArgs{
		Metadata: metadata, Subjects: deployers,
		RoleRef: rbacv1.RoleRefArgs{ApiGroup: pulumi.String(rbacAPI), Kind: pulumi.String("ClusterRole"), Name: role.Metadata.Name().Elem()},
	}, opts...); err != nil {
		return fmt.Errorf("ClusterRoleBinding %s: %w", clusterReader, err)
	}
	return nil
}

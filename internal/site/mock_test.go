package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Tokens of resources that tests read.
const (
	deploymentType    = "kubernetes:apps/v1:Deployment"
	jobType           = "kubernetes:batch/v1:Job"
	cronJobType       = "kubernetes:batch/v1:CronJob"
	serviceType       = "kubernetes:core/v1:Service"
	secretType        = "kubernetes:core/v1:Secret"
	namespaceType     = "kubernetes:core/v1:Namespace"
	policyType        = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
	claimType         = "kubernetes:core/v1:PersistentVolumeClaim"
	autoscalerType    = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
	budgetType        = "kubernetes:policy/v1:PodDisruptionBudget"
	configMapType     = "kubernetes:core/v1:ConfigMap"
	monitorType       = "kubernetes:monitoring.coreos.com/v1:PodMonitor"
	ruleType          = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
	chartType         = "kubernetes:helm.sh/v4:Chart"
	poolType          = "kubernetes:metallb.io/v1beta1:IPAddressPool"
	advertisementType = "kubernetes:metallb.io/v1beta1:L2Advertisement"
	dockerImageType   = "docker:index/image:Image"
	buildKitImageType = "docker-build:index:Image"
	stashType         = "pulumi:index:Stash"
	providerPrefix    = "pulumi:providers:"
	componentPrefix   = "hankki:components:"
)

// hiddenValue replaces each secret in the recorded inputs.
const hiddenValue = "[a secret]"

// registration is one resource as the program registered it.
type registration struct {
	urn, typ, name, parent, provider string
	dependencies                     []string
	inputs                           map[string]any // with secrets hidden
	revealed                         map[string]any // the same with secrets in plain text
	ignored                          []string       // properties whose changes have no effect
	timeout                          string         // creation timeout; empty: the provider's default
	onError                          []string       // hooks that run if it fails
	afterCreate, afterUpdate         []string       // hooks that run after creation or update
}

// engine replaces Pulumi's engine: it records each resource and answers like a cluster.
type engine struct {
	stack     string
	bare      bool // answers as in rendering: no cluster sets fields
	mu        sync.Mutex
	requested []registration // in order of registration
	fail      string         // token and name of the resource that fails, or token of the function that fails

	digestKey string         // value of the Stash of that name; empty: a constant
	stashes   *sync.Map      // values that Stashes keep between runs, by name; nil: each run is the first
	state     map[string]any // the stack's resources: type and outputs by URN
	chart     []any          // the objects of each chart
	rendered  []string       // the options with which charts were rendered
}

// Call answers for the engine, which knows the stack's state, and for the plugin that renders charts.
func (e *engine) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	switch args.Token {
	case "pulumi:pulumi:readStackResourceOutputs":
		return resource.NewPropertyMapFromMap(map[string]any{"name": args.Args["stackName"].StringValue(), "outputs": e.state}), nil
	case "kubernetes:helm:template":
		if e.fail == args.Token {
			return nil, fmt.Errorf("the chart has no values")
		}
		e.rendered = append(e.rendered, args.Args["jsonOpts"].StringValue())
		return resource.NewPropertyMapFromMap(map[string]any{"result": e.chart}), nil
	default:
		return nil, fmt.Errorf("the program calls %s", args.Token)
	}
}

func (e *engine) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	rpc := args.RegisterRPC
	r := registration{
		urn: e.urn(rpc.GetParent(), args.TypeToken, args.Name), typ: args.TypeToken, name: args.Name,
		parent: rpc.GetParent(), provider: args.Provider, dependencies: rpc.GetDependencies(),
		inputs: hide(args.Inputs), revealed: reveal(args.Inputs), ignored: rpc.GetIgnoreChanges(),
		timeout: rpc.GetCustomTimeouts().GetCreate(), onError: rpc.GetHooks().GetOnError(),
		afterCreate: rpc.GetHooks().GetAfterCreate(), afterUpdate: rpc.GetHooks().GetAfterUpdate(),
	}
	for _, property := range rpc.GetPropertyDependencies() {
		r.dependencies = append(r.dependencies, property.GetUrns()...)
	}
	e.mu.Lock()
	e.requested = append(e.requested, r)
	number := len(e.requested)
	e.mu.Unlock()
	if args.TypeToken+" "+args.Name == e.fail {
		// Pulumi's error contains the URN of the failed resource, which includes its parent components.
		return "", nil, fmt.Errorf("%s could not be created", r.urn)
	}
	return fmt.Sprintf("%s-id", args.Name), e.answer(args, number), nil
}

// answer adds the fields that a cluster, a builder or the state would set. MetalLB assigns the requested address.
func (e *engine) answer(args pulumi.MockResourceArgs, number int) resource.PropertyMap {
	out := args.Inputs.Copy()
	text, object := resource.NewProperty[string], resource.NewProperty[resource.PropertyMap]
	switch {
	case args.TypeToken == dockerImageType:
		out["repoDigest"] = text(strings.TrimSuffix(out["imageName"].StringValue(), ":latest") + "@" + digestOf(args.Name))
	case args.TypeToken == buildKitImageType:
		out["digest"] = text(digestOf(args.Name))
	case args.TypeToken == stashType:
		out["output"] = out["input"]
		if e.stashes != nil {
			first, _ := e.stashes.LoadOrStore(args.Name, out["input"])
			out["output"] = first.(resource.PropertyValue)
		}
		if args.Name == digestKey {
			out["output"] = resource.MakeSecret(text(cmp.Or(e.digestKey, "the-key-of-digests")))
		}
	case args.TypeToken == secretType && out["type"].IsString() && out["type"].StringValue() == "kubernetes.io/service-account-token":
		out["data"] = resource.MakeSecret(object(resource.PropertyMap{"token": text(base64.StdEncoding.EncodeToString([]byte("token-of-" + args.Name)))}))
	case args.TypeToken == serviceType && !e.bare:
		spec := out["spec"].ObjectValue().Copy()
		spec["clusterIP"] = text(clusterIP(args.Name))
		out["spec"] = object(spec)
		if spec["type"].StringValue() == "LoadBalancer" {
			ip := out["metadata"].ObjectValue()["annotations"].ObjectValue()["metallb.io/loadBalancerIPs"]
			out["status"] = object(resource.PropertyMap{"loadBalancer": object(resource.PropertyMap{
				"ingress": resource.NewProperty([]resource.PropertyValue{object(resource.PropertyMap{"ip": ip})}),
			})})
		}
	}
	if meta, ok := out["metadata"]; ok && strings.HasPrefix(args.TypeToken, "kubernetes:") && meta.IsObject() {
		named := meta.ObjectValue().Copy()
		if args.TypeToken == claimType {
			named["uid"] = text(claimUID(args.Name))
		}
		if _, given := named["name"]; !given { // Pulumi generates a name
			named["name"] = text(fmt.Sprintf("%s-%08x", args.Name, number))
		}
		out["metadata"] = object(named)
	}
	return out
}

// clusterIP returns the cluster IP of a Service.
func clusterIP(service string) string {
	return fmt.Sprintf("10.96.0.%d", sha256.Sum256([]byte(service))[0])
}

// claimUID is the UID of a claim.
func claimUID(claim string) string { return "uid-of-" + claim }

// digestOf returns the digest of a built image.
func digestOf(image string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(image))) }

func hide(inputs resource.PropertyMap) map[string]any {
	return inputs.MapRepl(nil, func(v resource.PropertyValue) (any, bool) {
		return hiddenValue, v.IsSecret()
	})
}

func reveal(inputs resource.PropertyMap) map[string]any {
	var inside func(v resource.PropertyValue) (any, bool)
	inside = func(v resource.PropertyValue) (any, bool) {
		if v.IsSecret() {
			return v.SecretValue().Element.MapRepl(nil, inside), true
		}
		return nil, false
	}
	return inputs.MapRepl(nil, inside)
}

func (e *engine) urn(parent, typ, name string) string {
	parentType := tokens.Type("")
	if p := resource.URN(parent); p != "" && p.QualifiedType() != resource.RootStackType {
		parentType = p.QualifiedType()
	}
	return string(resource.NewURN(tokens.QName(e.stack), "hankki", parentType, tokens.Type(typ), name))
}

// all returns the resources of a type; an empty type selects all.
func (e *engine) all(typ string) (found []registration) {
	for _, r := range e.requested {
		if typ == "" || r.typ == typ {
			found = append(found, r)
		}
	}
	return found
}

// one returns the resource with that type and name.
func (e *engine) one(t *testing.T, typ, name string) registration {
	t.Helper()
	i := slices.IndexFunc(e.requested, func(r registration) bool { return r.typ == typ && r.name == name })
	if i < 0 {
		t.Fatalf("no %s %q is registered", typ, name)
	}
	return e.requested[i]
}

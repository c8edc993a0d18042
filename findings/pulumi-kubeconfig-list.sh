#!/usr/bin/env bash
# pulumi-kubernetes 4.25.0 (Go SDK): a provider fails if KUBECONFIG is a list of files, which kubectl accepts.
#
# The SDK sets a provider's input kubeconfig to the variable KUBECONFIG if the program sets none. So a path of one machine gets
# into the shared state. The plugin reads the input as the path of one file, or else as the content of one
# (parseKubeconfigString in its code). A list of two files is neither. This script runs the SDK against Pulumi's mocks. It reads
# the input by clientcmd.Load of client-go 0.34.4, as the plugin reads a text that is not a path, and the variable by kubectl's
# rules, which the plugin follows without an input.
#
# Observed, with KUBECONFIG=home.yaml:shop.yaml:
#   kubectl's rules: 2 contexts
#   input of the provider: home.yaml:shop.yaml
#   read by the plugin: couldn't get version/kind; json parse error
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOWORK=off GOFLAGS=-mod=mod

for name in home shop; do
  cat >"$name.yaml" <<YAML
apiVersion: v1
kind: Config
contexts: [{name: $name, context: {cluster: $name, user: cook}}]
YAML
done
cat >main.go <<'GO'
package main

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/tools/clientcmd"
)

// engine takes the place of Pulumi's, and keeps the kubeconfig of the provider.
type engine struct{ kubeconfig string }

func (e *engine) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if value, ok := args.Inputs["kubeconfig"]; ok {
		e.kubeconfig = value.StringValue()
	}
	return args.Name, args.Inputs, nil
}

func (*engine) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) { return nil, nil }

func main() {
	config, err := clientcmd.NewDefaultClientConfigLoadingRules().Load()
	if err != nil {
		panic(err)
	}
	fmt.Println("kubectl's rules:", len(config.Contexts), "contexts")

	e := &engine{}
	if err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		_, err := kubernetes.NewProvider(ctx, "cluster", &kubernetes.ProviderArgs{Context: pulumi.String("shop")})
		return err
	}, pulumi.WithMocks("shop", "dev", e)); err != nil {
		panic(err)
	}
	fmt.Println("input of the provider:", e.kubeconfig)

	_, err = clientcmd.Load([]byte(e.kubeconfig))
	message, _, _ := strings.Cut(fmt.Sprint(err), ": json: ")
	fmt.Println("read by the plugin:", message)
}
GO
cat >go.mod <<'GO'
module finding

go 1.26

require (
	github.com/pulumi/pulumi-kubernetes/sdk/v4 v4.25.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
	k8s.io/client-go v0.34.4
)
GO
said=$(KUBECONFIG=home.yaml:shop.yaml go run .)
printf '%s\n' "$said"

[[ $said == "kubectl's rules: 2 contexts
input of the provider: home.yaml:shop.yaml
read by the plugin: couldn't get version/kind; json parse error" ]] || exit 1

// hankki puts a recipe site of three tiers on a Kubernetes cluster: Redis, a Flask API and a React front end, with
// MetalLB for their addresses. This file is the map of the program. site.Run (internal/site/run.go) takes these steps
// in this order; the first two change nothing, and report all errors at once:
//
//	load      reads and checks the configuration       internal/config, internal/certificate, internal/charts
//	guard     checks cluster, registry and builder     internal/preflight, internal/kubeconfig, internal/metallb
//	          keeps the stack to its own objects       internal/ownership, internal/state
//	wait      registers the waits for pods and LAN     internal/await, internal/reach
//	register  registers owner and cluster              internal/ownership, components/cluster.go
//	pushed    finds the last images in the registry    internal/registry
//	deploy    builds the images, makes the topology    internal/site/deploy.go, components, images
//
// The command hankki (cmd/hankki) is a program of its own. docs/architecture.md lists the imports that each package may have.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/site"
)

func main() { pulumi.Run(site.Run) }

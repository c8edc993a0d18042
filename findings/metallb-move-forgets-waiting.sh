#!/usr/bin/env bash
# MetalLB 0.15.2: a Service that waits for an address stays without it when the Service that has it moves to another one.
#
# When a Service is deleted, the controller reconciles all Services, because one may be waiting for the released address. When a
# Service requests another address and gets it, its previous address is released too, but the controller reconciles no other
# Service: a waiting Service gets the address only at its own next event. If two Services swap their addresses, one of them
# stays <pending>. This script runs the controller's own code without a cluster: it adds a file to a copy of the module. The first
# compilation takes minutes of CPU time.
#
# Observed:
#   shop asks for 10.0.0.3: has 10.0.0.3
#   blog asks for 10.0.0.3: waits
#   shop asks for 10.0.0.4: has 10.0.0.4
#   any other event of blog: has 10.0.0.3
#   wiki asks for 10.0.0.4: waits
#   shop is deleted: look at all Services again
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

module=$(GOWORK=off go mod download -json go.universe.tf/metallb@v0.15.2 | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
cp -r "$module" metallb
chmod -R u+w metallb
cd metallb
rm controller/*_test.go
cat >controller/finding_test.go <<'GO'
package main

import (
	"fmt"
	"net"
	"testing"

	"github.com/go-kit/log"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"go.universe.tf/metallb/internal/allocator"
	"go.universe.tf/metallb/internal/config"
	"go.universe.tf/metallb/internal/k8s/controllers"
)

// cluster keeps the address that the controller wrote last.
type cluster struct{ address string }

func (c *cluster) UpdateStatus(s *v1.Service) error {
	for _, ingress := range s.Status.LoadBalancer.Ingress {
		c.address = ingress.IP
	}
	return nil
}
func (*cluster) Infof(*v1.Service, string, string, ...any)  {}
func (*cluster) Errorf(*v1.Service, string, string, ...any) {}

func Test(*testing.T) {
	_, lan, _ := net.ParseCIDR("10.0.0.0/24")
	pools := map[string]*config.Pool{"lan": {Name: "lan", CIDR: []*net.IPNet{lan}}}
	state := &cluster{}
	c := &controller{client: state, ips: allocator.New(func(string) {})}
	c.SetPools(log.NewNopLogger(), &config.Pools{ByName: pools})

	event := func(what, name string, service *v1.Service) {
		state.address = ""
		told := c.SetBalancer(log.NewNopLogger(), name, service, nil)
		switch {
		case told == controllers.SyncStateReprocessAll:
			fmt.Printf("%s: look at all Services again\n", what)
		case state.address == "":
			fmt.Printf("%s: waits\n", what)
		default:
			fmt.Printf("%s: has %s\n", what, state.address)
		}
	}
	asking := func(wanted, now string) *v1.Service {
		s := &v1.Service{Spec: v1.ServiceSpec{Type: v1.ServiceTypeLoadBalancer, ClusterIP: "10.96.0.9", Ports: []v1.ServicePort{{Port: 80}}}}
		s.ObjectMeta = metav1.ObjectMeta{Annotations: map[string]string{AnnotationLoadBalancerIPs: wanted}}
		if now != "" {
			s.Status.LoadBalancer.Ingress = []v1.LoadBalancerIngress{{IP: now}}
		}
		return s
	}
	event("shop asks for 10.0.0.3", "shop", asking("10.0.0.3", ""))
	event("blog asks for 10.0.0.3", "blog", asking("10.0.0.3", ""))
	event("shop asks for 10.0.0.4", "shop", asking("10.0.0.4", "10.0.0.3"))
	event("any other event of blog", "blog", asking("10.0.0.3", ""))
	event("wiki asks for 10.0.0.4", "wiki", asking("10.0.0.4", ""))
	event("shop is deleted", "shop", nil)
}
GO
said=$(GOWORK=off GOFLAGS=-mod=mod go test -count=1 -v ./controller | grep ': ' | grep -v '^---')
printf '%s\n' "$said"

[[ $said == "shop asks for 10.0.0.3: has 10.0.0.3
blog asks for 10.0.0.3: waits
shop asks for 10.0.0.4: has 10.0.0.4
any other event of blog: has 10.0.0.3
wiki asks for 10.0.0.4: waits
shop is deleted: look at all Services again" ]] || exit 1

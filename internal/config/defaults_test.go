package config_test

import (
	"reflect"
	"testing"

	"hankki/internal/config"
)

func TestMirrorReplacesDockerHubInDefaultsOnly(t *testing.T) {
	c := load(t, valid().set("baseImages", map[string]any{
		"mirror": "mirror.example.com/hub",
		"node":   "docker.io/library/node:22.1.0",           // set: unchanged, although it names docker.io
		"nginx":  "docker.io/library/nginx:1.28.0-bookworm", // set: unchanged, although it is the official image
		"redis":  "example.com/docker.io/redis:7.0.1",       // set, from another registry
	}))
	want := config.BaseImages{
		Mirror:   "mirror.example.com/hub",
		Python:   "mirror.example.com/hub/library/python:3.11.11-slim-bookworm",
		Node:     "docker.io/library/node:22.1.0",
		Nginx:    "docker.io/library/nginx:1.28.0-bookworm",
		Redis:    "example.com/docker.io/redis:7.0.1",
		Postgres: "mirror.example.com/hub/library/postgres:15.12-bookworm",
		Rclone:   "mirror.example.com/hub/rclone/rclone:1.76.0",

		RedisExporter:    "mirror.example.com/hub/oliver006/redis_exporter:v1.82.0",
		NginxExporter:    "mirror.example.com/hub/nginx/nginx-prometheus-exporter:1.5.1",
		BlackboxExporter: "mirror.example.com/hub/prom/blackbox-exporter:v0.28.0",
	}
	if c.BaseImages != want {
		t.Errorf("base images are\n%+v, not\n%+v", c.BaseImages, want)
	}
}

func TestAllowedOriginDefaultsToFrontEnd(t *testing.T) {
	for _, c := range []struct {
		address string
		port    int
		want    string
	}{
		{"10.0.0.4", 80, "http://10.0.0.4"},
		{"10.0.0.4", 8080, "http://10.0.0.4:8080"},
		{"fd00::4", 80, "http://[fd00::4]"},
		{"fd00::4", 8080, "http://[fd00::4]:8080"},
	} {
		t.Run(c.want, func(t *testing.T) {
			s := valid().set("metallb.addresses", []any{"10.0.0.0/24", "fd00::/64"}).
				set("frontend.loadBalancerIP", c.address).set("frontend.port", c.port)
			if got := load(t, s).Backend.AllowedOrigin; got != c.want {
				t.Errorf("%s port %d gives the origin %s, not %s", c.address, c.port, got, c.want)
			}
		})
	}
	if got := load(t, valid().set("backend.allowedOrigin", "https://cook.example.com")).Backend.AllowedOrigin; got != "https://cook.example.com" {
		t.Errorf("a given origin became %s", got)
	}
}

func TestGivenObjectKeepsTheOtherDefaults(t *testing.T) {
	c := load(t, valid().set("metallb.chart.path", "charts/metallb").set("images.builder", "buildkit"))
	if want := (config.Chart{Repository: "https://metallb.github.io/metallb", Version: "0.15.2", Path: "charts/metallb"}); c.MetalLB.Chart != want {
		t.Errorf("the chart is %+v, not %+v", c.MetalLB.Chart, want)
	}
	if want := (config.Images{Builder: "buildkit", Instance: "hankki", Platform: "linux/amd64"}); c.Images != want {
		t.Errorf("images are %+v, not %+v", c.Images, want)
	}
}

// A list is one value: a list in the stack replaces the default list.
func TestGivenListReplacesTheDefault(t *testing.T) {
	c := load(t, valid().set("metallb.addresses", []any{"10.0.0.0/28", "10.0.1.1-10.0.1.9"}))
	if got := c.MetalLB.Addresses; len(got) != 2 || got[0] != "10.0.0.0/28" || got[1] != "10.0.1.1-10.0.1.9" {
		t.Errorf("addresses are %q", got)
	}
}

func TestEachBaseImageHasADefault(t *testing.T) {
	images := reflect.ValueOf(load(t, valid()).BaseImages)
	for i := range images.NumField() {
		if name := images.Type().Field(i).Name; name != "Mirror" && images.Field(i).String() == "" {
			t.Errorf("baseImages: %s has no default", name)
		}
	}
}

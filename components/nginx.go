package components

import corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"

// nginxResources are those of each Nginx. Measured memory: 2.7 MiB idle. All of its 4,096 connections (hankki.conf) with half a head of
// 32 KiB over TLS need 230 MiB, at 57 KiB each (connectionMemory.test.ts).
func nginxResources() corev1.ResourceRequirementsArgs { return resources("20m", "32Mi", "384Mi") }

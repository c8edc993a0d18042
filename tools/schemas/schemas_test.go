package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"hankki/internal/stacktest"
	"hankki/internal/testfile"
)

const swagger = `{"definitions": {
	"Pod": {"description": "prose", "type": "object",
		"properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "spec": {"$ref": "#/definitions/PodSpec"}},
		"x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Pod"}]},
	"PodSpec": {"type": "object", "required": ["port"], "properties": {
		"port": {"$ref": "#/definitions/IntOrString"},
		"memory": {"$ref": "#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity"},
		"labels": {"type": "object", "additionalProperties": {"type": "string"}},
		"properties": {"type": "array", "items": {"$ref": "#/definitions/PodSpec"}}}},
	"IntOrString": {"type": "string", "format": "int-or-string"},
	"io.k8s.apimachinery.pkg.api.resource.Quantity": {"type": "string"},
	"Job": {"type": "object", "properties": {"spec": {"$ref": "#/definitions/Job"}},
		"x-kubernetes-group-version-kind": [{"group": "batch", "version": "v1", "kind": "Job"}]},
	"DeleteOptions": {"type": "object", "properties": {}, "x-kubernetes-group-version-kind": [
		{"group": "", "version": "v1", "kind": "DeleteOptions"}, {"group": "batch", "version": "v1", "kind": "DeleteOptions"}]}
}}`

const crds = `
kind: CustomResourceDefinition
spec:
  group: metallb.io
  names: {kind: IPAddressPool}
  versions:
    - name: v1beta1
      schema: {openAPIV3Schema: {type: object, properties: {metadata: {type: object}, spec: {type: object, properties: {addresses: {type: array, items: {type: string}}}}}}}
    - name: v1
      schema: {openAPIV3Schema: {type: object, properties: {a: {type: string, nullable: true}, b: {x-kubernetes-int-or-string: true}, c: {type: object, properties: {}, x-kubernetes-preserve-unknown-fields: true}}}}
---
kind: CustomResourceDefinition
spec:
  group: metallb.io
  names: {kind: Community}
  versions: [{name: v1, schema: {openAPIV3Schema: {type: object, properties: {metadata: {type: object}}}}}]
`

func TestSchemas(t *testing.T) {
	folder := t.TempDir()
	if err := run(filepath.Join(folder, "out"), file(t, folder, "swagger.json", swagger), []string{file(t, folder, "crd.yaml", crds)}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		// A schema contains the definitions that it refers to and no others. A definition may refer to itself.
		"v1/pod_v1.json": `{"$ref":"#/definitions/Pod","definitions":{
			"IntOrString":{"anyOf":[{"type":"integer"},{"type":"string"}]},
			"Pod":{"additionalProperties":false,"properties":{"apiVersion":{"type":"string"},"kind":{"type":"string"},"spec":{"$ref":"#/definitions/PodSpec"}},"type":"object","x-kubernetes-group-version-kind":[{"group":"","kind":"Pod","version":"v1"}]},
			"PodSpec":{"additionalProperties":false,"properties":{
				"labels":{"additionalProperties":{"type":"string"},"type":"object"},
				"memory":{"$ref":"#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity"},
				"port":{"$ref":"#/definitions/IntOrString"},
				"properties":{"items":{"$ref":"#/definitions/PodSpec"},"type":"array"}},"required":["port"],"type":"object"},
			"io.k8s.apimachinery.pkg.api.resource.Quantity":{"anyOf":[{"type":"string"},{"type":"number"}]}}}`,
		"batch/job_v1.json": `{"$ref":"#/definitions/Job","definitions":{
			"Job":{"additionalProperties":false,"properties":{"spec":{"$ref":"#/definitions/Job"}},"type":"object","x-kubernetes-group-version-kind":[{"group":"batch","kind":"Job","version":"v1"}]}}}`,
		"metallb.io/ipaddresspool_v1beta1.json": `{"additionalProperties":false,"properties":{
			"metadata":{"type":"object"},
			"spec":{"additionalProperties":false,"properties":{"addresses":{"items":{"type":"string"},"type":"array"}},"type":"object"}},"type":"object"}`,
		"metallb.io/ipaddresspool_v1.json": `{"additionalProperties":false,"properties":{
			"a":{"nullable":true,"type":["string","null"]},
			"b":{"anyOf":[{"type":"integer"},{"type":"string"}],"x-kubernetes-int-or-string":true},
			"c":{"properties":{},"type":"object","x-kubernetes-preserve-unknown-fields":true}},"type":"object"}`,
		"metallb.io/community_v1.json": `{"additionalProperties":false,"properties":{"metadata":{"type":"object"}},"type":"object"}`,
	} {
		got, err := os.ReadFile(filepath.Join(folder, "out", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if string(got) != compact(t, want) {
			t.Errorf("%s is\n%s\nnot\n%s", name, got, compact(t, want))
		}
	}
	if left, err := filepath.Glob(filepath.Join(folder, "out", "*", "*")); err != nil || len(left) != 5 {
		t.Errorf("got other schemas than those of five kinds, or one of DeleteOptions, which is not a manifest: %v, %v", left, err)
	}
}

func TestSchemaErrors(t *testing.T) {
	for name, c := range map[string]struct{ swagger, crd, words string }{
		"no OpenAPI":           {"<html>", crds, "not an OpenAPI document"},
		"no definitions":       {"{}", crds, "describes no kind"},
		"a dangling reference": {`{"definitions": {"A": {"$ref": "#/definitions/B", "x-kubernetes-group-version-kind": [{"version": "v1", "kind": "A"}]}}}`, crds, `"#/definitions/B", which does not exist`},
		"another object":       {swagger, "kind: Service", "not a CustomResourceDefinition"},
		"no YAML":              {swagger, "{{ .Values }}: [", "not YAML"},
		"an empty file":        {swagger, "", "describes no kind"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			err := run(filepath.Join(folder, "out"), file(t, folder, "swagger.json", c.swagger), []string{file(t, folder, "crd.yaml", c.crd)})
			stacktest.CheckError(t, err, c.words, folder)
		})
	}
}

func file(t *testing.T, folder, name, content string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	testfile.Write(t, path, content)
	return path
}

// compact returns the JSON with sorted keys and without spaces, as the command writes it.
func compact(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	short, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(short)
}

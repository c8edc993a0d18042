package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"
)

// A definition has the fields of a CustomResourceDefinition that the schemas need.
type definition struct {
	Kind string
	Spec struct {
		Group    string
		Names    struct{ Kind string }
		Versions []struct {
			Name   string
			Schema struct {
				OpenAPIV3Schema schema `yaml:"openAPIV3Schema"`
			}
		}
	}
}

// fromCRD returns a schema for each version of the CustomResourceDefinitions in a YAML stream.
func fromCRD(data []byte) (map[kind]schema, error) {
	schemas := map[kind]schema{}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var crd definition
		err := decoder.Decode(&crd)
		if errors.Is(err, io.EOF) {
			return schemas, nil
		}
		if err != nil {
			return nil, fmt.Errorf("not YAML: %w", err)
		}
		if crd.Kind != "CustomResourceDefinition" {
			return nil, fmt.Errorf("it contains a %q, not a CustomResourceDefinition", crd.Kind)
		}
		for _, version := range crd.Spec.Versions {
			s := version.Schema.OpenAPIV3Schema
			tighten(s)
			schemas[kind{crd.Spec.Group + "/" + version.Name, crd.Spec.Names.Kind}] = s
		}
	}
}

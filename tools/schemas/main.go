// Command schemas converts the OpenAPI document of Kubernetes and CustomResourceDefinitions to the JSON schemas that kubeconform reads:
// OUT/<group>/<kind>_<version>.json. Each schema contains all definitions that it refers to and allows no other fields.
//
//	schemas OUT swagger.json [crd.yaml...]
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// A schema is one node of a JSON schema.
type schema = map[string]any

// A kind is the apiVersion and the kind of a manifest.
type kind struct{ apiVersion, name string }

// file is the path of the schema of k for kubeconform's -schema-location {{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json. The
// core API has its version in place of a group.
func (k kind) file() string {
	group, version, _ := strings.Cut(k.apiVersion, "/")
	if version == "" {
		version = group
	}
	return filepath.Join(group, strings.ToLower(k.name)+"_"+version+".json")
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: schemas OUT swagger.json [crd.yaml...]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "schemas:", err)
		os.Exit(1)
	}
}

func run(out, swagger string, crds []string) error {
	schemas := map[kind]schema{}
	if err := read(swagger, schemas, fromSwagger); err != nil {
		return err
	}
	for _, crd := range crds {
		if err := read(crd, schemas, fromCRD); err != nil {
			return err
		}
	}
	for k, s := range schemas {
		if err := write(filepath.Join(out, k.file()), s); err != nil {
			return err
		}
	}
	return nil
}

// read converts the file and adds the result to schemas.
func read(file string, schemas map[kind]schema, convert func([]byte) (map[kind]schema, error)) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	found, err := convert(data)
	if err == nil && len(found) == 0 {
		err = errors.New("it describes no kind")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	maps.Copy(schemas, found)
	return nil
}

func write(file string, s schema) error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

package config_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"hankki/internal/config"
	"hankki/internal/testfile"
)

type declaration struct {
	typ, description string
	value            any // default
}

// declared returns the keys of Pulumi.yaml.
func declared(t *testing.T) map[string]declaration {
	t.Helper()
	var file struct {
		Name   string
		Config map[string]any
	}
	if err := yaml.Unmarshal([]byte(testfile.Read(t, "../../Pulumi.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	if file.Name != config.Project {
		t.Fatalf("Pulumi.yaml names the project %q, the program %q", file.Name, config.Project)
	}
	keys := map[string]declaration{}
	for key, value := range file.Config {
		name, found := strings.CutPrefix(key, config.Project+":")
		fields, ok := value.(map[string]any)
		if !found || !ok {
			t.Fatalf("Pulumi.yaml: %s is not a declaration in the namespace %s", key, config.Project)
		}
		typ, _ := fields["type"].(string)
		description, _ := fields["description"].(string)
		keys[name] = declaration{typ, description, fields["default"]}
	}
	return keys
}

func TestProjectDeclaresWhatLoadReads(t *testing.T) {
	// With a registry user and certificates, Load reads all secrets.
	s := optional()
	load(t, s)
	var requested []string
	for key := range s.requested {
		requested = append(requested, strings.TrimPrefix(key, config.Project+":"))
	}
	slices.Sort(requested)
	want := slices.Concat(sorted(declared(t)), sorted(secrets), sorted(fallbacks), keysOfOptions)
	slices.Sort(want)
	if !slices.Equal(requested, want) {
		t.Errorf("Load reads      %v\nPulumi.yaml has %v (with the secrets)", requested, want)
	}
}

// Secrets cannot be declared, so the project's comment documents them.
func TestProjectDocumentsTheSecrets(t *testing.T) {
	text := testfile.Read(t, "../../Pulumi.yaml")
	var comments strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			comments.WriteString(line)
		}
	}
	for _, name := range slices.Concat(sorted(secrets), sorted(fallbacks), keysOfOptions, []string{"pulumi config set --secret"}) {
		if !strings.Contains(comments.String(), name) {
			t.Errorf("no comment of Pulumi.yaml names %s", name)
		}
	}
}

// Pulumi.yaml and the program both contain the defaults. A stack that leaves a key unset must get the same value from
// both.
func TestProjectDefaultsChangeNothing(t *testing.T) {
	s := valid()
	want := load(t, s)
	for name, d := range declared(t) {
		if d.value == nil {
			t.Errorf("%s has no default: Pulumi would reject a stack without it before the program lists all errors", name)
		}
		if _, given := s.values[name]; !given {
			s.set(name, d.value)
		}
	}
	if got := load(t, s); !reflect.DeepEqual(got, want) {
		t.Errorf("with the defaults of Pulumi.yaml the stack is\n%+v, without them\n%+v", got, want)
	}
}

// Each description lists the keys of an object. A declared type would make Pulumi reject a value of another type before
// Load can list it among all errors.
func TestProjectDescribesTheInsideOfObjects(t *testing.T) {
	for name, d := range declared(t) {
		fieldName := name
		if name == "secrets" { // Config.Secrets are the values
			fieldName = "References"
		}
		field, found := reflect.TypeFor[config.Config]().FieldByNameFunc(func(f string) bool { return strings.EqualFold(f, fieldName) })
		if !found {
			t.Errorf("config.Config has no field for %s", name)
			continue
		}
		if d.typ != "" {
			t.Errorf("%s is declared as %q: Pulumi would reject another type before the program lists all errors", name, d.typ)
		}
		for _, inner := range innerKeys(field.Type) {
			if !slices.Contains(strings.FieldsFunc(d.description, func(r rune) bool { return strings.ContainsRune(" ,:()", r) }), inner) {
				t.Errorf("the description of %s does not name %s: %s", name, inner, d.description)
			}
		}
	}
}

// innerKeys returns the keys of an object, including those of nested objects.
func innerKeys(typ reflect.Type) (keys []string) {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return nil
	}
	for _, field := range reflect.VisibleFields(typ) {
		if field.Anonymous {
			continue
		}
		keys = append(keys, field.Tag.Get("mapstructure"))
		keys = append(keys, innerKeys(field.Type)...)
	}
	return keys
}

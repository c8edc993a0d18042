package ownership

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hankki/internal/state"
)

// Plan is the objects that the program is about to apply, and those that the stack has.
type Plan struct {
	Objects map[Object]string // wanted objects with their API versions, without those whose name is not generated yet
	Has     map[Object]bool   // objects in the state
	moved   map[move][]Object // objects in the state that the program wants under another name or namespace
}

type move struct{ from, to Object } // kind and name empty: only the namespace differs

// Wanted is a resource that the program registers.
type Wanted struct {
	state.Key
	Inputs map[string]any
}

// NewPlan compares the program's resources with the state. Objects of charts have no Key.
func NewPlan(wanted []Wanted, has state.State) Plan {
	p := Plan{Objects: map[Object]string{}, Has: map[Object]bool{}, moved: map[move][]Object{}}
	ofCharts := map[Object]state.Resource{} // by kind and name
	for key, r := range has.Resources {
		object, _, ok := objectOf(r.Outputs)
		if !ok || !strings.HasPrefix(r.Type, "kubernetes:") {
			continue
		}
		p.Has[object] = true
		if strings.Contains(key.Type, chartChild) {
			ofCharts[Object{GroupKind: object.GroupKind, Name: object.Name}] = r
		}
	}
	for _, w := range wanted {
		was := has.Resources[w.Key]
		if object, _, ok := objectOf(w.Inputs); ok && w.Key == (state.Key{}) && object.Namespace != "" && !p.Has[object] {
			was = ofCharts[Object{GroupKind: object.GroupKind, Name: object.Name}]
		}
		p.add(w, was)
	}
	return p
}

// PlanOf returns the plan that keeps the stack's objects as they are.
func PlanOf(has state.State) Plan {
	p := Plan{Objects: map[Object]string{}, Has: map[Object]bool{}}
	for _, r := range has.Resources {
		if object, version, ok := objectOf(r.Outputs); ok && strings.HasPrefix(r.Type, "kubernetes:") {
			p.Objects[object], p.Has[object] = version, true
		}
	}
	return p
}

// chartChild is part of the types of a chart's objects. Their Pulumi names contain the namespace, so in another
// namespace they are other resources.
const chartChild = "kubernetes:helm.sh/v4:Chart$"

// Deletes reports whether the stack has objects that the program no longer registers. Objects of charts are ignored,
// because no pod of the stack uses them.
func Deletes(wanted []Wanted, has state.State) bool {
	kept := map[state.Key]bool{}
	for _, w := range wanted {
		kept[w.Key] = true
	}
	for key, r := range has.Resources {
		if strings.HasPrefix(r.Type, "kubernetes:") && !strings.Contains(key.Type, chartChild) && !kept[key] {
			return true
		}
	}
	return false
}

// CheckMoves rejects a change that would make the engine replace existing objects by objects with another namespace
// or name. Kubernetes can't move an object. The engine would create a second site beside the first, whose Services
// wait for the addresses of the first, and then delete the first site with its data.
func (p Plan) CheckMoves() error {
	if len(p.moved) == 0 {
		return nil
	}
	var lines []string
	for _, m := range slices.SortedFunc(maps.Keys(p.moved), func(a, b move) int {
		return cmp.Or(compare(a.from, b.from), cmp.Compare(a.from.Namespace, b.from.Namespace))
	}) {
		objects := p.moved[m]
		slices.SortFunc(objects, compare)
		if m.from.Kind == "" {
			names := make([]string, len(objects))
			for i, o := range objects {
				names[i] = o.Kind + " " + o.Name
			}
			lines = append(lines, fmt.Sprintf("namespace %s, now %s in the configuration: %s", m.from.Namespace, m.to.Namespace, strings.Join(names, ", ")))
		} else {
			lines = append(lines, fmt.Sprintf("%s, now %s in the configuration", m.from, m.to))
		}
	}
	return fmt.Errorf("this stack has objects that Kubernetes can't move or rename, and replacing them would delete the site and its data:\n  %s\n"+
		"  ways out: restore the key; or for hankki:namespace `make move STACK=… TO=…`, which moves the data; or for metallb.namespace\n"+
		"  `make destroy STACK=…` and `pulumi up`, which reuses the data", strings.Join(lines, "\n  "))
}

// add adds a wanted resource and its counterpart in the state; the zero Resource if it has none.
func (p Plan) add(w Wanted, has state.Resource) {
	object, version, fixed := objectOf(w.Inputs)
	was, wasVersion, known := objectOf(has.Outputs)
	switch {
	case fixed:
		p.Objects[object] = version
	case known:
		p.Objects[was] = wasVersion
	}
	switch {
	case !known || object.Kind == "":
	case was.Namespace != object.Namespace:
		m := move{from: Object{Namespace: was.Namespace}, to: Object{Namespace: object.Namespace}}
		p.moved[m] = append(p.moved[m], was)
	case fixed && was.Name != object.Name:
		m := move{from: was, to: object}
		p.moved[m] = append(p.moved[m], was)
	}
}

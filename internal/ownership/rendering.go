package ownership

import (
	"fmt"
	"strings"

	"hankki/internal/state"
)

// CheckRendering rejects render.directory on a stack whose objects are in a cluster, and a deployment of a stack
// whose objects are files. One state can't describe both: the engine would treat existing files as deployed objects,
// and the reverse.
func CheckRendering(directory string, has state.State) error {
	rendered, deployed := "", false
	for _, r := range has.Resources {
		switch {
		case r.Type == "pulumi:providers:kubernetes":
			rendered, _ = r.Outputs["renderYamlToDirectory"].(string)
		case strings.HasPrefix(r.Type, "kubernetes:"):
			deployed = true
		}
	}
	switch {
	case !deployed || (rendered == "") == (directory == ""):
		return nil
	case rendered == "":
		return fmt.Errorf("render.directory %q can't be set, because the objects of this stack are on a cluster: remove it; `make render` writes manifests without the stack's state", directory)
	default:
		return fmt.Errorf("render.directory can't be removed, because the objects of this stack are only files in %q: deploy a stack with another name, or empty this one with `pulumi destroy`", rendered)
	}
}

package staging

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"hankki/internal/config"
)

// Rendering makes a stack's program write manifests instead of using a cluster.
type Rendering struct {
	Directory string // of the manifests
	Charts    Charts
}

// withoutSecrets removes what needs the stack's secrets: they are not read. A secret in plain text is removed too.
func (r Rendering) withoutSecrets(stack *workspace.ProjectStack) {
	stack.SecretsProvider, stack.EncryptedKey, stack.EncryptionSalt = "", "", ""
	for key, value := range stack.Config {
		if value.Secure() || config.IsSecret(key.String()) {
			delete(stack.Config, key)
		}
	}
}

// merge sets the directory, and the charts that the stack installs. A chart that the stack configures is kept, so a chart
// repository is contacted only if the stack names one. Generated names have no random suffix, so that two renderings differ only
// where objects differ.
func (r Rendering) merge(stack *workspace.ProjectStack) error {
	if err := merge(stack, []string{"hankki:render.directory=" + r.Directory, "pulumi:autonaming.mode=verbatim"}); err != nil {
		return err
	}
	role, err := get(stack, roleKey)
	if err != nil || role == string(config.RoleSite) { // the platform's stack has the charts
		return err
	}
	installs, err := get(stack, metricsServer+".install")
	if err != nil {
		return err
	}
	for _, section := range slices.Sorted(maps.Keys(r.Charts)) {
		chart, err := get(stack, section+".chart")
		if err != nil {
			return err
		}
		if chart != "" || section == metricsServer && installs != "true" {
			continue
		}
		if err := set(stack, section+".chart.path", r.Charts[section]); err != nil {
			return err
		}
	}
	return nil
}

const (
	roleKey = config.Project + ":role"
	// metricsServer is the section of a chart that most stacks do not install.
	metricsServer = config.Project + ":metricsServer"
)

// Charts are the folders of Helm charts, by the section of the configuration, e.g. hankki:metallb.
type Charts map[string]string

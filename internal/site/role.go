package site

import (
	"fmt"
	"slices"
	"strings"

	"hankki/components"
	"hankki/internal/config"
	"hankki/internal/state"
)

// Types of components by role, with what a person calls them.
var (
	platformParts = map[string]string{
		components.MetalLBType: "MetalLB", components.MetricsServerType: "metrics-server", components.DeployersType: "the deployers of sites",
	}
	siteParts = map[string]string{
		components.RedisType: "Redis", components.PostgresType: "PostgreSQL", components.BackendType: "the API", components.FrontendType: "the front end",
		components.BackupType: "backups", components.MonitoringType: "monitoring", components.BlackboxExporterType: "monitoring", components.CertificateType: "the certificate",
	}
)

// checkRole rejects a role under which this update would delete the platform or the site of the stack.
func checkRole(role config.Role, has state.State) error {
	var other map[string]string
	switch role {
	case config.RolePlatform:
		other = siteParts
	case config.RoleSite:
		other = platformParts
	default:
		other = map[string]string{components.DeployersType: platformParts[components.DeployersType]}
	}
	var found []string
	for key, r := range has.Resources {
		if !strings.HasPrefix(r.Type, "kubernetes:") {
			continue
		}
		for part := range strings.SplitSeq(key.Type, "$") {
			if name := other[part]; name != "" && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.Sort(found)
	return fmt.Errorf("role %q: this stack has deployed %s, which this update would delete: restore hankki:role; "+
		"or split the stack without a deletion (docs/operations.md, Split a stack)", role, strings.Join(found, ", "))
}

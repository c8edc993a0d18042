package e2e

import (
	"maps"
	"testing"

	"hankki/e2e/change"
)

// pods returns the restarts of each running pod that is not terminating, by tier and name.
func (w *site) pods(t *testing.T) map[change.Tier]map[string]int {
	t.Helper()
	found := map[change.Tier]map[string]int{}
	for _, namespace := range []string{"hankki", "metallb-system"} {
		var list struct {
			Items []struct {
				Metadata struct {
					Name              string
					Labels            map[string]string
					DeletionTimestamp string
				}
				Status struct {
					Phase             string
					ContainerStatuses []struct{ RestartCount int }
				}
			}
		}
		w.l.get(t, &list, "pods", "-n", namespace)
		for _, pod := range list.Items {
			if pod.Metadata.DeletionTimestamp != "" || pod.Status.Phase != "Running" {
				continue
			}
			tier := change.Tier(pod.Metadata.Labels["app.kubernetes.io/name"])
			if found[tier] == nil {
				found[tier] = map[string]int{}
			}
			restarts := 0
			for _, container := range pod.Status.ContainerStatuses {
				restarts += container.RestartCount
			}
			found[tier][pod.Metadata.Name] = restarts
		}
	}
	return found
}

// replaced returns the tiers in which a pod was replaced or a container restarted. A tier that was only scaled is not included.
func replaced(before, after map[change.Tier]map[string]int) (tiers []change.Tier) {
	for tier, pods := range before {
		gone, again := 0, false
		for name, restarts := range pods {
			now, there := after[tier][name]
			if !there {
				gone++
			}
			again = again || there && now > restarts
		}
		if gone > 0 && len(after[tier]) >= len(pods) || again {
			tiers = append(tiers, tier)
		}
	}
	return tiers
}

func sameTiers(a, b []change.Tier) bool {
	set := func(tiers []change.Tier) map[change.Tier]bool {
		found := map[change.Tier]bool{}
		for _, tier := range tiers {
			found[tier] = true
		}
		return found
	}
	return maps.Equal(set(a), set(b))
}

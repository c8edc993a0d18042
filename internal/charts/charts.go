// Package charts stores the Helm charts that a stack installs in the user's cache folder. Each version of a chart is
// downloaded once; later previews and updates use the stored file without the repository.
package charts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"hankki/internal/config"
)

// timeout of one download: an index of some megabytes and an archive of some hundred kilobytes over a slow link.
const timeout = 30 * time.Second

// source is one chart of a stack.
type source struct {
	key   string        // configuration key, e.g. metallb.chart
	name  string        // in the repository
	chart *config.Chart // replaced by the stored file
}

// Fetch replaces the repository and version of each chart that the stack installs by the path of the stored archive,
// and downloads the archive first if it is not stored yet. Charts that have a path are not changed. The error lists
// every chart that can't be loaded, one per line.
func Fetch(ctx context.Context, c *config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	sources := sourcesOf(c)
	errs := make([]error, len(sources))
	var wg sync.WaitGroup
	for i, s := range sources {
		wg.Go(func() { errs[i] = s.localize(ctx) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func sourcesOf(c *config.Config) []source {
	var sources []source
	if c.MetalLB.Manage == config.ManageInstall {
		sources = append(sources, source{"metallb.chart", "metallb", &c.MetalLB.Chart})
	}
	if c.MetricsServer.Install {
		sources = append(sources, source{"metricsServer.chart", "metrics-server", &c.MetricsServer.Chart})
	}
	return sources
}

func (s source) localize(ctx context.Context) error {
	if s.chart.Path != "" {
		if _, err := os.Stat(s.chart.Path); err != nil && !strings.Contains(s.chart.Path, "://") {
			return fmt.Errorf("%s.path %q can't be read: %w; name the folder or the .tgz file of the chart %s", s.key, s.chart.Path, err, s.name)
		}
		return nil
	}
	if s.chart.Repository == "" || s.chart.Version == "" {
		return nil // reported by package config
	}
	path, err := s.fetch(ctx)
	if err != nil {
		return fmt.Errorf("%s: the chart %s, version %s, can't be fetched from %s: %w; correct %[1]s.repository and %[1]s.version, or set %[1]s.path to a folder or .tgz file with the chart",
			s.key, s.name, s.chart.Version, redacted(s.chart.Repository), err)
	}
	*s.chart = config.Chart{Path: path}
	return nil
}

// fetch returns the path of the stored archive. It downloads the archive if no intact one is stored.
func (s source) fetch(ctx context.Context) (string, error) {
	folder, err := folderOf(s.chart.Repository, s.name, s.chart.Version)
	if err != nil {
		return "", err
	}
	path, damaged := stored(folder)
	if path != "" {
		return path, nil
	}
	archive, err := download(ctx, s.chart.Repository, s.name, s.chart.Version)
	if err == nil {
		err = checkArchive(archive)
	}
	if err != nil && len(damaged) > 0 {
		return "", fmt.Errorf("%w (the stored file %s no longer matches the digest in its name)", err, strings.Join(damaged, ", "))
	}
	if err != nil {
		return "", err
	}
	return save(folder, archive, damaged)
}

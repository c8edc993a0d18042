package charts

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// extension of stored archives. The base name is the archive's SHA-256 digest in hexadecimal digits, so one rename
// publishes content and digest together.
const extension = ".tgz"

// folderOf returns the folder for one version of one chart: in HANKKI_CACHE if set, otherwise in hankki/ in the
// user's cache folder. It does not depend on the credentials in the repository's URL.
func folderOf(repository, name, version string) (string, error) {
	cache := os.Getenv("HANKKI_CACHE")
	if cache == "" {
		users, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no cache folder: %w; set HOME, XDG_CACHE_HOME or HANKKI_CACHE", err)
		}
		cache = filepath.Join(users, "hankki")
	}
	if u, err := url.Parse(repository); err == nil {
		u.User = nil
		repository = u.String()
	}
	origin := digestOf([]byte(strings.TrimSuffix(repository, "/")))[:12]
	folder, err := filepath.Abs(filepath.Join(cache, "charts", fmt.Sprintf("%s-%s-%s", name, url.PathEscape(version), origin)))
	if err != nil {
		return "", fmt.Errorf("cache folder %q: %w", cache, err)
	}
	return folder, nil
}

// stored returns the path of an intact archive, or an empty string, and the paths of archives that do not match their
// digest.
func stored(folder string) (path string, damaged []string) {
	files, _ := filepath.Glob(filepath.Join(folder, "*"+extension)) // the pattern is well-formed
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err == nil && digestOf(content)+extension == filepath.Base(file) {
			return file, nil
		}
		damaged = append(damaged, file)
	}
	return "", damaged
}

// save stores an archive under its digest and removes damaged ones. Concurrent processes may do the same: each writes
// its own temporary file and renames it, so readers see only complete content.
func save(folder string, archive []byte, damaged []string) (path string, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("the archive can't be stored: %w", err)
	}
	partial, err := os.CreateTemp(folder, "partial-*")
	if err != nil {
		return "", fmt.Errorf("the archive can't be stored: %w", err)
	}
	path = filepath.Join(folder, digestOf(archive)+extension)
	_, err = partial.Write(archive)
	if err = errors.Join(err, partial.Close()); err == nil {
		err = os.Rename(partial.Name(), path)
	}
	if err != nil {
		return "", fmt.Errorf("the archive can't be stored: %w", errors.Join(err, os.Remove(partial.Name())))
	}
	for _, file := range damaged {
		if file != path {
			_ = os.Remove(file) // unused; if it stays, it costs a few milliseconds per run
		}
	}
	return path, nil
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// checkArchive reads the whole archive, so that incomplete archives and other files are not stored. The digest alone
// is not enough: it is optional in an index.
func checkArchive(archive []byte) error {
	unpacked, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return fmt.Errorf("the response is not a .tgz archive: %w", err)
	}
	files, isChart := tar.NewReader(unpacked), false
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("the archive is damaged: %w", err)
		}
		_, file, _ := strings.Cut(strings.TrimPrefix(header.Name, "./"), "/")
		isChart = isChart || file == "Chart.yaml"
	}
	if !isChart {
		return errors.New("the archive has no Chart.yaml")
	}
	return nil
}

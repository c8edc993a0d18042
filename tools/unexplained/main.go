// Command unexplained reads what kube-score found and what is known not to be followed, and why. It fails on a finding
// that nobody has explained, and on an explanation that nothing needs any more.
//
//	unexplained exceptions.yaml report.json...
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: unexplained exceptions.yaml report.json...")
		os.Exit(2)
	}
	summary, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stdout, summary)
}

func run(exceptionsFile string, reports []string) (string, error) {
	exceptions, err := readExceptions(exceptionsFile)
	if err != nil {
		return "", err
	}
	var findings []finding
	objects, checks := 0, 0
	for _, file := range reports {
		r, err := readReport(file)
		if err != nil {
			return "", err
		}
		objects, checks, findings = objects+r.objects, checks+r.checks, append(findings, r.findings...)
	}
	if checks == 0 {
		return "", fmt.Errorf("no check ran on what stands in %s", strings.Join(reports, ", "))
	}
	if err := judge(exceptionsFile, exceptions, findings); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d checks of %d objects; %d findings, each explained by one of the %d exceptions in %s",
		checks, objects, len(findings), len(exceptions), exceptionsFile), nil
}

// judge holds each finding against the exceptions.
func judge(file string, exceptions []exception, findings []finding) error {
	var errs []error
	needed := make([]bool, len(exceptions))
	for _, f := range findings {
		explained := false
		for i, e := range exceptions {
			if e.explains(f) {
				explained, needed[i] = true, true
			}
		}
		if !explained {
			errs = append(errs, fmt.Errorf("%s: put it right, or say in %s why not", f, file))
		}
	}
	for i, e := range exceptions {
		if !needed[i] {
			errs = append(errs, fmt.Errorf("%s: %s of %s explains nothing: take it out", file, e.Check, strings.Join(e.Of, ", ")))
		}
	}
	return errors.Join(errs...)
}

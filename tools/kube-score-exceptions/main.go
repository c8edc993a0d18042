// Command kube-score-exceptions compares reports of kube-score with a list of accepted findings. It fails on a finding without an
// exception and on an exception without a finding.
//
//	kube-score-exceptions exceptions.yaml report.json...
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: kube-score-exceptions exceptions.yaml report.json...")
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
		return "", fmt.Errorf("kube-score ran no check on %s", strings.Join(reports, ", "))
	}
	if err := judge(exceptionsFile, exceptions, findings); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d checks of %d objects; %d findings, all accepted by the %d exceptions in %s",
		checks, objects, len(findings), len(exceptions), exceptionsFile), nil
}

// judge returns an error for each finding without an exception and each exception without a finding.
func judge(file string, exceptions []exception, findings []finding) error {
	var errs []error
	used := make([]bool, len(exceptions))
	for _, f := range findings {
		accepted := false
		for i, e := range exceptions {
			if e.matches(f) {
				accepted, used[i] = true, true
			}
		}
		if !accepted {
			errs = append(errs, fmt.Errorf("%s: fix it, or add an exception with a reason to %s", f, file))
		}
	}
	for i, e := range exceptions {
		if !used[i] {
			errs = append(errs, fmt.Errorf("%s: the exception %s of %s matches no finding: remove it", file, e.Check, strings.Join(e.Objects, ", ")))
		}
	}
	return errors.Join(errs...)
}

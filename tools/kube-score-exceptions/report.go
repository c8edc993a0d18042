package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// faultless is the best grade of kube-score.
const faultless = 10

// A finding is one remark of kube-score on one object.
type finding struct {
	object string // kind/namespace/name
	check  string
	remark string
	at     string // the container; empty for the whole object
}

func (f finding) String() string {
	at := f.object
	if f.at != "" {
		at += ", " + f.at
	}
	return fmt.Sprintf("%s: %s (%s)", at, f.remark, f.check)
}

// A report is the result of kube-score for the manifests of one stack.
type report struct {
	objects  int
	checks   int
	findings []finding
}

// score is an object in kube-score's JSON.
type score struct {
	Type struct {
		Kind string `json:"kind"`
	} `json:"type_meta"`
	Meta struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"object_meta"`
	Checks []struct {
		Check struct {
			ID string `json:"id"`
		} `json:"check"`
		Grade    int  `json:"grade"`
		Skipped  bool `json:"skipped"`
		Comments []struct {
			Path    string `json:"path"`
			Summary string `json:"summary"`
		} `json:"comments"`
	} `json:"checks"`
}

func readReport(file string) (report, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return report{}, err
	}
	var scores []score
	if err := json.Unmarshal(data, &scores); err != nil {
		return report{}, fmt.Errorf("%s is not a report of kube-score: %w", file, err)
	}
	r := report{objects: len(scores)}
	for _, s := range scores {
		object := s.Type.Kind + "/" + s.Meta.Namespace + "/" + s.Meta.Name
		for _, c := range s.Checks {
			if c.Skipped {
				continue
			}
			r.checks++
			if c.Grade >= faultless {
				continue
			}
			if len(c.Comments) == 0 {
				r.findings = append(r.findings, finding{object: object, check: c.Check.ID, remark: "fails"})
			}
			for _, comment := range c.Comments {
				r.findings = append(r.findings, finding{object, c.Check.ID, comment.Summary, comment.Path})
			}
		}
	}
	return r, nil
}

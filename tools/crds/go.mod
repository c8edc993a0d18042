// What the lab does not run, but our objects are of its kinds: its CustomResourceDefinitions are in this module.
module hankki/tools/crds

go 1.26.0

require github.com/prometheus-operator/prometheus-operator v0.85.0

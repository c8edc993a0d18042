# Adds the annotation config.kubernetes.io/depends-on to MetalLB's objects, so that Pulumi creates them in order: the controller
# after its CustomResourceDefinitions, without which it exits and is restarted with growing delays; the speakers after the
# controller, which creates the Secret that they mount.

{ line[NR] = $0 }
/^[A-Za-z]+:/ { part = $1 }
/^kind:/ { kind = $2 }
part == "metadata:" && /^  name:/ { name = $2 }
part == "metadata:" && /^  name:/ && kind == "CustomResourceDefinition" {
  kinds = kinds (kinds == "" ? "" : ",") "apiextensions.k8s.io/CustomResourceDefinition/" name
}
part == "metadata:" && /^  namespace:/ && kind == "Deployment" {
  gsub(/"/, "", $2)
  controller = "apps/namespaces/" $2 "/Deployment/" name
}

END {
  after["Deployment"] = kinds
  after["DaemonSet"] = controller
  for (i = 1; i <= NR; i++) {
    print line[i]
    if (line[i] ~ /^kind:/) {
      split(line[i], word, " ")
      kind = word[2]
    }
    if (line[i] == "metadata:" && after[kind] != "")
      print "  annotations: {config.kubernetes.io/depends-on: \"" after[kind] "\"}"
  }
}

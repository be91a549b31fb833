#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The manifests and the Dockerfile carry the names that clusters already use, and agree with each
other and with what was built.

    manifests_test.py BIN_DIR LIB_DIR
"""
import re
import subprocess
import sys
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DRAIN_MS, SHUTDOWN_GRACE_MS = 5000, 8000  # the contract's defaults
PROGRAMS = []  # set by main


def manifests(name):
    return list(yaml.safe_load_all((ROOT / "k8s" / name).read_text(encoding="utf-8")))


def one(kind):
    found = [manifest for path in sorted((ROOT / "k8s").glob("*.yaml"))
             for manifest in manifests(path.name) if manifest["kind"] == kind]
    assert len(found) == 1, f"{len(found)} of kind {kind}"
    return found[0]


def container():
    (only,) = one("Deployment")["spec"]["template"]["spec"]["containers"]
    return only


def environment():
    return {entry["name"]: entry for entry in container()["env"]}


def instructions():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^\s*#.*\n", "", text).replace("\\\n", " ")
    return [line.split(None, 1) for line in text.splitlines() if line.strip()]


def final_stage():
    every = instructions()
    start = max(i for i, (word, _) in enumerate(every) if word == "FROM")
    return every[start:]


class Manifests(unittest.TestCase):
    def test_everything_lives_in_the_agents_namespace_under_one_app_label(self):
        for path in sorted((ROOT / "k8s").iterdir()):
            for manifest in manifests(path.name):
                with self.subTest(file=path.name, kind=manifest["kind"]):
                    self.assertEqual(manifest["metadata"]["namespace"], "agents")
                    self.assertEqual(manifest["metadata"]["labels"]["app"],
                                     "pap-heartbeat-collector")

    def test_the_names_are_those_in_use(self):
        self.assertEqual(one("Deployment")["metadata"]["name"], "pap-heartbeat-collector")
        self.assertEqual(one("ServiceAccount")["metadata"]["name"], "pap-collector")
        self.assertEqual(one("ConfigMap")["metadata"]["name"], "pap-collector-config")
        self.assertEqual(set(one("ConfigMap")["data"]),
                         {"cluster-id", "cluster-name", "station-alert-url"})
        (secret,) = manifests("secret.yaml.example")
        self.assertEqual(secret["metadata"]["name"], "pap-collector-secrets")
        self.assertIn("station-alert-key", secret["stringData"])

    def test_a_folder_apply_does_not_overwrite_the_secret(self):
        kinds = {manifest["kind"] for path in (ROOT / "k8s").glob("*.y*ml")
                 for manifest in manifests(path.name)}
        self.assertNotIn("Secret", kinds)

    def test_the_services_lead_to_the_pod(self):
        labels = one("Deployment")["spec"]["template"]["metadata"]["labels"]
        ports = {port["name"]: port["containerPort"] for port in container()["ports"]}
        services = {service["metadata"]["name"]: service["spec"]
                    for service in manifests("service.yaml")}
        self.assertEqual(set(services), {"pap-collector", "pap-collector-headless"})
        self.assertEqual(services["pap-collector-headless"]["clusterIP"], "None")
        for spec in services.values():
            self.assertLessEqual(spec["selector"].items(), labels.items())
            (port,) = spec["ports"]
            self.assertEqual((port["port"], ports[port["targetPort"]]), (8080, 8080))

    def test_the_variables_come_from_the_config_map_and_the_secret(self):
        def source(name):
            (kind, reference), = environment()[name]["valueFrom"].items()
            return kind, reference["name"], reference["key"]
        config, secret = "pap-collector-config", "pap-collector-secrets"
        self.assertEqual(source("CLUSTER_ID"), ("configMapKeyRef", config, "cluster-id"))
        self.assertEqual(source("CLUSTER_NAME"), ("configMapKeyRef", config, "cluster-name"))
        self.assertEqual(source("STATION_ALERT_URL"),
                         ("configMapKeyRef", config, "station-alert-url"))
        self.assertEqual(source("STATION_ALERT_KEY"),
                         ("secretKeyRef", secret, "station-alert-key"))
        (example,) = manifests("secret.yaml.example")
        # Commented out is what would shut the door on agents that do not know the key.
        offered = re.findall(r"^ *# ([a-z-]+): \"", (ROOT / "k8s/secret.yaml.example").read_text(),
                             re.MULTILINE)
        keys = {"configMapKeyRef": one("ConfigMap")["data"],
                "secretKeyRef": [*example["stringData"], *offered]}
        for entry in environment().values():
            for kind, reference in entry.get("valueFrom", {}).items():
                self.assertIn(reference["key"], keys[kind])

    def test_only_one_collector_hears_an_agent(self):
        self.assertEqual(one("Deployment")["spec"]["replicas"], 1)

    def test_an_upgrade_leaves_no_gap_and_cuts_no_drain_short(self):
        spec = one("Deployment")["spec"]
        self.assertEqual(spec["strategy"]["type"], "RollingUpdate")
        self.assertEqual(spec["strategy"]["rollingUpdate"], {"maxSurge": 1, "maxUnavailable": 0})
        drain = int(environment().get("DRAIN_MS", {}).get("value", DRAIN_MS))
        grace = int(environment().get("SHUTDOWN_GRACE_MS", {}).get("value", SHUTDOWN_GRACE_MS))
        self.assertGreater(spec["template"]["spec"]["terminationGracePeriodSeconds"] * 1000,
                           drain + grace)

    def test_probes_and_resources(self):
        self.assertEqual(container()["readinessProbe"]["httpGet"]["path"], "/ready")
        self.assertEqual(container()["livenessProbe"]["httpGet"]["path"], "/health")
        self.assertEqual(container()["resources"],
                         {"requests": {"cpu": "50m", "memory": "64Mi"},
                          "limits": {"cpu": "200m", "memory": "256Mi"}})

    def test_the_pod_runs_as_the_user_of_the_image(self):
        context = one("Deployment")["spec"]["template"]["spec"]["securityContext"]
        self.assertTrue(context["runAsNonRoot"])
        (user,) = [value for word, value in final_stage() if word == "USER"]
        self.assertEqual(user, f"{context['runAsUser']}:{context['runAsGroup']}")
        self.assertEqual(context["runAsUser"], 1001)


class Image(unittest.TestCase):
    def test_it_is_what_docker_run_of_the_readme_expects(self):
        words = dict(final_stage())
        self.assertEqual(words["EXPOSE"], "8080")
        self.assertEqual(words["ENTRYPOINT"], '["collectord"]')
        self.assertIn('CMD ["collectord", "--healthcheck"]', words["HEALTHCHECK"])

    def test_it_brings_every_library_that_the_program_needs(self):
        out = subprocess.run(["readelf", "-d", *PROGRAMS], check=True, capture_output=True,
                             text=True).stdout
        needed = set(re.findall(r"NEEDED.*\[(.*)\]", out)) - {"libcollector.so.1"}
        self.assertIn("libssl.so.3", needed)
        installed = " ".join(value for word, value in final_stage() if word == "RUN").split()
        in_base = {"libc6", "libstdc++6", "libgcc-s1"}
        for library in sorted(needed):
            found = subprocess.run(["dpkg", "-S", f"*/{library}"], check=True,
                                   capture_output=True, text=True).stdout
            # One a line; a developer's machine may have it for other architectures, too.
            owners = {line.split(":", 1)[0] for line in found.splitlines()}
            with self.subTest(library=library):
                self.assertTrue(owners & (in_base | set(installed)), owners)


if __name__ == "__main__":
    bin_dir, lib_dir = sys.argv[1:3]
    PROGRAMS[:] = [f"{bin_dir}/collectord", f"{lib_dir}/libcollector.so"]
    unittest.main(argv=sys.argv[:1], verbosity=2)
